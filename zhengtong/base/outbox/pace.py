"""The share sent within ten seconds (capability S14), counted as messages leave, by the day they were caused."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from zhengtong.base.outbox.models import Message, Pace
from zhengtong.rules.messaging_delivery import PUNCTUAL

COUNTED = (Message.SMS, Message.MAIL, Message.WEBHOOK)  # what somebody waits for
HELD = "held"  # payload: the receiver's own wishes kept it back, so that it does not count


def count(messages: Iterable[tuple[Message, datetime | None]]) -> None:
    """Messages with the moment they left; None for one that never will. Call it in the transaction that says so."""
    counted: Counter[tuple[date, str]] = Counter()
    within: Counter[tuple[date, str]] = Counter()
    for message, left in messages:
        if message.channel not in COUNTED or message.payload.get(HELD):
            continue
        place = (timezone.localdate(message.created_at), message.channel)
        counted[place] += 1
        if left is not None and left - message.created_at <= PUNCTUAL:
            within[place] += 1
    # In one order for all workers: two that count the same days must not wait for each other.
    for day, channel in sorted(counted):
        more = {"counted": F("counted") + counted[day, channel], "within": F("within") + within[day, channel]}
        if not Pace.objects.filter(day=day, channel=channel).update(**more):
            Pace.objects.bulk_create([Pace(day=day, channel=channel)], ignore_conflicts=True)
            Pace.objects.filter(day=day, channel=channel).update(**more)
