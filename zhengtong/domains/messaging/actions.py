from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base import editions, journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.messaging import queries
from zhengtong.domains.messaging.models import Guest, Manner, Webhook, Wish, Wording, WordingEdition
from zhengtong.rules.kinds import Kind
from zhengtong.rules.messaging import Channel, Draft, Wishes, check_draft
from zhengtong.rules.messaging_hours import QuietHours
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

# --- templates ---


@transaction.atomic
def draft(kind: str, words: Draft, *, by: Acting, at: datetime) -> Wording:
    """Keeps new words beside those in force."""
    template, row = queries.wording(by, kind)
    check_draft(template, words)
    event = Event(Kind.TEMPLATE_DRAFTED, {"enabled": words.enabled})
    if row is None:
        row = Wording(kind=kind, draft=asdict(words))
        journal.insert(row, event, by=by, at=at)
    else:
        journal.commit(row, event, by=by, at=at, draft=asdict(words))
    return row


@transaction.atomic
def drop_draft(kind: str, *, by: Acting, at: datetime) -> None:
    _, row = queries.wording(by, kind)
    if row is None or not row.draft:
        raise Refusal(RefusalCode.MESSAGE_TEMPLATE_STATE)
    journal.commit(row, Event(Kind.TEMPLATE_DROPPED), by=by, at=at, draft={})


@transaction.atomic
def publish(kind: str, *, by: Acting, at: datetime) -> WordingEdition:
    """The draft is what messages say from now on; those already written keep their words."""
    template, row = queries.wording(by, kind)
    if row is None or not row.draft:
        raise Refusal(RefusalCode.MESSAGE_TEMPLATE_STATE)
    check_draft(template, Draft(**row.draft))
    number = row.edition + 1
    edition = WordingEdition.objects.create(
        wording=row, number=number, words=row.draft, published_at=at, published_by=by.name
    )
    facts = {"edition": number, "zh": row.draft["zh"], "enabled": row.draft["enabled"]}
    journal.commit(row, Event(Kind.TEMPLATE_PUBLISHED, facts), by=by, at=at, draft={}, edition=number)
    editions.bump(queries.EDITION)
    return edition


# --- wishes of a receiver: their own, and of no concern to the journal ---


@transaction.atomic
def set_wishes(account_id: int, wishes: Mapping[str, Wishes], *, officer: bool) -> None:
    """Replaces the wishes named. Refusal(MESSAGE_LEGAL) for silence where the law asks for a notice."""
    known, templates = queries.preferences(account_id, officer=officer)
    reachable = {Channel.SMS: bool(known.phone), Channel.MAIL: bool(known.email)}
    rows = []
    for template in templates:
        if (wish := wishes.get(template.kind)) is None:
            continue
        asked = [channel for channel in template.channels if channel in wish.channels and channel is not Channel.IN_APP]
        able = [channel for channel in template.channels if reachable.get(channel)]
        if template.legal and able and not any(channel in asked for channel in able):
            raise Refusal(RefusalCode.MESSAGE_LEGAL)
        digest = wish.digest and not (template.legal or template.urgent)
        rows.append(Wish(account_id=account_id, kind=template.kind, channels=[str(c) for c in asked], digest=digest))
    Wish.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["account", "kind"], update_fields=["channels", "digest"]
    )


@transaction.atomic
def stop(account_id: int, kind: str, channel: Channel, *, officer: bool) -> None:
    """No more of one kind by one way (the link in a mail)."""
    known, templates = queries.preferences(account_id, officer=officer)
    template = next((one for one in templates if one.kind == kind), None)
    if template is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    now = known.wishes.get(kind) or Wishes(template.wished)
    left = tuple(one for one in now.channels if one is not channel)
    set_wishes(account_id, {kind: Wishes(left, now.digest)}, officer=officer)


def set_quiet_hours(account_id: int, hours: QuietHours | None) -> None:
    """None: messages may come at night."""
    Manner.objects.update_or_create(
        account_id=account_id,
        defaults={
            "quiet_since": hours.since if hours else None,
            "quiet_until": hours.until if hours else None,
        },
    )


def set_webhook(enterprise_id: int, url: str, *, secret: str, at: datetime) -> Webhook:
    """The door has checked the address and made the secret; a new address gets a new secret."""
    row, _ = Webhook.objects.update_or_create(
        enterprise_id=enterprise_id, defaults={"url": url, "secret": secret, "active": True, "changed_at": at}
    )
    return row


def drop_webhook(enterprise_id: int) -> None:
    Webhook.objects.filter(enterprise_id=enterprise_id).delete()


# --- the guest list ---


@transaction.atomic
def list_guest(address: str, *, note: str, key: str, by: Acting, at: datetime) -> Guest:
    """The key is made at the door. An address listed before is listed again, not twice."""
    by.check(Ability.KEEP_MESSAGES)
    known = Guest.objects.filter(address_hash=lookup_hash(address)).first()
    event = Event(Kind.GUEST_LISTED, {"note": note})
    if known is None:
        known = Guest(key=key, address=address, address_hash=lookup_hash(address), note=note, active=True, added_at=at)
        journal.insert(known, event, by=by, at=at)
    elif not known.active:
        journal.commit(known, event, by=by, at=at, active=True, note=note)
    return known


@transaction.atomic
def strike_guest(key: str, *, by: Acting, at: datetime) -> None:
    by.check(Ability.KEEP_MESSAGES)
    row = Guest.objects.filter(key=key, active=True).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    changes: dict[str, Any] = {"active": False}
    journal.commit(row, Event(Kind.GUEST_STRUCK), by=by, at=at, **changes)
