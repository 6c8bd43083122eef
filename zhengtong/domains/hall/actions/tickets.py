"""Each step of a ticket: one guarded UPDATE and one journal entry. Two who press at once never call one ticket twice."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.keys import hidden_uuid
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.hall.actions.serials import next_serial
from zhengtong.domains.hall.models import Queue, Sitting, Ticket, Visit
from zhengtong.domains.hall.queries import (
    Estimate,
    has_revealed,
    open_ticket_of,
    served_by,
    served_last,
    serving,
    sitting_of,
    waiting_at,
    waiting_for,
)
from zhengtong.domains.registry.models import ServiceWindow
from zhengtong.rules import queue as rules
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.queue import Priority, TicketChannel, TicketState, TicketStep, check_ticket_step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line, require_line

CANDIDATES = 5  # looked at together; who loses the first to another window takes the next
_LONGEST_PAUSE = timedelta(minutes=3)  # between two visits, that still belongs to the work


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds the ticket, as far as they said."""

    phone: str = ""
    name: str = ""
    account_id: int | None = None
    language: str = ""


@transaction.atomic
def issue(
    queue: Queue,
    bearer: Bearer,
    told: Estimate,
    *,
    channel: TicketChannel,
    priority: Priority,
    head_starts: dict[str, int],
    appointment_key: str = "",
    by: Acting,
    at: datetime,
) -> Ticket:
    """取号. The estimate is kept with the ticket. One open ticket for a phone in a queue: Refusal(TICKET_OPEN)."""
    on = local_date(at)
    phone_hash = lookup_hash(bearer.phone)
    if (held := open_ticket_of(queue.pk, on, phone_hash)) is not None:
        raise Refusal(RefusalCode.TICKET_OPEN, label=held.label)
    serial = next_serial(f"{queue.hall.code}/{queue.code}/{on:%Y%m%d}")
    ticket = Ticket(
        key=hidden_uuid("ticket", queue.hall.code, queue.code, f"{on:%Y%m%d}", str(serial)),
        hall=queue.hall,
        queue=queue,
        on=on,
        serial=serial,
        label=rules.label(queue.letter, serial),
        channel=TicketChannel(channel).value,
        priority=Priority(priority).value,
        account_id=bearer.account_id,
        phone=bearer.phone,
        phone_hash=phone_hash,
        person_name=bearer.name,
        language=bearer.language,
        appointment_key=clean_line(appointment_key, 64, "appointment_key"),
        turn=rules.turn(at, priority, head_starts),
        taken_at=at,
        joined_at=at,
        ahead=told.ahead,
        announced_minutes=told.minutes,
        announced_low=told.low,
        announced_high=told.high,
    )
    try:
        with transaction.atomic():  # a savepoint: the constraint may say that another was quicker
            journal.insert(ticket, _event(Kind.TICKET_TAKEN, by, ahead=told.ahead or None), by=by, at=at)
    except IntegrityError:
        held = open_ticket_of(queue.pk, on, phone_hash)
        if held is None:
            raise
        raise Refusal(RefusalCode.TICKET_OPEN, label=held.label) from None
    return ticket


def call_first(window: ServiceWindow, *, by: Acting, at: datetime) -> Ticket | None:
    """叫号: the first in turn of the queues this window serves. None when nobody waits.

    The guarded UPDATE decides between windows that press at once: who comes second takes the next in line. Of two
    presses at one window the second is told which ticket is there (Refusal WINDOW_BUSY); a constraint sees to it.
    """
    by.check(Ability.CALL_TICKETS)
    if (there := serving(window.pk)) is not None:
        raise Refusal(RefusalCode.WINDOW_BUSY, label=there.label)
    while candidates := waiting_at(window.pk, local_date(at), CANDIDATES):
        for ticket in candidates:
            try:
                call_to(ticket, window, by=by, at=at)
            except Refusal as refusal:
                if refusal.code is not RefusalCode.STALE:
                    raise
                continue
            return ticket
    return None


def call_to(ticket: Ticket, window: ServiceWindow, *, by: Acting, at: datetime) -> None:
    """This one and no other, to this window. WINDOW_BUSY, STALE (another window was quicker)."""
    try:
        with transaction.atomic():
            _to_window(ticket, window, by=by, at=at)
    except IntegrityError:
        there = serving(window.pk)
        raise Refusal(RefusalCode.WINDOW_BUSY, label=there.label if there else "") from None


def _to_window(ticket: Ticket, window: ServiceWindow, *, by: Acting, at: datetime) -> None:
    move = check_ticket_step(TicketStep.CALL, ticket.state)
    journal.commit(
        ticket,
        _event(move.kind, by, window=window.number),
        by=by,
        at=at,
        where=Q(state=TicketState.WAITING.value),
        state=move.to.value,
        window_id=window.pk,
        officer_id=by.officer_id,
        calls=1,
        called_at=at,
        first_called_at=ticket.first_called_at or at,
        started_at=None,
    )


def recall(ticket: Ticket, *, law: Law, by: Acting, at: datetime) -> None:
    """重呼, a few times; then it must be passed over."""
    move = _at_own_window(ticket, TicketStep.RECALL, by)
    most = law.value("hall.recall.times", ticket.on)
    if ticket.calls > most:
        raise Refusal(RefusalCode.TICKET_CALLED_OFTEN, label=ticket.label, most=most)
    journal.commit(ticket, _event(move.kind, by), by=by, at=at, calls=ticket.calls + 1, called_at=at)


@transaction.atomic
def pass_over(ticket: Ticket, *, by: Acting, at: datetime) -> None:
    """过号: nobody came, or whoever came is gone again. By the window that called, or by the clock."""
    move = (
        check_ticket_step(TicketStep.PASS, ticket.state)
        if by.kind is ActorKind.SYSTEM
        else _at_own_window(ticket, TicketStep.PASS, by)
    )
    _visit(ticket, Visit.PASSED, at)
    journal.commit(ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, ended_at=at)


def put_back(ticket: Ticket, *, law: Law, line: Sequence[datetime], by: Acting, at: datetime) -> None:
    """过号重新签到: within the minutes given, behind the next few in line."""
    move = check_ticket_step(TicketStep.RETURN, ticket.state)
    minutes = law.value("hall.return.minutes", ticket.on)
    if local_date(at) != ticket.on:
        raise Refusal(RefusalCode.TICKET_OF_OTHER_DAY)
    if ticket.ended_at is None or at > ticket.ended_at + timedelta(minutes=minutes):
        raise Refusal(RefusalCode.TICKET_RETURN_LATE, minutes=minutes)
    try:
        with transaction.atomic():
            journal.commit(
                ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, window_id=None, officer_id=None,
                calls=0, ended_at=None, joined_at=at, near_told=False,
                turn=rules.returned_turn(line, law.value("hall.return.places", ticket.on), at),
            )  # fmt: skip
    except IntegrityError:
        held = open_ticket_of(ticket.queue_id, ticket.on, ticket.phone_hash)
        raise Refusal(RefusalCode.TICKET_OPEN, label=held.label if held else "") from None


@transaction.atomic
def transfer(
    ticket: Ticket, *, queue: Queue | None = None, window: ServiceWindow | None = None, by: Acting, at: datetime
) -> None:
    """转号 to another queue, to one window, or both. It keeps its place: its turn is as old as the ticket."""
    if by.can(Ability.KEEP_HALL):
        move = check_ticket_step(TicketStep.TRANSFER, ticket.state)
    else:
        move = _at_own_window(ticket, TicketStep.TRANSFER, by)
    if ticket.window_id is not None and ticket.state in rules.AT_WINDOW:
        _visit(ticket, Visit.TRANSFERRED, at)
    try:
        with transaction.atomic():
            journal.commit(
                ticket,
                _event(move.kind, by, queue=queue.code if queue else None, window=window.number if window else None),
                by=by, at=at, state=move.to.value, queue_id=(queue or ticket.queue).pk, window_id=None, officer_id=None,
                only_window_id=window.pk if window else None, calls=0, joined_at=at, near_told=False,
            )  # fmt: skip
    except IntegrityError:
        held = open_ticket_of((queue or ticket.queue).pk, ticket.on, ticket.phone_hash)
        raise Refusal(RefusalCode.TICKET_OPEN, label=held.label if held else "") from None


def pin(ticket: Ticket, *, reason: str, by: Acting, at: datetime) -> None:
    """置顶: before everybody, by whoever keeps the hall, with a reason that stays on file.

    What was said may speak of a person, so it stays out of the journal; that it was not changed can be shown.
    """
    by.check(Ability.KEEP_HALL)
    move = check_ticket_step(TicketStep.PIN, ticket.state)
    words = require_line(reason, 200, "reason")
    journal.commit(
        ticket,
        _event(move.kind, by, reason_hash=hashlib.sha256(words.encode()).hexdigest()),
        by=by,
        at=at,
        turn=rules.pinned_turn(at),
        pin_reason=words,
    )


def start(ticket: Ticket, *, by: Acting, at: datetime) -> None:
    """开始办理: the person sits at the window."""
    move = _at_own_window(ticket, TicketStep.START, by)
    journal.commit(ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, started_at=at)


@transaction.atomic
def reveal(*, item_code: str, by: Acting, at: datetime) -> None:
    """带入来访人信息: whose ticket this officer serves now, in clear, to take in an application for this item.

    One entry for a clerk and a ticket, however often the page is drawn again. Refusal(TICKET_NONE_SERVED).
    """
    ticket = served_by(by)
    if ticket is None:
        raise Refusal(RefusalCode.TICKET_NONE_SERVED)
    if not has_revealed(by, ticket):
        journal.commit(ticket, _event(Kind.TICKET_REVEALED, by, item=item_code), by=by, at=at)


@transaction.atomic
def serve(ticket: Ticket, *, case_no: str = "", by: Acting, at: datetime) -> None:
    """办结 at the window."""
    move = _at_own_window(ticket, TicketStep.SERVE, by)
    _visit(ticket, Visit.SERVED, at)
    journal.commit(
        ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, ended_at=at, case_no=case_no,
        started_at=ticket.started_at or ticket.called_at,
    )  # fmt: skip


@transaction.atomic
def reopen(ticket: Ticket, *, by: Acting, at: datetime) -> None:
    """办结 taken back where it was pressed, while nobody was served there since. TICKET_REOPEN_LATE, WINDOW_BUSY.

    The visit was not over: its row goes, and is written when it is.
    """
    move = _at_own_window(ticket, TicketStep.REOPEN, by)
    sitting = sitting_of(ticket.window_id or 0)
    last = served_last(sitting) if sitting is not None else None
    if last is None or last.pk != ticket.pk:
        raise Refusal(RefusalCode.TICKET_REOPEN_LATE, label=ticket.label)
    visit = Visit.objects.filter(ticket=ticket, window_id=ticket.window_id, outcome=Visit.SERVED).latest("pk")
    try:
        with transaction.atomic():
            journal.commit(ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, ended_at=None)
    except IntegrityError:
        _refuse_busy(ticket)
    visit.delete()


def _refuse_busy(ticket: Ticket) -> NoReturn:
    """Somebody else stands at the window, or the same phone has a new ticket in the queue by now."""
    if (there := serving(ticket.window_id or 0)) is not None:
        raise Refusal(RefusalCode.WINDOW_BUSY, label=there.label)
    held = open_ticket_of(ticket.queue_id, ticket.on, ticket.phone_hash)
    raise Refusal(RefusalCode.TICKET_OPEN, label=held.label if held else "")


def let_go(window_id: int, *, by: Acting, at: datetime) -> int:
    """Who was sent to this very window may go to any other of their queue again: it has closed. Returns how many."""
    sent = waiting_for(window_id, local_date(at))
    for ticket in sent:
        move = check_ticket_step(TicketStep.TRANSFER, ticket.state)
        event = _event(move.kind, by, queue=ticket.queue.code)
        journal.commit(ticket, event, by=by, at=at, only_window_id=None, near_told=False)
    return len(sent)


@transaction.atomic
def leave(ticket: Ticket, *, by: Acting, at: datetime) -> None:
    """退号: the person does not want to wait any longer."""
    move = check_ticket_step(TicketStep.LEAVE, ticket.state)
    if ticket.state == TicketState.CALLED:
        _visit(ticket, Visit.LEFT, at)
    journal.commit(ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, ended_at=at)


@transaction.atomic
def close(ticket: Ticket, *, by: Acting, at: datetime) -> None:
    """闭厅: what is left over when the day has ended. A visit that nobody ended was a service all the same, but how long
    it took is not known: it counts for no pace and no load."""
    served = ticket.state == TicketState.SERVING
    move = check_ticket_step(TicketStep.SERVE if served else TicketStep.CLOSE, ticket.state)
    if ticket.state in rules.AT_WINDOW:
        _visit(ticket, Visit.FORGOTTEN, ticket.started_at or ticket.called_at or at)
    journal.commit(ticket, _event(move.kind, by), by=by, at=at, state=move.to.value, ended_at=at)


def mark_near(ticket_ids: Sequence[int]) -> set[int]:
    """Those not yet told that their turn is near; of two who ask at once one is given each. Not an act of anybody."""
    return {pk for pk in ticket_ids if Ticket.objects.filter(pk=pk, near_told=False).update(near_told=True)}


def _at_own_window(ticket: Ticket, step: TicketStep, by: Acting) -> rules.TicketMove:
    by.check(Ability.CALL_TICKETS)
    move = check_ticket_step(step, ticket.state)
    sits = Sitting.objects.filter(window_id=ticket.window_id, officer_id__in=by.principals(), closed_at=None).exists()
    if not sits:
        raise Refusal(RefusalCode.TICKET_AT_OTHER_WINDOW, label=ticket.label)
    return move


def _visit(ticket: Ticket, outcome: str, at: datetime) -> None:
    """The stay at the window is over. It took the window up from the end of the one before, if this one already waited."""
    called, window_id = ticket.called_at or at, ticket.window_id or 0
    before = (
        Visit.objects.filter(hall_id=ticket.hall_id, on=ticket.on, window_id=window_id)
        .order_by("-id")
        .values_list("ended_at", flat=True)
        .first()
    )
    since = called
    if before is not None and ticket.joined_at <= before <= called <= before + _LONGEST_PAUSE:
        since = before
    Visit.objects.create(
        ticket=ticket,
        hall_id=ticket.hall_id,
        queue_id=ticket.queue_id,
        window_id=window_id,
        officer_id=ticket.officer_id,
        on=ticket.on,
        joined_at=ticket.joined_at,
        called_at=called,
        started_at=ticket.started_at,
        ended_at=at,
        outcome=outcome,
        seconds=max(round((at - since).total_seconds()), 0),
    )


def _event(kind: Kind, by: Acting, **facts: Any) -> Event:
    kept = {name: value for name, value in facts.items() if value not in (None, "")}
    return Event(kind, kept, by.posts[0].label if by.posts else "")
