"""Messages on their way to words: what has none yet, what was held, what a digest takes up."""

from collections.abc import Sequence
from datetime import datetime

from zhengtong.base.outbox.models import Message

PREPARED = ("state", "payload", "next_try_at", "sent_at", "last_error", "urgent")


def new(limit: int) -> list[Message]:
    """The oldest without words, locked until the transaction ends: whoever comes second waits, so that order holds."""
    rows = Message.objects.filter(state=Message.NEW).order_by("next_try_at", "id")
    return list(rows.select_for_update()[:limit])


def keep(prepared: Sequence[Message], further: Sequence[Message]) -> None:
    """Writes the prepared ones, and the further ways their events take."""
    Message.objects.bulk_update(prepared, PREPARED)
    if further:
        Message.objects.bulk_create(further, ignore_conflicts=True)


def wake(*, at: datetime) -> int:
    """The quiet hours are over."""
    return Message.objects.filter(state=Message.QUIET, next_try_at__lte=at).update(
        state=Message.PENDING, next_try_at=at
    )


def digested(limit: int, *, at: datetime) -> list[Message]:
    """What waits for a digest that leaves now, oldest first, locked."""
    rows = Message.objects.filter(state=Message.DIGEST, next_try_at__lte=at).order_by("next_try_at", "id")
    return list(rows.select_for_update()[:limit])


def bundle(rows: Sequence[Message], digest: Sequence[Message], *, at: datetime) -> None:
    Message.objects.bulk_create(digest, ignore_conflicts=True)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=Message.DIGESTED, sent_at=at, next_try_at=None)
