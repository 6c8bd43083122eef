from datetime import datetime, timedelta
from typing import Any

from zhengtong.base.outbox.channels import Undeliverable, deliver
from zhengtong.base.outbox.models import Message
from zhengtong.rules.refusal import Refusal, RefusalCode

# Minutes until the next try after the 1st, 2nd … failure; after the last one the message lies in the dead-letter list.
BACK_OFF = (1, 5, 30, 120, 720)


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
) -> Message:
    """An unsaved message, so that a step can write all of its messages with one `queue`."""
    return Message(
        key=key,
        channel=channel,
        kind=kind,
        account_id=account_id,
        address=address,
        payload=payload or {},
        subject_kind=subject[0],
        subject_key=subject[1],
        created_at=at,
        next_try_at=at,
    )


def queue(*messages: Message) -> None:
    """Writes messages with the row that causes them. A key already queued is left as it is."""
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True)


def deliver_due(*, at: datetime, limit: int = 200) -> int:
    """Hands what is due to its channel. Returns how many were sent. Failures wait, then lie dead for a person."""
    sent = 0
    due = Message.objects.filter(state=Message.PENDING, next_try_at__lte=at).order_by("next_try_at", "id")[:limit]
    for item in due:
        # Claim first: two workers may run, and a crash after the claim delays the message instead of doubling it.
        claimed = Message.objects.filter(pk=item.pk, state=Message.PENDING, next_try_at=item.next_try_at).update(
            next_try_at=at + timedelta(minutes=BACK_OFF[min(item.attempts, len(BACK_OFF) - 1)]),
            attempts=item.attempts + 1,
        )
        if not claimed:
            continue
        try:
            deliver(item)
        except Undeliverable as fault:
            state = Message.DEAD if item.attempts + 1 > len(BACK_OFF) else Message.PENDING
            Message.objects.filter(pk=item.pk).update(state=state, last_error=str(fault)[:300])
        else:
            Message.objects.filter(pk=item.pk).update(state=Message.SENT, sent_at=at, last_error="")
            sent += 1
    return sent


def resend(message_id: int, *, at: datetime) -> None:
    """Puts a dead or failed message back in the queue."""
    changed = Message.objects.filter(pk=message_id, state__in=[Message.DEAD, Message.FAILED]).update(
        state=Message.PENDING, attempts=0, next_try_at=at, last_error=""
    )
    if not changed:
        raise Refusal(RefusalCode.MESSAGE_NOT_DEAD)


def mark_read(account_id: int, message_id: int, *, at: datetime) -> None:
    Message.objects.filter(pk=message_id, account_id=account_id, read_at__isnull=True).update(read_at=at)
