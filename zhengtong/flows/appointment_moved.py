from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import Appointment
from zhengtong.flows.appointment_notices import tell_officer, tell_person


@transaction.atomic
def move(appointment: Appointment, slot_id: int, *, seen: int | None, by: Acting, at: datetime) -> Appointment:
    """改期: another place for the old one; the same code, and the calendar entry follows. Who was to come knows it."""
    moved = actions.move(appointment, slot_id, seen=seen, by=by, at=at)
    tell_person("appointment.moved", moved, at=at)
    tell_officer("appointment.visit_moved", moved, moved.officer, at=at)
    return moved
