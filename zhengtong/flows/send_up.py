"""上报件: the first review goes to a higher organ; its result comes back (arts. 35, 43)."""

from datetime import date, datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.decisions import Decision, favourable_for


@transaction.atomic
def send_up(number: str, *, upper_organ: str, opinion: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.send_up(case, upper_organ=upper_organ, opinion=opinion, by=by, at=at)
    queue(*notice("case.sent_up", case, at=at, upper_organ=upper_organ))
    return case


@transaction.atomic
def result_back(
    number: str,
    *,
    grants: bool,
    opinion: str,
    valid_until: date | None = None,
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Case:
    case, edition, law = opened(number, seen, by)
    decision = favourable_for(edition.item_type) if grants else Decision.REFUSE
    actions.result_back(case, decision, opinion=opinion, valid_until=valid_until, law=law, by=by, at=at)
    queue(*notice("case.result_back", case, at=at, decision=decision.value))
    return case
