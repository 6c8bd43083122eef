"""The house itself: what one may queue for, and when its doors and windows are open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from zhengtong.base.law import Law, current_law
from zhengtong.domains.hall.models import OpeningHours, Queue, SpecialDay
from zhengtong.rules import queue_hours
from zhengtong.rules.queue_hours import Span
from zhengtong.rules.refusal import Refusal, RefusalCode


def queues(hall_code: str, *, every: bool = False) -> list[Queue]:
    """The queues people may join, in the order they are offered; `every`: those given up too. Two queries."""
    rows = Queue.objects.select_related("hall").prefetch_related("windows").filter(hall__code=hall_code)
    if not every:
        rows = rows.filter(active=True)
    return list(rows.order_by("position", "letter", "id"))


def queue_by_code(hall_code: str, queue_code: str) -> Queue:
    """Refusal(QUEUE_UNKNOWN) for what the hall has not."""
    queue = Queue.objects.select_related("hall").filter(hall__code=hall_code, code=queue_code).first()
    if queue is None:
        raise Refusal(RefusalCode.QUEUE_UNKNOWN)
    return queue


def queue_for(hall_code: str, queue_code: str) -> Queue:
    """The same with its windows, organs and items, for the editor."""
    rows = Queue.objects.select_related("hall").prefetch_related("windows", "organs", "items")
    queue = rows.filter(hall__code=hall_code, code=queue_code).first()
    if queue is None:
        raise Refusal(RefusalCode.QUEUE_UNKNOWN)
    return queue


def queues_for(hall_code: str, item_id: int, organ_id: int | None) -> list[Queue]:
    """Where one queues for an item: the queues that name it, else those of its organ, else those for everything."""
    rows = Queue.objects.select_related("hall").filter(hall__code=hall_code, active=True)
    rows = rows.order_by("position", "letter", "id")
    return list(
        rows.filter(items=item_id) or rows.filter(items=None, organs=organ_id) or rows.filter(items=None, organs=None)
    )


def queues_of_window(window_id: int) -> list[Queue]:
    return list(
        Queue.objects.select_related("hall").filter(windows=window_id, active=True).order_by("position", "letter", "id")
    )


def hours_rows(hall_id: int) -> QuerySet[OpeningHours]:
    """Of the hall first, then of the windows that keep their own."""
    return OpeningHours.objects.filter(hall_id=hall_id).order_by("window_id", "weekday", "opens")


def special_days(hall_id: int, since: date) -> list[SpecialDay]:
    return list(SpecialDay.objects.filter(hall_id=hall_id, on__gte=since).order_by("on"))


@dataclass(frozen=True, slots=True)
class Hours:
    """When a hall is open on one day, and each window that keeps its own hours. Minutes of the day."""

    on: date
    hall: tuple[Span, ...]
    windows: Mapping[int, tuple[Span, ...]]
    note: str
    note_en: str
    festival: str  # why it is shut, when a holiday is the reason

    def of(self, window_id: int) -> tuple[Span, ...]:
        return self.windows.get(window_id, self.hall)

    def gives_tickets(self, at: datetime, before: int) -> bool:
        return queue_hours.gives_tickets(self.hall, minute_of(at), before)

    def is_open(self, at: datetime) -> bool:
        return queue_hours.is_open(self.hall, minute_of(at))

    @property
    def written(self) -> str:
        return queue_hours.written(self.hall)


def minute_of(at: datetime) -> float:
    """The minute of the day on the hall's clock."""
    here = timezone.localtime(at)
    return here.hour * 60 + here.minute + here.second / 60


def hours_of(hall_id: int, on: date, *, law: Law | None = None) -> Hours:
    """The week, the working calendar, and what was announced for that very day. Two queries beside the calendar's."""
    known = law or current_law()
    week: dict[int | None, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for window_id, weekday, opens, closes in OpeningHours.objects.filter(hall_id=hall_id).values_list(
        "window_id", "weekday", "opens", "closes"
    ):
        week[window_id][weekday].append((opens, closes))
    day = known.calendar.day(on)
    own: Mapping[int, Sequence[Span]] = week[None] or queue_hours.USUAL
    special = SpecialDay.objects.filter(hall_id=hall_id, on=on).first()
    told = queue_hours.parse(special.hours) if special is not None else None
    return Hours(
        on=on,
        hall=queue_hours.spans(day, own, told),
        windows={
            window_id: queue_hours.spans(day, rows, told) for window_id, rows in week.items() if window_id is not None
        },
        note=special.note if special else "",
        note_en=special.note_en if special else "",
        festival=day.name,
    )
