"""作废 needs two people: one finds the entry error, another agrees."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened


@transaction.atomic
def propose_void(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.propose_void(case, reason=reason, by=by, at=at)
    return case


@transaction.atomic
def decline_void(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.decline_void(case, reason=reason, by=by, at=at)
    return case


@transaction.atomic
def void(number: str, *, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.void(case, by=by, at=at)
    queue(*notice("case.voided", case, at=at, reason=case.void_reason))
    return case
