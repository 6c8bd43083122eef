from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions import check_in as record
from zhengtong.domains.appointments.actions.booking import check_arrival
from zhengtong.domains.hall.models import Ticket
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.queue import Priority, TicketChannel
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def check_in(code: str, *, hall_code: str = "", by: Acting, at: datetime) -> Ticket:
    """签到: whoever has an appointment gets a ticket that is called at its time.

    `hall_code` is where they stand, if that is known: a number of another hall would never be called to them here.
    """
    appointment = queries.coded(code)
    if hall_code and appointment.hall.code != hall_code:
        raise Refusal(RefusalCode.APPOINTMENT_OTHER_HALL, hall=appointment.hall.name)
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
