from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import compute
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Signal
from zhengtong.rules.limits import DeadlineKind

_KEY = ["subject_kind", "subject_key", "kind", "ordinal"]
_REST = [
    f.name for f in Deadline._meta.concrete_fields if f.name not in {"id", *_KEY}
]  # what a re-planned limit replaces


def write(deadlines: Iterable[Deadline]) -> None:
    """Stores limits, new or re-planned, in one statement."""
    rows = list(deadlines)
    for row in rows:
        row.pk = None  # the unique key finds the stored one
    if rows:
        Deadline.objects.bulk_create(rows, update_conflicts=True, unique_fields=_KEY, update_fields=_REST)


def close(
    subject: tuple[str, str],
    kinds: Sequence[DeadlineKind],
    *,
    at: datetime,
    void: bool = False,
    ordinal: int | None = None,
) -> None:
    """Ends the open limits of these kinds in one statement: met, or missed when `at` lies after the due instant.

    `ordinal`: only the n-th of its kind.
    """
    outcome = (
        Value(Deadline.VOID)
        if void
        else Case(When(due_at__lt=at, then=Value(Deadline.MISSED)), default=Value(Deadline.MET))
    )
    rows = Deadline.objects.filter(
        subject_kind=subject[0], subject_key=subject[1], kind__in=[k.value for k in kinds], outcome=Deadline.OPEN
    )
    if ordinal is not None:
        rows = rows.filter(ordinal=ordinal)
    rows.update(outcome=outcome, closed_at=at, next_signal="", next_signal_at=None)


class Moved(NamedTuple):
    """An open limit that a new holiday notice moved."""

    deadline: Deadline
    old_due_on: date | None
    old_provisional: bool


def recompute(changed_days: Sequence[date], calendar: Calendar, *, chunk: int = 2_000) -> Iterable[list[Moved]]:
    """Computes anew the open limits whose span holds a changed day, and yields those that moved, chunk by chunk.

    A limit that started after the last changed day, or was due before the first, cannot be touched by it. A year's
    publication also turns 暂定 dates into firm ones: those count as moved when date or mark changes.
    """
    if not changed_days:
        return
    first, last = min(changed_days), max(changed_days)
    touched = _open().filter(started_on__lt=last).filter(Q(due_on__gte=first) | Q(due_on__isnull=True))
    after = 0
    while True:
        rows = list(touched.filter(pk__gt=after).order_by("pk")[:chunk])
        if not rows:
            return
        after = rows[-1].pk
        moved: list[Moved] = []
        stale: list[Deadline] = []
        for row in rows:
            old = (row.due_on, row.due_at, row.provisional, row.next_signal, row.next_signal_at)
            compute(row, calendar)
            if old != (row.due_on, row.due_at, row.provisional, row.next_signal, row.next_signal_at):
                stale.append(row)
            if (old[0], old[2]) != (row.due_on, row.provisional):
                moved.append(Moved(row, old[0], old[2]))
        Deadline.objects.bulk_update(
            stale, ["due_on", "due_at", "provisional", "next_signal", "next_signal_at"], batch_size=500
        )
        yield moved


def _open() -> QuerySet[Deadline]:
    return Deadline.objects.filter(outcome=Deadline.OPEN).exclude(unit="moment")


def claim_signals(rows: Sequence[Deadline]) -> list[Deadline]:
    """Locks these limits where their signal still waits, and returns those: of two sweeps the second finds none.

    Read again, because a step may have moved or ended a limit since `signals_due` looked. Two statements' worth at most.
    """
    waiting = {row.pk: row.next_signal_at for row in rows}
    locked = Deadline.objects.select_for_update().filter(pk__in=list(waiting), outcome=Deadline.OPEN).order_by("pk")
    return [row for row in locked if row.next_signal_at == waiting[row.pk]]


def set_next_signals(rows: Sequence[Deadline], following: Mapping[int, Signal | None]) -> None:
    """Stores what each limit waits for next, by its key: one statement for all that fell silent, one for the others."""
    silent = [row.pk for row in rows if following[row.pk] is None]
    if silent:
        Deadline.objects.filter(pk__in=silent).update(next_signal="", next_signal_at=None)
    speaking = []
    for row in rows:
        signal = following[row.pk]
        if signal is not None:
            row.next_signal, row.next_signal_at = signal.level.name, signal.at
            speaking.append(row)
    if speaking:
        Deadline.objects.bulk_update(speaking, ["next_signal", "next_signal_at"], batch_size=500)


def wake(kinds: Sequence[DeadlineKind], *, at: datetime) -> int:
    """Lets supervision look at the open limits of these kinds at `at`, when their next signal would come later.

    For a rule changed from that instant on: the sweep then stores what they wait for under it. One statement.
    """
    rows = Deadline.objects.filter(
        Q(next_signal_at__isnull=True) | Q(next_signal_at__gt=at),
        kind__in=[kind.value for kind in kinds], outcome=Deadline.OPEN, due_at__isnull=False, provisional=False,
    )  # fmt: skip
    return rows.update(next_signal="WAKE", next_signal_at=at)
