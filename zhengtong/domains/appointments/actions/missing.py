"""Nobody came: what is recorded, how the person objects, how the hall answers."""

from datetime import datetime

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.models import Appointment
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Status
from zhengtong.rules.text import require_text


def miss(appointment: Appointment, *, by: Acting, at: datetime) -> Appointment:
    """未到: by the worker, after the slot. The place is not given back: it was kept for nobody."""
    if appointment.state != Status.BOOKED.value:
        raise Refusal(RefusalCode.APPOINTMENT_WRONG_STATE, state=appointment.state)
    journal.commit(
        appointment, Event(Kind.APPOINTMENT_MISSED), by=by, at=at, state=Status.NO_SHOW.value, state_since=at
    )
    return appointment


def objected(appointment: Appointment, *, text: str, by: Acting, at: datetime) -> Appointment:
    """异议: why the person could not come, once. The text stays out of the journal."""
    if appointment.state != Status.NO_SHOW.value:
        raise Refusal(RefusalCode.APPOINTMENT_WRONG_STATE, state=appointment.state)
    if appointment.objected_at is not None:
        raise Refusal(RefusalCode.APPOINTMENT_OBJECTED)
    journal.commit(
        appointment, Event(Kind.APPOINTMENT_OBJECTED), by=by, at=at, objection=require_text(text, 500, "text"),
        objected_at=at,
    )  # fmt: skip
    return appointment


def answer(appointment: Appointment, *, excused: bool, text: str, by: Acting, at: datetime) -> Appointment:
    """The hall's answer. Excused, the no-show counts no more and a pause it brought ends at once.

    A clerk may excuse without an objection: the person may have told it at the desk or on the phone.
    """
    by.check(*queries.DESK)
    if appointment.state != Status.NO_SHOW.value or appointment.answered_at is not None:
        raise Refusal(RefusalCode.APPOINTMENT_WRONG_STATE, state=appointment.state)
    kind = Kind.APPOINTMENT_EXCUSED if excused else Kind.APPOINTMENT_UPHELD
    journal.commit(
        appointment, Event(kind), by=by, at=at, excused=excused, answer=require_text(text, 500, "text"),
        answered_at=at, answered_by_id=by.officer_id,
    )  # fmt: skip
    return appointment
