"""A template tried out on somebody of the guest list, and on nobody else."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.permission import Acting
from zhengtong.domains.messaging import queries
from zhengtong.rules import messaging
from zhengtong.rules.messaging import Channel, Draft
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def try_out(
    kind: str,
    *,
    guest: str,
    channel: Channel,
    english: bool,
    facts: Mapping[str, str],
    key: str,
    by: Acting,
    at: datetime,
) -> None:
    """Sends the draft, or what is in force where there is none. `key` is made at the door."""
    template, row = queries.wording(by, kind)
    if row is not None and row.draft:
        template = messaging.worded(template, Draft(**row.draft), template.version)
    address = queries.guest_for(by, guest, channel).address
    if channel not in template.channels:
        raise Refusal(RefusalCode.NOT_FOUND)
    text = messaging.fill(messaging.sentence(template, channel, english=english), facts, english=english)
    payload = {
        "title": template.name_en if english else template.name,
        "text": text,
        "language": "en" if english else "zh-hans",
    }
    queue(message(kind, key=f"try:{key}", at=at, channel=channel, address=address, payload=payload, urgent=True))
