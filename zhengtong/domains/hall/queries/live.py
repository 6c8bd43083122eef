"""The hall as it stands: who is called where, who waits, whose turn a ticket is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from zhengtong.base.journal.models import Entry
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.hall.models import Queue, Sitting, Ticket
from zhengtong.domains.hall.queries.waiting import Estimate, scene
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Hall, ServiceWindow
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.queue import AT_WINDOW, OPEN, TicketState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

RECENT_CALLS = 12
CALLS_SHOWN = timedelta(minutes=30)


def tickets() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("hall", "queue", "window", "only_window", "officer")


def ticket_for(key: UUID | str) -> Ticket:
    """By its key, which only its bearer and the house know. Refusal(TICKET_UNKNOWN)."""
    try:
        wanted = key if isinstance(key, UUID) else UUID(str(key))
    except ValueError:
        raise Refusal(RefusalCode.TICKET_UNKNOWN) from None
    ticket = tickets().filter(key=wanted).first()
    if ticket is None:
        raise Refusal(RefusalCode.TICKET_UNKNOWN)
    return ticket


def ticket_by_label(hall_code: str, on: date, label: str) -> Ticket:
    """A number of today as a person says it at the desk."""
    ticket = tickets().filter(hall__code=hall_code, on=on, label=label.strip().upper()).first()
    if ticket is None:
        raise Refusal(RefusalCode.TICKET_UNKNOWN)
    return ticket


def serving(window_id: int) -> Ticket | None:
    """The ticket at a window, called or being served."""
    return tickets().filter(window_id=window_id, state__in=AT_WINDOW).first()


def waiting_at(window_id: int, on: date, limit: int | None = None) -> list[Ticket]:
    """Whom this window would call, in turn."""
    rows = (
        Ticket.objects.select_related("queue", "only_window")
        .filter(_callable(window_id), on=on, state=TicketState.WAITING)
        .order_by("turn", "id")
    )
    return list(rows if limit is None else rows[:limit])


def waiting_for(window_id: int, on: date) -> list[Ticket]:
    """Those sent to this very window, whom no other calls."""
    rows = tickets().filter(only_window_id=window_id, on=on, state=TicketState.WAITING)
    return list(rows.order_by("turn", "id"))


def passed_at(window_id: int, since: datetime) -> list[Ticket]:
    """Passed over at this window and still free to come back, the last first."""
    rows = tickets().filter(window_id=window_id, on=local_date(since), state=TicketState.PASSED, ended_at__gte=since)
    return list(rows.order_by("-ended_at", "-id"))


def open_elsewhere(window_id: int) -> bool:
    """Whether another window that is open serves a queue of this one."""
    return (
        Sitting.objects.filter(closed_at=None, window__queues__windows=window_id).exclude(window_id=window_id).exists()
    )


def _callable(window_id: int) -> Q:
    """Tickets sent to this very window, and those of its queues that were not sent to another."""
    served = Queue.windows.through.objects.filter(servicewindow_id=window_id, queue_id=OuterRef("queue_id"))
    return Q(only_window_id=window_id) | (Q(only_window__isnull=True) & Q(Exists(served)))


def waiting_counts(on: date) -> dict[str, int]:
    """People waiting, by hall code: one query, for a line on a front page."""
    counted = (
        Ticket.objects.filter(on=on, state=TicketState.WAITING)
        .values("hall__code")
        .annotate(n=Count("id"))
        .values_list("hall__code", "n")
    )
    return dict(counted)


def place_of(ticket: Ticket) -> int:
    """How many of its queue are called before it."""
    mine = Q(turn__lt=ticket.turn) | Q(turn=ticket.turn, pk__lt=ticket.pk)
    return Ticket.objects.filter(mine, queue_id=ticket.queue_id, on=ticket.on, state=TicketState.WAITING).count()


def turns(queue_id: int, on: date) -> list[datetime]:
    """Where the waiting of a queue stand, first to be called first."""
    rows = Ticket.objects.filter(queue_id=queue_id, on=on, state=TicketState.WAITING).order_by("turn", "id")
    return list(rows.values_list("turn", flat=True))


def open_ticket_of(queue_id: int, on: date, phone_hash: str) -> Ticket | None:
    """The one ticket a phone may hold in a queue."""
    if not phone_hash:
        return None
    return tickets().filter(queue_id=queue_id, on=on, phone_hash=phone_hash, state__in=OPEN).first()


def my_tickets(by: Acting, on: date) -> list[Ticket]:
    """The signed-in person's tickets of the day, newest first."""
    if by.kind is not ActorKind.APPLICANT or by.id is None:
        return []
    return list(tickets().filter(account_id=by.id, on=on).order_by("-id"))


def sitting_of(window_id: int) -> Sitting | None:
    """Who sits at a window now."""
    return (
        Sitting.objects.select_related("officer", "window", "hall").filter(window_id=window_id, closed_at=None).first()
    )


def back_of(window_id: int, at: datetime) -> datetime | None:
    """When a window that was closed for a while opens again; None when nobody said so, or the moment has passed."""
    latest = Sitting.objects.filter(window_id=window_id, on=local_date(at)).order_by("-id").first()
    if latest is None or latest.closed_at is None or latest.back_at is None or latest.back_at <= at:
        return None
    return latest.back_at


def sittings_open(hall_id: int) -> dict[int, Sitting]:
    """By window."""
    rows = Sitting.objects.select_related("officer").filter(hall_id=hall_id, closed_at=None)
    return {sitting.window_id: sitting for sitting in rows}


@dataclass(frozen=True, slots=True)
class BoardWindow:
    """A window on the board: its number, the ticket it shows, and that ticket's state. `open`: somebody sits there."""

    window: ServiceWindow
    label: str
    state: str  # TicketState, or "" when nobody is called
    open: bool
    calls: int
    called_at: datetime | None
    queue: str
    queue_en: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the last minutes, for voice and scrolling text. `times` grows when it is called again."""

    label: str
    window: str  # its number
    window_id: int
    at: datetime
    times: int
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One queue as it stands. `estimate` is what somebody who came now would be told."""

    queue: Queue
    waiting: int
    estimate: Estimate
    open_windows: int


@dataclass(frozen=True, slots=True)
class Board:
    hall: Hall
    at: datetime
    windows: Sequence[BoardWindow]
    calls: Sequence[Call]
    lines: Sequence[Line]
    next_up: Sequence[str]  # labels of those called soonest
    hours: str  # "09:00-12:00 13:00-17:00", empty when shut today
    note: str
    note_en: str
    is_open: bool
    mark: str

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)


def mark(hall_code: str, on: date) -> str:
    """Changes whenever a ticket or a window of the hall does: what a screen asks before it asks for the board. One query."""
    of_tickets = Ticket.objects.filter(hall=OuterRef("pk"), on=on).values("hall")
    of_sittings = Sitting.objects.filter(hall=OuterRef("pk"), on=on).values("hall")
    found = (
        Hall.objects.filter(code=hall_code)
        .annotate(
            acts=Coalesce(Subquery(of_tickets.annotate(n=Sum("version")).values("n")), 0),
            sat=Coalesce(Subquery(of_sittings.annotate(n=Count("id")).values("n")), 0),
            rose=Coalesce(Subquery(of_sittings.annotate(n=Count("closed_at")).values("n")), 0),
        )
        .values_list("acts", "sat", "rose")
        .first()
    )
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return f"{on:%Y%m%d}.{'.'.join(map(str, found))}"


def board(hall_code: str, at: datetime) -> Board:
    """All that the screens of a hall show, of one moment. A dozen queries, whatever the number of people."""
    on = local_date(at)
    hall = registry.hall_for(hall_code)
    seen = mark(hall_code, on)
    known = scene(hall_code, at)
    open_now = sittings_open(hall.pk)
    active = list(
        Ticket.objects.select_related("queue")
        .filter(hall=hall, on=on, window__isnull=False)
        .filter(Q(state__in=AT_WINDOW) | Q(called_at__gt=at - CALLS_SHOWN))
        .order_by("-called_at", "-id")
    )
    at_window = {ticket.window_id: ticket for ticket in active if ticket.state in AT_WINDOW}
    windows = [_shown(window, at_window.get(window.pk), window.pk in open_now) for window in windows_of(hall.pk)]
    numbers = {one.window.pk: one.window.number for one in windows}
    return Board(
        hall=hall,
        at=at,
        windows=windows,
        calls=[
            Call(
                one.label, numbers.get(one.window_id or 0, ""), one.window_id or 0, one.called_at, one.calls, one.state
            )
            for one in active[:RECENT_CALLS]
            if one.called_at is not None
        ],
        lines=[
            Line(
                queue,
                known.waiting(queue.pk),
                known.for_newcomer(queue.pk),
                sum(1 for window in queue.windows.all() if window.pk in open_now),
            )
            for queue in known.queues
        ],
        next_up=_next_up(hall.pk, on),
        hours=known.hours.written,
        note=known.hours.note,
        note_en=known.hours.note_en,
        is_open=known.hours.is_open(at),
        mark=seen,
    )


def windows_of(hall_id: int) -> list[ServiceWindow]:
    """By number as people count: 2 before 10."""
    rows = ServiceWindow.objects.select_related("organ").filter(hall_id=hall_id)
    return sorted(rows, key=lambda window: (len(window.number), window.number))


def _shown(window: ServiceWindow, ticket: Ticket | None, is_open: bool) -> BoardWindow:
    if ticket is None:
        return BoardWindow(window, "", "", is_open, 0, None, "", "")
    return BoardWindow(
        window, ticket.label, ticket.state, is_open, ticket.calls, ticket.called_at, ticket.queue.name,
        ticket.queue.name_en,
    )  # fmt: skip


def _next_up(hall_id: int, on: date, limit: int = 6) -> list[str]:
    rows = Ticket.objects.filter(hall_id=hall_id, on=on, state=TicketState.WAITING).order_by("turn", "id")
    return list(rows.values_list("label", flat=True)[:limit])


def own_window(by: Acting) -> ServiceWindow | None:
    """Where the officer sits now, else the window that is theirs."""
    sitting = (
        Sitting.objects.select_related("window__hall", "window__organ")
        .filter(officer_id=by.officer_id, closed_at=None)
        .first()
    )
    if sitting is not None:
        return sitting.window
    return registry.officer_by_id(by.officer_id).window


def windows_for(by: Acting) -> list[ServiceWindow]:
    """The windows an officer may sit down at: those of their organ, and those that serve everybody."""
    rows = list(registry.windows())
    if not by.everywhere(Ability.CALL_TICKETS):
        mine = by.organs(Ability.CALL_TICKETS)
        rows = [window for window in rows if window.organ_id is None or window.organ_id in mine]
    return sorted(rows, key=lambda window: (window.hall.code, len(window.number), window.number))


def taken_in_since(officer_id: int, since: datetime) -> str:
    """The number of the case this officer took in last, from then on; "" when none: what the visit was about."""
    found = (
        Entry.objects.filter(
            actor_kind=ActorKind.OFFICER.value, actor_id=officer_id, at__gte=since, kind=Kind.CASE_SUBMITTED.value
        )
        .order_by("-at", "-id")
        .values_list("subject_key", flat=True)
        .first()
    )
    return found or ""


def passed_lately(hall_id: int, since: datetime, limit: int = 20) -> list[Ticket]:
    """Passed over and still free to come back."""
    rows = tickets().filter(hall_id=hall_id, state=TicketState.PASSED, called_at__gte=since - timedelta(hours=1))
    return [ticket for ticket in rows.order_by("-called_at")[:limit] if ticket.ended_at and ticket.ended_at >= since]
