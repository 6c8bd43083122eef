"""Delivery receipts: matched to what was sent by the provider's own numbers, whichever of the two is stored first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from zhengtong.base.outbox.channels import Provider, Receipt
from zhengtong.base.outbox.models import Message, Part, ProviderHealth
from zhengtong.rules.messaging_delivery import SLOW_FOR

# A receipt that has not come in three days will not: the usual validity of an SMS is shorter.
WAITED = timedelta(days=3)
LATE = timedelta(minutes=5)  # more than half of the receipts not in after this: the provider delivers slowly
LOOKED_BACK = timedelta(minutes=30)
ENOUGH = 20

# Of a long message: what one piece has suffered, the whole has.
WORST_FIRST = (Message.REJECTED, Message.FAILED, Message.EXPIRED, Message.UNKNOWN)


def collect(provider: Provider, at: datetime) -> int:
    """Takes in what has come, then tells the provider so: a receipt is lost by neither side's crash."""
    come = provider.receipts()
    if come:
        with transaction.atomic():
            _store(provider, come, at)
        provider.confirm(come)
    return len(come)


def _store(provider: Provider, come: Sequence[Receipt], at: datetime) -> None:
    last = {receipt.ref: receipt for receipt in come}
    known = {part.ref: part for part in Part.objects.filter(provider=provider.name, ref__in=list(last))}
    fresh = [
        Part(provider=provider.name, ref=ref, state=r.state, error=r.error[:20], settled_at=r.at or at)
        for ref, r in last.items()
        if ref not in known
    ]
    Part.objects.bulk_create(fresh, ignore_conflicts=True)
    settled = []
    for ref, part in known.items():
        if part.state == Part.ACCEPTED:
            part.state, part.error, part.settled_at = last[ref].state, last[ref].error[:20], last[ref].at or at
            settled.append(part)
    Part.objects.bulk_update(settled, ["state", "error", "settled_at"])
    settle([part.message_id for part in settled if part.message_id is not None], at)


def expect(provider: Provider, parts: Sequence[Part], at: datetime) -> None:
    """Notes the pieces of a batch; a receipt that was quicker settles its message now."""
    if not parts:
        return
    early = {
        part.ref: part for part in Part.objects.filter(provider=provider.name, ref__in=[part.ref for part in parts])
    }
    Part.objects.bulk_create([part for part in parts if part.ref not in early], ignore_conflicts=True)
    found = []
    for part in parts:
        if (quicker := early.get(part.ref)) is not None and quicker.message_id is None:
            quicker.message_id, quicker.accepted_at = part.message_id, part.accepted_at
            found.append(quicker)
    Part.objects.bulk_update(found, ["message_id", "accepted_at"])
    settle([part.message_id for part in found if part.message_id is not None], at)


def settle(message_ids: Iterable[int], at: datetime) -> None:
    """Moves messages whose pieces have all been told of."""
    pieces: dict[int, list[Part]] = defaultdict(list)
    # Of a message that was sent again only the pieces of its last acceptance speak: they share its moment.
    for part in Part.objects.filter(message_id__in=set(message_ids), accepted_at=F("message__sent_at")):
        pieces[part.message_id or 0].append(part)
    for message_id, parts in pieces.items():
        states = {part.state for part in parts}
        bad = next((state for state in WORST_FIRST if state in states), "")
        if not bad and states != {Message.DELIVERED}:
            continue
        error = next((part.error for part in parts if part.state == bad), "")
        Message.objects.filter(pk=message_id, state__in=[Message.SENT, Message.UNKNOWN]).update(
            state=bad or Message.DELIVERED, settled_at=at, next_try_at=None, last_error=error
        )


def give_up(*, at: datetime, limit: int = 500) -> int:
    """Messages whose receipt never came are listed as unknown, for a person to look at."""
    late = Message.objects.filter(
        state=Message.SENT, channel=Message.SMS, sent_at__lt=at - WAITED, next_try_at__isnull=False
    )
    rows = list(late.values_list("pk", flat=True)[:limit])
    return Message.objects.filter(pk__in=rows, state=Message.SENT).update(
        state=Message.UNKNOWN, settled_at=at, next_try_at=None
    )


def watch(*, at: datetime) -> int:
    """Puts providers behind the others whose receipts come late. Returns how many."""
    slow = 0
    for row in ProviderHealth.objects.filter(used_at__gt=at - LOOKED_BACK, channel=Message.SMS):
        parts = Part.objects.filter(provider=row.name, accepted_at__gt=at - LOOKED_BACK, accepted_at__lt=at - LATE)
        states = list(parts.values_list("state", flat=True)[:1000])
        waiting = sum(1 for state in states if state == Part.ACCEPTED)
        if len(states) >= ENOUGH and waiting * 2 > len(states):
            slow += ProviderHealth.objects.filter(pk=row.pk).update(slow_until=at + SLOW_FOR)
    return slow
