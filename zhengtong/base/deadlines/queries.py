from collections.abc import Iterable
from datetime import datetime

from zhengtong.base.deadlines.models import Deadline
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
