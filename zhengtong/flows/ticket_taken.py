"""取号: somebody joins a line, is told how long it will take, and what was told is kept to be measured."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.hall import actions, queries
from zhengtong.domains.hall.actions import Bearer
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.hall.queries.waiting import head_starts
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.queue import Priority, TicketChannel
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line


@transaction.atomic
def take_ticket(
    hall_code: str,
    queue_code: str,
    *,
    channel: str,
    priority: str = "",
    phone: str = "",
    account_id: int | None = None,
    appointment_key: str = "",
    person_name: str = "",
    language: str = "",
    by: Acting,
    at: datetime,
) -> Ticket:
    """A ticket with its number, place and estimate.

    Refusals: QUEUE_UNKNOWN, QUEUE_SHUT, HALL_SHUT, HALL_SHUT_TODAY, TICKET_OPEN (one for a phone in a queue), CODE_MOBILE_FORM.
    """
    way, precedence = TicketChannel(channel), Priority(priority)
    if way is TicketChannel.DESK:
        by.check(Ability.BOOK, Ability.KEEP_HALL)
    if precedence is Priority.GREEN:  # 绿色通道 is granted by the house, never claimed at a machine (domain-rules §2.7)
        by.check(Ability.BOOK, Ability.KEEP_HALL)
    if precedence is Priority.APPOINTMENT and not appointment_key:
        raise Refusal(RefusalCode.FORM_CHOICE, field="priority", value=priority)
    law = current_law()
    offered = queries.queues(hall_code)
    queue = next((one for one in offered if one.code == queue_code), None)
    if queue is None:
        raise Refusal(RefusalCode.QUEUE_SHUT, queue=queries.queue_by_code(hall_code, queue_code).name)
    now = queries.scene(hall_code, at, law=law, known=offered)
    if not now.hours.hall:
        raise Refusal(RefusalCode.HALL_SHUT_TODAY)
    if not now.gives_tickets:
        raise Refusal(RefusalCode.HALL_SHUT, hours=now.hours.written)
    bearer = Bearer(
        phone=check_mobile(phone) if phone else "",
        name=clean_line(person_name, 60, "person_name"),
        account_id=account_id,
        language=language,
    )
    return actions.issue(
        queue,
        bearer,
        now.for_newcomer(queue.pk, precedence),
        channel=way,
        priority=precedence,
        head_starts=head_starts(law, at),
        appointment_key=appointment_key,
        by=by,
        at=at,
    )
