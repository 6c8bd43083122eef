from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import compute
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.limits import DeadlineKind


def deadlines_of(subject_kind: str, subject_key: str) -> list[Deadline]:
    """All limits of one subject, ended ones included, in the order they began."""
    return list(
        Deadline.objects.filter(subject_kind=subject_kind, subject_key=subject_key).order_by("started_on", "id")
    )


def open_deadlines(subject_kind: str, subject_keys: Iterable[str]) -> dict[str, dict[str, Deadline]]:
    """Open limits by subject and kind, for the rows of one page: one query whatever their number."""
    found: dict[str, dict[str, Deadline]] = {}
    rows = Deadline.objects.filter(
        subject_kind=subject_kind, subject_key__in=list(subject_keys), outcome=Deadline.OPEN
    ).order_by("ordinal")
    for row in rows:
        found.setdefault(row.subject_key, {})[row.kind] = row
    return found


def overdue(kind: DeadlineKind, *, at: datetime, limit: int = 500) -> list[Deadline]:
    """Open limits of a kind that have passed, longest first: what a sweep must act on."""
    return list(
        Deadline.objects.filter(kind=kind.value, outcome=Deadline.OPEN, due_at__lt=at).order_by("due_at", "id")[:limit]
    )


def moved_by(changed_days: Sequence[date], calendar: Calendar, *, most: int) -> tuple[int, int | None]:
    """(open limits whose span holds a changed day, how many of them would move), by reading only.

    The first stops at `most` + 1; then the second is None, because counting on would keep the page waiting.
    """
    if not changed_days:
        return 0, 0
    first, last = min(changed_days), max(changed_days)
    rows = Deadline.objects.filter(outcome=Deadline.OPEN, started_on__lt=last).exclude(unit="moment")
    touched = list(rows.filter(Q(due_on__gte=first) | Q(due_on__isnull=True)).order_by("pk")[: most + 1])
    if len(touched) > most:
        return len(touched), None
    moved = 0
    for row in touched:
        old = (row.due_on, row.provisional)
        compute(row, calendar)
        moved += old != (row.due_on, row.provisional)
    return len(touched), moved
