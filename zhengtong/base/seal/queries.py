from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, QuerySet

from zhengtong.base.journal.models import Entry
from zhengtong.base.seal.models import Checkpoint, SealCheck, Sealed, Sequencer


class BrokenLog(Exception):
    """The log does not say what it said: a place is empty, a file or a signature disagrees. Nobody goes on from here."""


class SealedEntry(NamedTuple):
    position: int  # of the first entry: 0
    entry: Entry


def size() -> int:
    """How many entries are sealed."""
    last: int | None = Sealed.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def sealed_after(position: int, *, limit: int = 500) -> list[SealedEntry]:
    """The entries behind a position, in order; -1 stands before the first. One query.

    Raises BrokenLog where a sealed entry has been removed from the journal.
    """
    rows = Sealed.objects.filter(position__gt=position).select_related("entry").order_by("position")[:limit]
    entries = [SealedEntry(row.position, row.entry) for row in rows]
    for expected, found in enumerate(entries, start=position + 1):
        if found.position != expected:
            raise BrokenLog(f"the entry sealed at {expected} is gone")
    return entries


def last_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-pk").first()


def recent_checkpoints(limit: int) -> list[Checkpoint]:
    return list(Checkpoint.objects.select_related("time_stamp").order_by("-pk")[:limit])


class SealState(NamedTuple):
    """How the seal stands, for those who glance at it."""

    size: int  # entries sealed
    ok: bool | None  # what the last full check found; None before the first
    at: datetime | None  # of the last checkpoint
    signed: int  # entries under the last checkpoint
    waiting: int  # entries without a place yet
    checked_at: datetime | None
    faults: int


def state() -> SealState:
    """Five small queries."""
    last, checked = last_checkpoint(), last_check()
    return SealState(
        size=size(),
        ok=checked.faults == 0 if checked else None,
        at=last.at if last else None,
        signed=last.size if last else 0,
        waiting=unsealed().count(),
        checked_at=checked.at if checked else None,
        faults=checked.faults if checked else 0,
    )


def nothing_new() -> bool:
    """Whether no entry stands above the mark: two look-ups, no lock, for a sealer that asks every two seconds."""
    settled = Sequencer.objects.values_list("settled", flat=True).first() or 0
    return not Entry.objects.filter(pk__gt=settled).exists()


def unsealed() -> QuerySet[Entry]:
    """Entries that have no place yet: those newer than the mark, of which the sealer takes care."""
    settled = Sequencer.objects.values_list("settled", flat=True).first() or 0
    return Entry.objects.filter(pk__gt=settled).exclude(Exists(Sealed.objects.filter(entry_id=OuterRef("pk"))))


def last_check() -> SealCheck | None:
    return SealCheck.objects.order_by("-pk").first()


def positions(subject_kind: str, subject_key: str) -> dict[int, int]:
    """Sequence of an entry → its place in the log, for those entries of a subject that are sealed; one query."""
    rows = Sealed.objects.filter(entry__subject_kind=subject_kind, entry__subject_key=subject_key)
    return dict(rows.values_list("entry__seq", "position"))
