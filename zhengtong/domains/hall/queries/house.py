"""The house itself: what one may queue for, and when its doors and windows are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from zhengtong.base.journal.models import Entry
from zhengtong.base.law import Law, current_law
from zhengtong.domains.hall.models import OpeningHours, Queue, Sitting, SpecialDay
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


def weeks(hall_id: int) -> dict[int | None, dict[int, tuple[Span, ...]]]:
    """Hours by weekday: of the hall (None), and of each window that keeps its own. Who has said nothing is not in it."""
    kept = OpeningHours.objects.filter(hall_id=hall_id).values_list("window_id", "week")
    return {
        window_id: {int(weekday): queue_hours.parse(text) for weekday, text in week.items()}
        for window_id, week in kept
        if week
    }


def special_days(hall_id: int, since: date) -> list[SpecialDay]:
    return list(SpecialDay.objects.filter(hall_id=hall_id, on__gte=since, cancelled=False).order_by("on"))


def hours_acts(hall_code: str, limit: int = 30) -> list[Entry]:
    """Who changed the hours of a hall, its windows and its days, newest first."""
    kinds = (OpeningHours.journal_kind, SpecialDay.journal_kind)
    found = Entry.objects.filter(subject_kind__in=kinds, subject_key__startswith=f"{hall_code}/")
    return list(found.order_by("-pk")[:limit])


def sitting_acts(hall_id: int, on: date) -> list[Entry]:
    """Who opened and closed which window on a day, newest first."""
    keys = [one.journal_key for one in Sitting.objects.filter(hall_id=hall_id, on=on)]
    return list(Entry.objects.filter(subject_kind=Sitting.journal_kind, subject_key__in=keys).order_by("-pk"))


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
    own = weeks(hall_id)
    day = known.calendar.day(on)
    special = SpecialDay.objects.filter(hall_id=hall_id, on=on, cancelled=False).first()
    told = queue_hours.parse(special.hours) if special is not None else None
    return Hours(
        on=on,
        hall=queue_hours.spans(day, own.get(None, queue_hours.USUAL), told),
        windows={
            window_id: queue_hours.spans(day, week, told) for window_id, week in own.items() if window_id is not None
        },
        note=special.note if special else "",
        note_en=special.note_en if special else "",
        festival=day.name,
    )


def usual_hours(hall_id: int, on: date) -> tuple[Span, ...]:
    """As the week and the working calendar have it, whatever was announced for that day."""
    week = weeks(hall_id).get(None, queue_hours.USUAL)
    return queue_hours.spans(current_law().calendar.day(on), week)
