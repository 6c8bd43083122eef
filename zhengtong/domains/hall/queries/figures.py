"""What became of the waiting: median and P90, who gave up, how long each window was taken up, announced against real."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from zhengtong.domains.hall.models import Sitting, Ticket, Visit
from zhengtong.domains.registry.models import ServiceWindow
from zhengtong.rules.queue import GIVEN_UP, TicketState
from zhengtong.rules.queue_figures import Spread, spread

PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """Announced against real, of the tickets that were called: minutes of error, and how many fell between low and high."""

    base: int
    median_error: float | None
    within: int  # between the low and the high that were told
    bias: float | None  # median of announced minus real: above zero, people were told too much


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """`taken` tickets; `waited` is the base of the waits: those that were ever called."""

    key: int | None  # queue, or None for all
    name: str
    name_en: str
    letter: str
    taken: int
    served: int
    given_up: int
    open: int
    waited: Spread
    told: Told

    @property
    def abandonment(self) -> float | None:
        """Given up of those whose day is over, in percent."""
        over = self.served + self.given_up
        return 100 * self.given_up / over if over else None


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """Load: minutes taken up by visits, of the minutes somebody sat there."""

    window: ServiceWindow
    visits: int
    served: int
    busy: float
    open: float
    service: Spread

    @property
    def load(self) -> float | None:
        return min(100 * self.busy / self.open, 100.0) if self.open else None


@dataclass(frozen=True, slots=True)
class HourFigures:
    hour: int
    taken: int
    waited: Spread


@dataclass(frozen=True, slots=True)
class DayFigures:
    on: date
    taken: int
    waited: Spread
    given_up: int


@dataclass(frozen=True, slots=True)
class Waits:
    """The figures of a hall over some days, both included."""

    since: date
    until: date
    total: QueueFigures
    queues: Sequence[QueueFigures]
    windows: Sequence[WindowFigures]
    hours: Sequence[HourFigures]
    days: Sequence[DayFigures]

    @property
    def median(self) -> float | None:
        return self.total.waited.median

    @property
    def p90(self) -> float | None:
        return self.total.waited.p90

    @property
    def abandonment(self) -> float | None:
        return self.total.abandonment


@dataclass(frozen=True, slots=True)
class _Fact:
    queue: int
    on: date
    state: str
    taken_at: datetime
    first_called_at: datetime | None
    announced: int | None
    low: int | None
    high: int | None

    @property
    def minutes(self) -> float | None:
        if self.first_called_at is None:
            return None
        return (self.first_called_at - self.taken_at).total_seconds() / 60


def day(hall_code: str, since: date, until: date, *, at: datetime) -> Waits:
    """Four queries. `at` ends the sittings that are still going on."""
    of_hall = Q(hall__code=hall_code, on__gte=since, on__lte=until)
    facts = [
        _Fact(*row)
        for row in Ticket.objects.filter(of_hall).values_list(
            "queue_id", "on", "state", "taken_at", "first_called_at", "announced_minutes", "announced_low", "announced_high"
        )
    ]  # fmt: skip
    named = {
        row["queue_id"]: row
        for row in Ticket.objects.filter(of_hall)
        .values("queue_id", "queue__name", "queue__name_en", "queue__letter", "queue__position")
        .distinct()
    }
    by_queue = _grouped(facts, lambda one: one.queue)
    ordered = sorted(by_queue, key=lambda key: (named[key]["queue__position"], named[key]["queue__letter"]))
    by_hour = _grouped(facts, lambda one: timezone.localtime(one.taken_at).hour)
    by_day = _grouped(facts, lambda one: one.on)
    return Waits(
        since=since,
        until=until,
        total=_queue(None, {}, facts),
        queues=[_queue(key, named[key], by_queue[key]) for key in ordered],
        windows=_windows(of_hall, hall_code, at),
        hours=[HourFigures(hour, len(of), _waited(of)) for hour, of in sorted(by_hour.items())],
        days=[
            DayFigures(on, len(of), _waited(of), sum(one.state in GIVEN_UP for one in of))
            for on, of in sorted(by_day.items())
        ],
    )


def _grouped(facts: Sequence[_Fact], key: Callable[[_Fact], Any]) -> dict[Any, list[_Fact]]:
    found: dict[Any, list[_Fact]] = defaultdict(list)
    for fact in facts:
        found[key(fact)].append(fact)
    return found


def _waited(facts: Sequence[_Fact]) -> Spread:
    return spread([minutes for one in facts if (minutes := one.minutes) is not None])


def _queue(key: int | None, named: Mapping[str, Any], facts: Sequence[_Fact]) -> QueueFigures:
    served = sum(one.state == TicketState.SERVED for one in facts)
    given_up = sum(one.state in GIVEN_UP for one in facts)
    told = [(one, minutes) for one in facts if one.announced is not None and (minutes := one.minutes) is not None]
    off = [(one.announced or 0) - minutes for one, minutes in told]
    return QueueFigures(
        key=key,
        name=named.get("queue__name", ""),
        name_en=named.get("queue__name_en", ""),
        letter=named.get("queue__letter", ""),
        taken=len(facts),
        served=served,
        given_up=given_up,
        open=len(facts) - served - given_up,
        waited=_waited(facts),
        told=Told(
            base=len(told),
            median_error=spread([abs(one) for one in off]).median,
            within=sum((one.low or 0) - 0.5 <= minutes <= (one.high or 0) + 0.5 for one, minutes in told),
            bias=spread(off).median,
        ),
    )


def _windows(of_hall: Q, hall_code: str, at: datetime) -> list[WindowFigures]:
    sat: dict[int, float] = defaultdict(float)
    for window_id, opened_at, closed_at in Sitting.objects.filter(of_hall).values_list(
        "window_id", "opened_at", "closed_at"
    ):
        sat[window_id] += max(((closed_at or at) - opened_at).total_seconds(), 0) / 60
    visits: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for window_id, seconds, outcome in Visit.objects.filter(of_hall).values_list("window_id", "seconds", "outcome"):
        visits[window_id].append((seconds / 60, outcome))
    known = ServiceWindow.objects.filter(hall__code=hall_code, pk__in=set(sat) | set(visits))
    return [
        WindowFigures(
            window=window,
            visits=len(visits[window.pk]),
            served=sum(outcome == Visit.SERVED for _, outcome in visits[window.pk]),
            busy=sum(minutes for minutes, _ in visits[window.pk]),
            open=sat[window.pk],
            service=spread([minutes for minutes, outcome in visits[window.pk] if outcome == Visit.SERVED]),
        )
        for window in sorted(known, key=lambda window: (len(window.number), window.number))
    ]


def served_by_day(since: date, until: date) -> dict[int, dict[date, int]]:
    """officer → day → people served by ticket, with the days on which somebody sat at a window and nobody came."""
    days = {"on__gte": since, "on__lte": until}
    found: dict[int, dict[date, int]] = {}
    halls = set()
    for officer, on, hall in Sitting.objects.filter(**days).values_list("officer_id", "on", "hall_id"):
        found.setdefault(officer, {})[on] = 0
        halls.add(hall)
    served = Visit.objects.filter(hall_id__in=halls, outcome=Visit.SERVED, officer_id__in=found, **days)
    for officer, on, count in served.order_by().values_list("officer_id", "on").annotate(n=Count("pk")):
        if officer is not None:
            found[officer][on] = count
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket behind a figure."""

    ticket: Ticket
    waited: float | None
    error: float | None


SHOWN = {
    "taken": Q(),
    "served": Q(state=TicketState.SERVED.value),
    "given_up": Q(state__in=[state.value for state in GIVEN_UP]),
    "called": Q(first_called_at__isnull=False),
    "told": Q(first_called_at__isnull=False, announced_minutes__isnull=False),
}


def rows(
    hall_code: str,
    since: date,
    until: date,
    *,
    show: str = "taken",
    queue_id: int | None = None,
    window_id: int | None = None,
    before: int | None = None,
    limit: int | None = PAGE + 1,
) -> list[Row]:
    """The tickets a figure counts, newest first, keyset by id. KeyError for an unknown `show`."""
    found = Ticket.objects.select_related("queue", "window", "officer").filter(
        SHOWN[show], hall__code=hall_code, on__gte=since, on__lte=until
    )
    if queue_id is not None:
        found = found.filter(queue_id=queue_id)
    if window_id is not None:
        found = found.filter(pk__in=Visit.objects.filter(window_id=window_id).values("ticket_id"))
    if before is not None:
        found = found.filter(pk__lt=before)
    found = found.order_by("-id")
    return [_row(ticket) for ticket in (found if limit is None else found[:limit])]


def _row(ticket: Ticket) -> Row:
    if ticket.first_called_at is None:
        return Row(ticket, None, None)
    waited = (ticket.first_called_at - ticket.taken_at).total_seconds() / 60
    told = ticket.announced_minutes
    return Row(ticket, waited, None if told is None else told - waited)
