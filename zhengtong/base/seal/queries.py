from typing import NamedTuple

from django.db.models import Max

from zhengtong.base.journal.models import Entry
from zhengtong.base.seal.models import Checkpoint, SealCheck, Sealed


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


def last_check() -> SealCheck | None:
    return SealCheck.objects.order_by("-pk").first()
