"""What leaves the house is a row written in the transaction and delivered later (delivery.py)."""

from datetime import datetime
from typing import Any

from zhengtong.base.outbox.models import Message
from zhengtong.base.personal import lookup_hash
from zhengtong.rules.refusal import Refusal, RefusalCode

KEY_MOST = 150


def message(
    kind: str,
    *,
    key: str,
    at: datetime,
    account_id: int | None = None,
    channel: str = Message.IN_APP,
    address: str = "",
    subject: tuple[str, str] = ("", ""),
    payload: dict[str, Any] | None = None,
    urgent: bool = False,
    valid_until: datetime | None = None,
) -> Message:
    """An unsaved message, so that a step can write all of its messages with one `queue`.

    One that brings no `text` of its own is new: the worker finds its words and its further ways.
    """
    if len(key) > KEY_MOST:
        raise ValueError(f"a key of {len(key)} characters; further ways need room behind it")
    facts = payload or {}
    return Message(
        key=key,
        channel=channel,
        kind=kind,
        account_id=account_id,
        address=address,
        payload=facts,
        subject_kind=subject[0],
        subject_key=subject[1],
        lane=lane(subject, channel, address or str(account_id)),
        urgent=urgent,
        created_at=at,
        valid_until=valid_until,
        state=Message.PENDING if "text" in facts else Message.NEW,
        next_try_at=at,
    )


def lane(subject: tuple[str, str], channel: str, receiver: str) -> str:
    """What keeps a subject's messages to one receiver in order; in-app messages lie in order by themselves."""
    if channel == Message.IN_APP or not subject[1]:
        return ""
    return lookup_hash("|".join((*subject, channel, receiver)))


def queue(*messages: Message) -> None:
    """Writes messages with the row that causes them. A key already queued is left as it is."""
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True)


def resend(message_id: int, *, at: datetime) -> None:
    """Puts a message that did not arrive back in the queue, at the beginning of its tries."""
    changed = Message.objects.filter(pk=message_id, state__in=Message.AGAIN).update(
        state=Message.PENDING, attempts=0, next_try_at=at, valid_until=None, last_error=""
    )
    if not changed:
        raise Refusal(RefusalCode.MESSAGE_NOT_DEAD)


def mark_read(account_id: int, message_id: int, *, at: datetime) -> None:
    Message.objects.filter(pk=message_id, account_id=account_id, read_at__isnull=True).update(read_at=at)
