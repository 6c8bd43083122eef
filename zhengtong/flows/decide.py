from datetime import date, datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.decisions import Decision, favourable_for


@transaction.atomic
def decide(
    number: str,
    *,
    grants: bool,
    opinion: str,
    valid_until: date | None = None,
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Case:
    """批准: the decision, its numbered paper, and the message; certificate and publication join here when they come.

    `valid_until`: the last day of what is granted; without it the paper says 长期有效.
    """
    case, edition, law = opened(number, seen, by)
    decision = favourable_for(edition.item_type) if grants else Decision.REFUSE
    paper = actions.number_paper(case, "准" if grants else "不准", at=at)
    actions.decide(case, decision, opinion=opinion, valid_until=valid_until, paper=paper, law=law, by=by, at=at)
    content = contents.decision(case, edition, paper, decision, opinion=opinion, by=by, at=at)
    actions.issue_paper(case, content, by=by, at=at)
    queue(*notice("case.decided", case, at=at, decision=decision.value, delivery_due=case.due_on))
    return case
