from django.db.models import QuerySet

from zhengtong.base.outbox.models import Message


def messages_for(account_id: int, *, before: int | None = None, limit: int = 50) -> list[Message]:
    """A person's own messages, newest first, keyset by id."""
    rows = Message.objects.filter(account_id=account_id, channel=Message.IN_APP)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:limit])


def unread_count(account_id: int, cap: int = 100) -> int:
    rows = Message.objects.filter(account_id=account_id, channel=Message.IN_APP, read_at__isnull=True)
    return len(rows.values_list("pk")[:cap])


def kept(
    *, state: str = "", channels: tuple[str, ...] = (), before: int | None = None, limit: int = 50
) -> list[Message]:
    """Messages for the administrator's screen and the local inbox page, newest first."""
    rows: QuerySet[Message] = Message.objects.all()
    if state:
        rows = rows.filter(state=state)
    if channels:
        rows = rows.filter(channel__in=channels)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:limit])


def count(*, state: str, cap: int) -> int:
    """Messages in a state; stops at `cap` + 1, so that the page costs the same at any size."""
    return len(Message.objects.filter(state=state).values_list("pk")[: cap + 1])
