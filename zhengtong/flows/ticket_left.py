"""Who gives up, who does not come, and what is left over in the evening."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.hall import actions, queries
from zhengtong.domains.hall.models import Sitting, Ticket
from zhengtong.flows.ticket_called import tell_passed
from zhengtong.flows.ticket_served import ask_how_it_was
from zhengtong.rules.clock import local_date
from zhengtong.rules.queue import TicketState
from zhengtong.rules.refusal import Refusal, RefusalCode

LIMIT = 200  # of one turn of the worker
T = TypeVar("T")


@transaction.atomic
def leave(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket:
    """退号, by the bearer."""
    ticket = queries.ticket_for(ticket_key)
    actions.leave(ticket, by=by, at=at)
    return ticket


def pass_unanswered(*, at: datetime) -> int:
    """自动过号: called minutes ago and nobody came. A duty of every minute; returns how many."""
    before = at - timedelta(minutes=current_law().value("hall.pass.minutes", local_date(at)))
    return sum(_settled(_pass, ticket, at) for ticket in queries.unanswered(before, limit=LIMIT))


def close_leftovers(*, at: datetime) -> int:
    """闭厅: tickets of an earlier day, or of today some hours after the last window closed. Returns how many."""
    closed = 0
    for hall_id, until in queries.halls_to_close(at, law=current_law()):
        closed += sum(_settled(_close, ticket, at) for ticket in queries.left_over(hall_id, until, limit=LIMIT))
        for sitting in queries.left_open(hall_id, until):
            _settled(_rise, sitting, at)
    return closed


def _pass(ticket: Ticket, at: datetime) -> None:
    actions.pass_over(ticket, by=SYSTEM, at=at)
    tell_passed(ticket, at=at)


def _close(ticket: Ticket, at: datetime) -> None:
    actions.close(ticket, by=SYSTEM, at=at)
    if ticket.state == TicketState.SERVED:
        ask_how_it_was(ticket, None, by=SYSTEM, at=at)


def _rise(sitting: Sitting, at: datetime) -> None:
    actions.close_left_open(sitting, by=SYSTEM, at=at)


def _settled(act: Callable[[T, datetime], None], left: T, at: datetime) -> bool:
    """False where a clerk came between: then there is nothing to do."""
    try:
        with transaction.atomic():
            act(left, at)
    except Refusal as refusal:
        if refusal.code not in (RefusalCode.STALE, RefusalCode.TICKET_WRONG_STATE):
            raise
        return False
    return True
