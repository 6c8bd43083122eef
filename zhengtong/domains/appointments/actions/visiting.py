"""上门服务: who goes, and what came of it."""

from datetime import datetime

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.models import Appointment
from zhengtong.domains.registry.models import Officer
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Place, Status
from zhengtong.rules.text import require_text


def assign(visit: Appointment, officer: Officer, *, by: Acting, at: datetime) -> Appointment:
    by.check(*queries.DESK)
    _check_open(visit)
    journal.commit(
        visit, Event(Kind.APPOINTMENT_ASSIGNED, {"officer": officer.staff_no}), by=by, at=at, officer_id=officer.pk
    )
    visit.officer = officer
    return visit


def visited(visit: Appointment, *, done: bool, outcome: str, by: Acting, at: datetime) -> Appointment:
    """By the officer who went, or by the desk. `done` False: what hindered it stands in the outcome."""
    _check_open(visit)
    if visit.officer_id is None:
        raise Refusal(RefusalCode.APPOINTMENT_NOT_ASSIGNED)
    if visit.officer_id not in by.principals():
        by.check(*queries.DESK)
    kind, state = (Kind.APPOINTMENT_VISITED, Status.DONE) if done else (Kind.APPOINTMENT_FAILED, Status.FAILED)
    journal.commit(
        visit, Event(kind), by=by, at=at, state=state.value, state_since=at,
        outcome=require_text(outcome, 500, "outcome"),
    )  # fmt: skip
    return visit


def _check_open(visit: Appointment) -> None:
    if visit.place != Place.HOME.value or visit.state != Status.BOOKED.value:
        raise Refusal(RefusalCode.APPOINTMENT_WRONG_STATE, state=visit.state)
