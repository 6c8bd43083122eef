"""特办 needs two people: one asks for it with a reason, the centre's head on duty grants it (domain-rules §2.8)."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import Case
from zhengtong.flows.opened import opened


@transaction.atomic
def ask_special(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.ask_special(case, reason=reason, by=by, at=at)
    return case


@transaction.atomic
def grant_special(number: str, *, days: int | None, seen: int | None, by: Acting, at: datetime) -> Case:
    """`days`: the house's own limit, at most half of the promise; the promise itself stays."""
    case, edition, law = opened(number, seen, by)
    actions.grant_special(case, edition, days=days, law=law, by=by, at=at)
    return case


@transaction.atomic
def decline_special(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.decline_special(case, reason=reason, by=by, at=at)
    return case


@transaction.atomic
def end_special(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, _ = opened(number, seen, by)
    actions.end_special(case, reason=reason, by=by, at=at)
    return case
