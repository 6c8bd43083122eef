"""Nobody came: recorded by the worker, said to the person with what it means, objected to, answered."""

from datetime import datetime, timedelta

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.appointments import actions, queries
from zhengtong.domains.appointments.models import Appointment
from zhengtong.flows.appointment_notices import tell_person
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode

QUICKER = (RefusalCode.STALE, RefusalCode.APPOINTMENT_WRONG_STATE)  # checked in or cancelled meanwhile


def sweep_missed(*, at: datetime, limit: int = 200) -> int:
    """Every hall appointment whose slot ended, and its grace with it. Run again at once it finds none."""
    grace = timedelta(minutes=current_law().value("appointment.grace.minutes", local_date(at)))
    found = queries.missed(at - grace, limit=limit)
    return sum(_missed(one, at) for one in found)


def _missed(appointment: Appointment, at: datetime) -> bool:
    try:
        with transaction.atomic():
            actions.miss(appointment, by=SYSTEM, at=at)
            paused = queries.pause(queries.Person(appointment.account_id, appointment.phone_hash), at)
            until = {"until": paused.until} if paused else {}
            tell_person("appointment.paused" if paused else "appointment.missed", appointment, at=at, **until)
    except Refusal as refusal:
        if refusal.code not in QUICKER:
            raise
        return False
    return True


@transaction.atomic
def object_to_miss(appointment: Appointment, *, text: str, by: Acting, at: datetime) -> Appointment:
    return actions.objected(appointment, text=text, by=by, at=at)


@transaction.atomic
def answer_objection(appointment: Appointment, *, excused: bool, text: str, by: Acting, at: datetime) -> Appointment:
    """The person reads the answer; excused, a pause it brought is over."""
    answered = actions.answer(appointment, excused=excused, text=text, by=by, at=at)
    tell_person("appointment.excused" if excused else "appointment.upheld", answered, at=at)
    return answered
