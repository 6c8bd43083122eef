from datetime import date

from django.db.models import QuerySet

from zhengtong.base.outbox.models import Message, Pace, Part, ProviderHealth, Try
from zhengtong.rules.refusal import Refusal, RefusalCode


def messages_for(account_id: int, *, before: int | None = None, limit: int = 50) -> list[Message]:
    """A person's own messages, newest first, keyset by id. What they wished away is not theirs to scroll past."""
    rows = Message.objects.filter(account_id=account_id, channel=Message.IN_APP).exclude(state=Message.UNWANTED)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:limit])


def unread_count(account_id: int, cap: int = 100) -> int:
    rows = Message.objects.filter(account_id=account_id, channel=Message.IN_APP, read_at__isnull=True)
    return len(rows.exclude(state=Message.UNWANTED).values_list("pk")[:cap])


def kept(
    *, state: str = "", kind: str = "", channels: tuple[str, ...] = (), before: int | None = None, limit: int = 50
) -> list[Message]:
    """Messages for the administrator's screen and the local inbox page, newest first."""
    rows: QuerySet[Message] = Message.objects.all()
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if channels:
        rows = rows.filter(channel__in=channels)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-id")[:limit])


def count(*, state: str, cap: int) -> int:
    """Messages in a state; stops at `cap` + 1, so that the page costs the same at any size."""
    return len(Message.objects.filter(state=state).values_list("pk")[: cap + 1])


def message_for(message_id: int) -> Message:
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def story(row: Message) -> tuple[list[Try], list[Part]]:
    """Every hand-over of a message, and every piece of it the providers numbered."""
    return list(Try.objects.filter(message=row).order_by("id")), list(Part.objects.filter(message=row).order_by("id"))


def provider_rows() -> dict[str, ProviderHealth]:
    """Every provider that was ever used."""
    return {row.name: row for row in ProviderHealth.objects.order_by("channel", "name")}


def pace(since: date, until: date) -> list[Pace]:
    """How punctually messages left, by day and channel, newest day first. In-app messages need no leaving."""
    return list(Pace.objects.filter(day__gte=since, day__lte=until).order_by("-day", "channel"))
