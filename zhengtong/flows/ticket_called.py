"""叫号: the next person is called to a window; called again, passed over, sent elsewhere, put first."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.hall import actions, queries
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode


def call_next(window_id: int, *, by: Acting, at: datetime) -> Ticket | None:
    """The first in line comes to this window; None when nobody waits. Whoever calls sits there: it opens with the call.

    Refusals: WINDOW_BUSY (somebody is still there), WINDOW_TAKEN, WINDOW_OF_OTHER_ORGAN, WINDOW_WITHOUT_QUEUE.
    """
    with transaction.atomic():
        window = registry.window_for(window_id)
        actions.seat(window, by=by, at=at)
        ticket = actions.call_first(window, by=by, at=at)
    if ticket is None:
        if not queries.queues_of_window(window_id):
            raise Refusal(RefusalCode.WINDOW_WITHOUT_QUEUE)
        return None
    # Only now: a window that told others while it still held its own ticket could wait for one that does the same.
    tell_near(window_id, at=at)
    return ticket


@transaction.atomic
def recall(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket:
    """重呼. TICKET_CALLED_OFTEN after as many times as the house allows: then pass it over."""
    ticket = queries.ticket_for(ticket_key)
    actions.recall(ticket, law=current_law(), by=by, at=at)
    return ticket


@transaction.atomic
def pass_over(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket:
    """过号; the person is told how to come back."""
    ticket = queries.ticket_for(ticket_key)
    actions.pass_over(ticket, by=by, at=at)
    tell_passed(ticket, at=at)
    return ticket


@transaction.atomic
def check_in_again(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket:
    """过号重新签到, at the desk, a machine or on one's own phone. TICKET_RETURN_LATE, TICKET_OF_OTHER_DAY."""
    ticket = queries.ticket_for(ticket_key)
    line = queries.turns(ticket.queue_id, ticket.on)
    actions.put_back(ticket, law=current_law(), line=line, by=by, at=at)
    return ticket


@transaction.atomic
def call_back(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket:
    """Passed over a moment ago, and there they are: straight to the window that passed them over, before the line.

    WINDOW_BUSY, TICKET_RETURN_LATE, TICKET_AT_OTHER_WINDOW.
    """
    ticket = queries.ticket_for(ticket_key)
    window = queries.own_window(by)
    if window is None or ticket.window_id != window.pk:
        raise Refusal(RefusalCode.TICKET_AT_OTHER_WINDOW, label=ticket.label)
    actions.seat(window, by=by, at=at)
    actions.put_back(ticket, law=current_law(), line=(), by=by, at=at)
    actions.call_to(ticket, window, by=by, at=at)
    return ticket


@transaction.atomic
def transfer(
    ticket_key: UUID | str, *, queue_code: str = "", window_id: int | None = None, by: Acting, at: datetime
) -> Ticket:
    """转到别的业务或窗口. It keeps its place in line."""
    ticket = queries.ticket_for(ticket_key)
    queue = queries.queue_by_code(ticket.hall.code, queue_code) if queue_code else None
    window = registry.window_for(window_id) if window_id is not None else None
    if queue is None and window is None:
        raise Refusal(RefusalCode.QUEUE_UNKNOWN)
    if window is not None and window.hall_id != ticket.hall_id:
        raise Refusal(RefusalCode.NOT_FOUND)
    if queue is not None and not queue.active:
        raise Refusal(RefusalCode.QUEUE_SHUT, queue=queue.name)
    actions.transfer(ticket, queue=queue, window=window, by=by, at=at)
    return queries.ticket_for(ticket_key)


@transaction.atomic
def pin(ticket_key: UUID | str, *, reason: str, by: Acting, at: datetime) -> Ticket:
    """置顶, by the manager, with a reason."""
    ticket = queries.ticket_for(ticket_key)
    actions.pin(ticket, reason=reason, by=by, at=at)
    return ticket


@transaction.atomic
def tell_near(window_id: int, *, at: datetime) -> int:
    """Those who have only a few before them are told, once each. Returns how many."""
    on = local_date(at)
    places = current_law().value("hall.near.places", on)
    near = [one for one in queries.waiting_at(window_id, on, places + 1) if not one.near_told and _reachable(one)]
    if not near:
        return 0
    mine = actions.mark_near(sorted(one.pk for one in near))
    for ticket in near:
        if ticket.pk in mine:
            _tell("ticket.near", ticket, {"ahead": queries.place_of(ticket)}, at=at)
    return len(mine)


def tell_passed(ticket: Ticket, *, at: datetime) -> None:
    if _reachable(ticket):
        minutes = current_law().value("hall.return.minutes", ticket.on)
        _tell("ticket.passed", ticket, {"minutes": minutes, "n": ticket.version}, at=at)


def _reachable(ticket: Ticket) -> bool:
    return ticket.account_id is not None or bool(ticket.phone)


def _tell(kind: str, ticket: Ticket, facts: dict[str, object], *, at: datetime) -> None:
    told = {
        "label": ticket.label,
        "queue": ticket.queue.name,
        "queue_en": ticket.queue.name_en,
        "path": f"/hall/tickets/{ticket.key}/",
        **facts,
    }
    number = told.pop("n", "")
    tell(
        kind,
        key=f"{kind}:{ticket.key}:{number}",
        to=Recipient(account_id=ticket.account_id, phone=ticket.phone, language=ticket.language),
        subject=("ticket", str(ticket.key)),
        facts=told,
        at=at,
    )
