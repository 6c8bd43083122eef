from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions import check_in as record
from zhengtong.domains.appointments.actions.booking import check_arrival
from zhengtong.domains.hall.models import Ticket
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.queue import Priority, TicketChannel


@transaction.atomic
def check_in(code: str, *, by: Acting, at: datetime) -> Ticket:
    """签到: whoever has an appointment gets a ticket that is called at its time."""
    appointment = queries.coded(code)
    check_arrival(appointment, at=at)
    ticket = take_ticket(
        appointment.hall.code,
        appointment.queue_code,
        channel=TicketChannel.APPOINTMENT.value,
        priority=Priority.APPOINTMENT.value,
        phone=appointment.phone,
        account_id=appointment.account_id,
        appointment_key=appointment.key,
        person_name=appointment.person_name,
        language=appointment.language,
        by=by,
        at=at,
    )
    record(appointment, ticket_key=str(ticket.key), by=by, at=at)
    return ticket
