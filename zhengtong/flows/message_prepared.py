"""From an event to messages with words: by template, language, wishes, hours. The step that told us waits for none of it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from zhengtong.base.outbox import pace, preparing
from zhengtong.base.outbox.actions import lane, message
from zhengtong.base.outbox.models import Message
from zhengtong.domains.messaging import queries
from zhengtong.domains.messaging.models import Webhook
from zhengtong.domains.messaging.queries import Known
from zhengtong.rules import messaging
from zhengtong.rules.messaging import Channel, Template
from zhengtong.rules.messaging_hours import QUIET, QuietHours, digest_after

log = structlog.get_logger(__name__)

DIGEST = "digest.daily"
LINES = 30  # of one digest


@transaction.atomic
def prepare(*, at: datetime, limit: int = 200) -> int:
    """Gives new messages their words and sends them by the receiver's ways. Returns how many there were."""
    preparing.wake(at=at)
    rows = preparing.new(limit)
    if not rows:
        return 0
    templates = queries.in_force()
    known = queries.receivers({row.account_id for row in rows if row.account_id is not None})
    hooks = queries.webhooks({_enterprise(row) for row in rows} - {0})
    names = queries.names_in_english(row.payload for row in rows if _in_english(row, known))
    further: list[Message] = []
    for row in rows:
        try:
            further += _prepare(row, templates.get(row.kind), known, hooks, names, at)
        except Exception as fault:  # one strange message is listed for a person; it must not stop all others
            log.exception("message.not_prepared", message=row.pk, kind=row.kind)
            row.state, row.next_try_at, row.last_error = Message.DEAD, None, f"{type(fault).__name__}: {fault}"[:300]
    preparing.keep(rows, further)
    return len(rows)


def _in_english(row: Message, known: Mapping[int, Known]) -> bool:
    """Whether its receiver reads English: an account says so itself, a bare address by what was told with it."""
    if row.account_id is not None:
        return row.account_id in known and known[row.account_id].english
    return str(row.payload.get("language", "")).startswith("en")


def _prepare(
    row: Message,
    template: Template | None,
    known: Mapping[int, Known],
    hooks: Mapping[int, Webhook],
    names: Mapping[str, str],
    at: datetime,
) -> list[Message]:
    """Readies one message; returns the further ones its event asks for."""
    if row.channel == Message.IN_APP:
        _show(row, template, at)
        if template is None or row.state == Message.UNWANTED:
            return []
        return _ways(row, template, known.get(row.account_id or 0), hooks, names, at)
    if template is None:
        row.state, row.next_try_at, row.last_error = Message.DEAD, None, "no template"
    elif not template.enabled:
        row.state, row.next_try_at = Message.UNWANTED, None
    else:
        row.payload = row.payload | _words(row, template, Channel(row.channel), _in_english(row, known), names)
        _time(row, template, QUIET, at)
    return []


def _show(row: Message, template: Template | None, at: datetime) -> None:
    row.state, row.sent_at, row.next_try_at = Message.SENT, at, None
    if template is not None and not template.enabled:
        row.state, row.sent_at = Message.UNWANTED, None
    if template is not None and template.version:
        row.payload = row.payload | {"edition": template.version}


def _ways(
    row: Message,
    template: Template,
    known: Known | None,
    hooks: Mapping[int, Webhook],
    names: Mapping[str, str],
    at: datetime,
) -> list[Message]:
    """The outer copies of an in-app message."""
    if known is None:
        return []
    hook = hooks.get(_enterprise(row))
    addresses = {Channel.SMS: known.phone, Channel.MAIL: known.email, Channel.WEBHOOK: hook.url if hook else ""}
    wish = known.wishes.get(row.kind)
    copies = []
    for channel in messaging.ways(template, wish, [way for way, address in addresses.items() if address]):
        copy = message(
            row.kind,
            key=f"{row.key}:{channel}",
            at=row.created_at,
            account_id=row.account_id,
            channel=channel,
            address=addresses[channel],
            subject=(row.subject_kind, row.subject_key),
            payload=row.payload | _words(row, template, channel, known.english, names),
            valid_until=row.valid_until,
        )
        copy.next_try_at = at
        if wish is not None and wish.digest and channel is not Channel.WEBHOOK:
            copy.state, copy.next_try_at = Message.DIGEST, digest_after(at)
        else:
            _time(copy, template, known.quiet, at)
        copies.append(copy)
    return copies


def _enterprise(row: Message) -> int:
    """Whom the matter was filed for; 0 for nobody."""
    said = str(row.payload.get("enterprise_id") or "")
    return int(said) if said.isdecimal() and said.isascii() else 0


def _words(
    row: Message, template: Template, channel: Channel, english: bool, names: Mapping[str, str]
) -> dict[str, object]:
    """What the receiver reads, kept with the message: a later edition changes nothing of it. `names`: in English."""
    groups = queries.group_words(template.group)
    facts = queries.with_names(row.payload, names) if english else row.payload
    words: dict[str, object] = {
        "title": f"{groups[english]}{': ' if english else '：'}{template.name_en if english else template.name}",
        "text": messaging.fill(messaging.sentence(template, channel, english=english), facts, english=english),
        "language": "en" if english else "zh-hans",
    }
    path = row.payload.get("path") or messaging.fill(template.path, row.payload, english=english)
    if path:
        words["link"] = f"{settings.PUBLIC_URL}{path}"
    if template.version:
        words["edition"] = template.version
    if channel is Channel.MAIL and not template.legal:
        words["may_stop"] = True
    return words


def _time(row: Message, template: Template, quiet: QuietHours | None, at: datetime) -> None:
    row.urgent = template.urgent
    row.state, row.next_try_at = Message.PENDING, at
    if quiet is None or template.urgent or row.channel == Message.WEBHOOK:
        return
    if (end := quiet.end_after(at)) is not None:
        row.state, row.next_try_at = Message.QUIET, end
        row.payload = row.payload | {pace.HELD: True}


@transaction.atomic
def send_digests(*, at: datetime, limit: int = 500) -> int:
    """One message a person and way of what a day held back for them."""
    rows = preparing.digested(limit, at=at)
    if not rows:
        return 0
    template = queries.in_force()[DIGEST]
    held: dict[tuple[int | None, str, str], list[Message]] = defaultdict(list)
    for row in rows:
        held[row.account_id, row.channel, row.address].append(row)
    digests = []
    for (account_id, channel, address), own in held.items():
        english = str(own[0].payload.get("language", "")).startswith("en")
        lines = [f"· {row.payload.get('text', '')}" for row in own[:LINES]]
        facts: dict[str, object] = {"count": str(len(own)), "lines": "\n".join(lines), "path": "/messages/"}
        digest = message(
            DIGEST, key=f"{DIGEST}:{own[-1].pk}", at=at, account_id=account_id, channel=channel, address=address,
            payload=facts,
        )  # fmt: skip
        digest.payload = facts | _words(digest, template, Channel(channel), english, {})
        digest.payload.pop("lines")
        digest.lane = lane(("digest", str(account_id)), channel, address)
        digest.state = Message.PENDING
        digests.append(digest)
    preparing.bundle(rows, digests, at=at)
    return len(digests)
