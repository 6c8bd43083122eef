"""Readers of the log: each has a cursor, can stop, start, be played again from the beginning, or be added later."""

from collections.abc import Callable

from django.db import transaction

from zhengtong.base.seal.models import Cursor
from zhengtong.base.seal.queries import SealedEntry, sealed_after, size


def consume(name: str, handle: Callable[[list[SealedEntry]], None], *, limit: int = 500) -> int:
    """Gives the next slice to `handle` and moves the cursor, in one transaction; 0 when nothing is left.

    What `handle` writes and the cursor stand or fall together; of two workers one waits, then gets the next slice.
    """
    if read_to(name) >= size() - 1:  # asked every two seconds: an idle reader takes no lock
        return 0
    with transaction.atomic():
        Cursor.objects.get_or_create(name=name)
        cursor = Cursor.objects.select_for_update().get(name=name)
        entries = sealed_after(cursor.position, limit=limit)
        if entries:
            handle(entries)
            cursor.position = entries[-1].position
            cursor.save(update_fields=["position"])
        return len(entries)


def read_to(name: str) -> int:
    """The last position a reader has handled; -1 before the first."""
    position: int | None = Cursor.objects.filter(name=name).values_list("position", flat=True).first()
    return -1 if position is None else position


def rewind(name: str) -> None:
    """The reader begins again at the first entry. It empties what it had counted first, in the same transaction."""
    Cursor.objects.filter(name=name).update(position=-1)
