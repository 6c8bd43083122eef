from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.actions import Booking
from zhengtong.domains.appointments.models import Appointment
from zhengtong.flows.appointment_notices import tell_person


@transaction.atomic
def book(slot_id: int, wanted: Booking, *, by: Acting, at: datetime) -> Appointment:
    """预约: a place is taken and the person has code and time in hand. Sent twice, it is one appointment."""
    appointment = actions.book(slot_id, wanted, by=by, at=at)
    tell_person("appointment.booked", appointment, at=at)
    return appointment
