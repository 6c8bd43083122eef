"""How long somebody will wait: what is known of the hall at a moment, laid out for `rules/queue_estimate.py`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from zhengtong.base.law import Law, current_law
from zhengtong.domains.hall.models import Queue, Sitting, Ticket, Visit
from zhengtong.domains.hall.queries.house import Hours, hours_of, minute_of, queues
from zhengtong.domains.registry import queries as registry
from zhengtong.rules import queue_estimate, queue_hours
from zhengtong.rules.clock import local_date
from zhengtong.rules.queue import AT_WINDOW, Priority, TicketState, turn
from zhengtong.rules.queue_estimate import InLine, Pace, Window

RECENT = 600  # visits of the hall that tell how long one takes
PER_QUEUE = 80  # of them, the latest of each queue
HISTORY = timedelta(days=30)
SETTLING = 15  # minutes after opening in which a window not yet opened is still expected
AFTER_HOURS = 60.0  # minutes a window that is open beyond its hours is thought to go on


@dataclass(frozen=True, slots=True)
class Estimate:
    """People ahead in the queue and minutes until the call; `minutes` None: no window will open for it today."""

    ahead: int
    minutes: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One who waits."""

    pk: int
    queue: int
    turn: datetime
    only_window: int | None


@dataclass(frozen=True)
class Scene:
    """The hall at one moment, as everybody in it can see it. Estimates for all its queues cost no further query."""

    at: datetime
    hours: Hours
    queues: Sequence[Queue]
    windows: Sequence[Window]
    line: Sequence[Standing]  # in turn
    paces: Mapping[int, Pace]
    overtakers: Mapping[int, float]  # visitors with precedence a minute, by queue
    head_starts: Mapping[str, int]
    gives_tickets: bool  # within the hours in which tickets are handed out

    def waiting(self, queue_id: int) -> int:
        return sum(1 for one in self.line if one.queue == queue_id)

    def for_newcomer(self, queue_id: int, priority: str = "") -> Estimate:
        return self._guess(queue_id, turn(self.at, priority, self.head_starts), None, None, priority)

    def for_ticket(self, ticket: Ticket) -> Estimate:
        return self._guess(ticket.queue_id, ticket.turn, ticket.pk, ticket.only_window_id, ticket.priority)

    def _guess(
        self, queue_id: int, my_turn: datetime, pk: int | None, only_window: int | None, priority: str
    ) -> Estimate:
        mine = (my_turn, pk if pk is not None else float("inf"))
        before = [one for one in self.line if (one.turn, one.pk) < mine]
        ahead = sum(1 for one in before if one.queue == queue_id)
        lead = max(self.head_starts.values(), default=0) - self.head_starts.get(priority, 0)
        guess = queue_estimate.wait(
            [InLine(one.queue, one.only_window) for one in before],
            InLine(queue_id, only_window),
            self.windows,
            self.paces,
            overtakers=self.overtakers.get(queue_id, 0.0),
            head_start=float(lead),
        )
        if guess is None:
            return Estimate(ahead, None, None, None)
        return Estimate(ahead, guess.minutes, guess.low, guess.high)


def scene(hall_code: str, at: datetime, *, law: Law | None = None, known: Sequence[Queue] | None = None) -> Scene:
    """Eight queries, whatever the number of queues and people."""
    known_law = law or current_law()
    on = local_date(at)
    offered = list(known) if known is not None else queues(hall_code)
    hall_id = offered[0].hall_id if offered else registry.hall_for(hall_code).pk
    hours = hours_of(hall_id, on, law=known_law)
    paces = _paces(hall_id, offered, at)
    rows = list(
        Ticket.objects.filter(hall_id=hall_id, on=on, state__in=[TicketState.WAITING, *AT_WINDOW])
        .order_by("turn", "id")
        .values_list("id", "queue_id", "turn", "only_window_id", "state", "window_id", "called_at")
    )
    line = [Standing(pk, queue, when, only) for pk, queue, when, only, state, _, _ in rows if state == "WAITING"]
    busy = {window or 0: (queue, called or at) for _, queue, _, _, state, window, called in rows if state != "WAITING"}
    return Scene(
        at=at,
        hours=hours,
        queues=offered,
        windows=_windows(hall_id, offered, hours, busy, paces, at),
        line=[one for one in line if one.queue in paces],
        paces=paces,
        overtakers=_overtakers(hall_id, at),
        head_starts=head_starts(known_law, at),
        gives_tickets=hours.gives_tickets(at, known_law.value("hall.before.minutes", on)),
    )


def estimate(queue: Queue, at: datetime, *, priority: str = "") -> Estimate:
    """For somebody who would take a ticket now."""
    return scene(queue.hall.code, at).for_newcomer(queue.pk, priority)


def estimate_for(ticket: Ticket, at: datetime) -> Estimate:
    """For somebody who stands in line."""
    return scene(ticket.hall.code, at).for_ticket(ticket)


def head_starts(law: Law, at: datetime) -> dict[str, int]:
    on = local_date(at)
    return {one.value: law.value(f"hall.start.{one.value}.minutes", on) for one in Priority if one is not Priority.NONE}


def _paces(hall_id: int, offered: Sequence[Queue], at: datetime) -> dict[int, Pace]:
    seen: dict[int, list[float]] = defaultdict(list)
    latest = (
        Visit.objects.filter(hall_id=hall_id, ended_at__gte=at - HISTORY, ended_at__lte=at)
        .exclude(outcome=Visit.FORGOTTEN)
        .order_by("-id")
        .values_list("queue_id", "seconds")[:RECENT]
    )
    for queue_id, seconds in latest:
        if len(seen[queue_id]) < PER_QUEUE:
            seen[queue_id].append(seconds / 60)
    return {queue.pk: queue_estimate.pace(seen[queue.pk], float(queue.expected_minutes)) for queue in offered}


def _overtakers(hall_id: int, at: datetime) -> dict[int, float]:
    """Visitors with precedence of the last hour, a minute. Early in the day the hour is not yet full, and it counts low."""
    counted = (
        Ticket.objects.filter(hall_id=hall_id, on=local_date(at), taken_at__gt=at - timedelta(hours=1))
        .exclude(priority="")
        .values("queue_id")
        .annotate(n=Count("id"))
        .values_list("queue_id", "n")
    )
    return {queue_id: n / 60 for queue_id, n in counted}


def _windows(
    hall_id: int,
    offered: Sequence[Queue],
    hours: Hours,
    busy: Mapping[int, tuple[int, datetime]],
    paces: Mapping[int, Pace],
    at: datetime,
) -> list[Window]:
    served: dict[int, set[int]] = defaultdict(set)
    for queue in offered:
        for window in queue.windows.all():
            served[window.pk].add(queue.pk)
    today: dict[int, tuple[datetime | None, datetime | None]] = {}
    for window_id, closed_at, back_at in (
        Sitting.objects.filter(hall_id=hall_id, on=hours.on)
        .order_by("id")
        .values_list("window_id", "closed_at", "back_at")
    ):
        today[window_id] = (closed_at, back_at)
    expected = set(today) or _sat_before(hall_id, hours) or set(served)
    made = []
    for key in sorted(served):
        closed_at, back_at = today.get(key, (at, None))
        spans = queue_hours.ahead(hours.of(key), minute_of(at))
        free_in = 0.0
        if key in today and closed_at is None:
            if key in busy:
                queue_id, called_at = busy[key]
                elapsed = (at - called_at).total_seconds() / 60
                free_in = paces[queue_id].left(elapsed) if queue_id in paces else 1.0
            spans = spans or ((0.0, AFTER_HOURS),)
        elif back_at is not None and back_at > at:
            free_in = (back_at - at).total_seconds() / 60
        elif key in expected:
            spans = _later(spans, hours.of(key), minute_of(at), sat_today=key in today, anybody=bool(today))
        else:
            continue
        made.append(Window(key, frozenset(served[key]), free_in, spans))
    return made


def _later(
    spans: tuple[tuple[float, float], ...],
    hours: Sequence[queue_hours.Span],
    minute: float,
    *,
    sat_today: bool,
    anybody: bool,
) -> tuple[tuple[float, float], ...]:
    """A window nobody sits at: it opens with the next span; just after an opening, or while nobody has
    come at all today, it is thought to be a moment late."""
    if not spans or spans[0][0] > 0:
        return spans
    begun = next(opens for opens, closes in hours if opens <= minute < closes)
    late = minute - begun
    if not anybody or (late < SETTLING and not (sat_today and begun == hours[0][0])):
        return ((2.0, spans[0][1]), *spans[1:])
    return spans[1:]


def _sat_before(hall_id: int, hours: Hours) -> set[int]:
    """The windows of the last day anybody sat: before the doors open, the best that is known."""
    last = Sitting.objects.filter(hall_id=hall_id, on__lt=hours.on).order_by("-on").values_list("on", flat=True).first()
    if last is None:
        return set()
    return set(Sitting.objects.filter(hall_id=hall_id, on=last).values_list("window_id", flat=True))
