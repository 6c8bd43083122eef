from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions, queries
from zhengtong.domains.appointments.models import Appointment
from zhengtong.flows.appointment_notices import tell_officer, tell_person


@transaction.atomic
def cancel(appointment: Appointment, *, reason: str = "", seen: int | None, by: Acting, at: datetime) -> Appointment:
    """取消 by the person, or by the desk on their word."""
    cancelled = actions.cancel(appointment, reason=reason, seen=seen, by=by, at=at)
    tell_person("appointment.cancelled", cancelled, at=at)
    tell_officer("appointment.visit_off", cancelled, cancelled.officer, at=at)
    return cancelled


@transaction.atomic
def cancel_by_house(slot_ids: Sequence[int], reason: str, *, by: Acting, at: datetime) -> int:
    """The hall cannot keep these times: everybody booked is told why and may book anew. Returns how many."""
    booked = queries.booked_in(slot_ids)
    for appointment in booked:
        cancelled = actions.cancel(appointment, reason=reason, by_house=True, seen=None, by=by, at=at)
        tell_person("appointment.closed", cancelled, at=at, reason=reason)
        tell_officer("appointment.visit_off", cancelled, cancelled.officer, at=at)
    return len(booked)
