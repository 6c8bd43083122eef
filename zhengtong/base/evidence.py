"""Whether what is stored agrees with what was recorded: chain against row, and each limit against its explanation.

The journal is evidence, not the source of state; this is the check that the two never drift apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.apps import apps
from django.db.models import Max

from zhengtong.base.calendar.models import HolidayNotice
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import due_of, explained
from zhengtong.base.journal import Subject, check_subject
from zhengtong.base.journal.models import Entry
from zhengtong.rules.calendar import Calendar


class Fault(NamedTuple):
    kind: str
    key: str
    what: str


@dataclass
class Checked:
    """What a slice has seen. `after` begins the next slice; None at the end of the kind."""

    subjects: int = 0
    entries: int = 0
    deadlines: int = 0
    faults: list[Fault] = field(default_factory=list)
    after: int | None = None


def kinds() -> list[type[Subject]]:
    """Every kind of subject the house keeps a journal of."""
    return [model for model in apps.get_models() if issubclass(model, Subject)]


def count(kind: type[Subject]) -> int:
    return kind._default_manager.count()


def check_slice(kind: type[Subject], calendar: Calendar, *, after: int = 0, limit: int = 200) -> Checked:
    """Replays the next subjects of a kind: two queries for the entries and limits of all of them."""
    rows = list(kind._default_manager.filter(pk__gt=after).order_by("pk")[:limit])
    checked = Checked(subjects=len(rows), after=rows[-1].pk if len(rows) == limit else None)
    keys = [row.journal_key for row in rows]
    entries = _entries(kind.journal_kind, keys)
    for row in rows:
        own = entries.get(row.journal_key, [])
        checked.entries += len(own)
        checked.faults += [Fault(kind.journal_kind, row.journal_key, what) for what in check_subject(row, own)]
    _check_limits(kind.journal_kind, keys, calendar, checked)
    return checked


def rowless(kind: type[Subject]) -> int:
    """How many subjects of a kind have a journal and no row: something was deleted behind our back."""
    return max(0, Entry.objects.filter(subject_kind=kind.journal_kind, seq=1).count() - count(kind))


def _entries(kind: str, keys: Sequence[str]) -> dict[str, list[Entry]]:
    rows = Entry.objects.filter(subject_kind=kind, subject_key__in=keys).order_by("subject_key", "seq")
    return {key: list(own) for key, own in groupby(rows, key=lambda entry: entry.subject_key)}


def _check_limits(kind: str, keys: Sequence[str], calendar: Calendar, checked: Checked) -> None:
    known_since = HolidayNotice.objects.aggregate(last=Max("loaded_at"))["last"]
    for limit in Deadline.objects.filter(subject_kind=kind, subject_key__in=keys).order_by("pk"):
        checked.deadlines += 1
        told, stored = explained(limit, calendar).due, due_of(limit)
        if told != stored and not _closed_before(limit, known_since):
            what = f"limit {limit.kind}: stored {stored.at or stored.on}, explained {told.at or told.on}"
            checked.faults.append(Fault(kind, limit.subject_key, what))


def _closed_before(limit: Deadline, notice_loaded: datetime | None) -> bool:
    """A later holiday notice does not rewrite a limit that had already ended."""
    return limit.closed_at is not None and notice_loaded is not None and limit.closed_at < notice_loaded
