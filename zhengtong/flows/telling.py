"""Telling somebody that something has happened: one call for every room, whatever the way it then takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.outbox.models import Message
from zhengtong.domains.messaging import queries
from zhengtong.rules.canonical import plain
from zhengtong.rules.messaging import Channel


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account, else a bare phone or e-mail. `language` ("zh-hans", "en") counts where there is no account."""

    account_id: int | None = None
    phone: str = ""
    email: str = ""
    language: str = ""


def tell(
    kind: str,
    *,
    key: str,
    to: Recipient,
    subject: tuple[str, str],
    facts: Mapping[str, object],
    at: datetime,
) -> None:
    """Queues what `kind` says (domains/messaging/data/templates.toml), in the caller's transaction.

    A key told before tells nobody again. Who cannot be reached is told nothing: that is no error. `facts` hold no
    personal data; `path` among them is the page of the portal that the message opens.
    """
    queue(*said(kind, key=key, to=to, subject=subject, facts=facts, at=at))


def said(
    kind: str, *, key: str, to: Recipient, subject: tuple[str, str], facts: Mapping[str, object], at: datetime
) -> list[Message]:
    """The unsaved messages of `tell`, for a step that writes all of its messages at once."""
    template = queries.template(kind)
    payload = {name: plain(value) if not isinstance(value, float) else str(value) for name, value in facts.items()}
    payload = {name: value for name, value in payload.items() if value not in (None, "")}
    if to.account_id is not None:
        return [message(kind, key=key, at=at, account_id=to.account_id, subject=subject, payload=payload)]
    if to.language:
        payload["language"] = to.language
    ways = {Channel.SMS: to.phone, Channel.MAIL: to.email}
    for channel in template.channels:
        if address := ways.get(channel, ""):
            return [message(kind, key=key, at=at, channel=channel, address=address, subject=subject, payload=payload)]
    return []
