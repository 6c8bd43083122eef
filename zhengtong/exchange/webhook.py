"""Telling an enterprise's own system: JSON by POST, signed, to public addresses only.

The name is resolved once and the connection goes to the address that was looked at, so that a name which answers
differently the second time (DNS rebinding) leads nowhere. No redirect is followed.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone

from zhengtong.base.outbox.channels import Outgoing, Provider, Receipt, Result
from zhengtong.domains.messaging.queries import secret_for
from zhengtong.rules.messaging_delivery import Outcome
from zhengtong.rules.refusal import Refusal, RefusalCode

TIMEOUT = 5.0
ALL_MOST = 60.0  # seconds a batch may take; what is left then waits
READ_MOST = 4096
# What a receiver never learns of an event: how we found the way to them, and words meant for other channels.
INNER = frozenset({"held", "may_stop", "enterprise_id", "path"})


Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class Forbidden(Exception):
    """An address no webhook may reach."""


def providers() -> Sequence[Provider]:
    return [Webhooks()] if settings.WEBHOOKS else []


@dataclass
class Webhooks:
    """Every endpoint fails for itself: none of them is a reason to leave the others alone."""

    name: str = "webhook"
    rate: int = 0
    batch: int = 20
    slow_after: float = 3600.0
    breaks: bool = False
    receipts_follow: bool = False

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        began = time.monotonic()
        results: list[Result] = []
        down: set[str] = set()  # hosts that timed out in this batch
        for one in messages:
            parts = _split(one.address)
            host = parts.netloc if parts else one.address
            if host in down or time.monotonic() - began > ALL_MOST:
                results.append(Result(one.id, Outcome.FAILED if host in down else Outcome.UNSENT, detail=""))
                continue
            result = post(one, began)
            if result.outcome is Outcome.NO_ANSWER:
                down.add(host)
            results.append(result)
        return results

    def receipts(self) -> list[Receipt]:
        return []

    def confirm(self, receipts: Sequence[Receipt]) -> None:
        """No receipts, nothing to confirm."""


def body(message: Outgoing) -> bytes:
    facts = {name: value for name, value in message.payload.items() if name not in INNER}
    event = {"id": message.key, "kind": message.kind, "at": message.created_at.isoformat(), "facts": facts}
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signature(secret: str, moment: int, payload: bytes) -> str:
    """HMAC-SHA256 over `moment.body`: the receiver refuses an old moment, and so a replay."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def post(message: Outgoing, began: float) -> Result:
    secret = secret_for(int(message.payload.get("enterprise_id") or 0), message.address)
    if not secret:
        return Result(message.id, Outcome.REFUSED, detail="no longer wanted")
    payload = body(message)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zhengtong-Webhook/1",
        "X-Zhengtong-Id": message.key.encode("ascii", "replace").decode(),
        "X-Zhengtong-Attempt": str(message.attempt),
        "X-Zhengtong-Signature": signature(secret, int(timezone.now().timestamp()), payload),
    }
    try:
        status, retry_after = _ask(checked(message.address), payload, headers)
    except Forbidden as fault:
        return Result(message.id, Outcome.REFUSED, detail=str(fault))
    except ConnectionRefusedError as fault:
        return Result(message.id, Outcome.FAILED, detail=str(fault), seconds=time.monotonic() - began)
    except (OSError, http.client.HTTPException) as fault:
        detail = f"{type(fault).__name__}: {fault}"
        return Result(message.id, Outcome.NO_ANSWER, detail=detail, seconds=time.monotonic() - began)
    outcome = _outcome(status)
    return Result(
        message.id,
        outcome,
        detail="" if outcome is Outcome.ACCEPTED else f"HTTP {status}",
        seconds=time.monotonic() - began,
        retry_after=retry_after if outcome is Outcome.FAILED else None,
        final=True,
    )


def _outcome(status: int) -> Outcome:
    """408, 425 and 429 ask for another try; any other 4xx, and a redirect, says that this will never do."""
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status >= 500 or status in (408, 425, 429):
        return Outcome.FAILED
    return Outcome.REFUSED


# --- where a webhook may go ---


def allowed(address: str) -> bool:
    """A public address, or one in the inner networks this house has named (WEBHOOK_NETWORKS)."""
    return all(_inner(one) or (one.is_global and not one.is_multicast) for one in _meant(address))


def inner(address: str) -> bool:
    return all(_inner(one) for one in _meant(address))


def _inner(one: Address) -> bool:
    return any(one in network for network in _networks() if network.version == one.version)


def _meant(address: str) -> list[Address]:
    """The address, and those it hides: IPv4 carried inside IPv6 (RFC 4291, 6052, 3056, 4380) must itself be allowed."""
    one = ipaddress.ip_address(address)
    if isinstance(one, ipaddress.IPv4Address):
        return [one]
    if one.ipv4_mapped is not None:
        return [one.ipv4_mapped]
    hidden: list[Address] = [four for four in (one.sixtofour, *(one.teredo or ())) if four is not None]
    if one in TRANSLATED:
        hidden.append(ipaddress.IPv4Address(int(one) & 0xFFFFFFFF))
    return [one, *hidden]


def _networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text, strict=False) for text in settings.WEBHOOK_NETWORKS]


def checked(url: str) -> SplitResult:
    """https, a host, no name or password in it; plain http only towards the named inner networks.

    Written as it travels: what is not ASCII would stand differently in the host's name (punycode) and in the path.
    """
    parts = _split(url)
    if parts is None or not parts.hostname or parts.username is not None:
        raise Forbidden("not an address")
    if any(not "!" <= character <= "~" for character in url):
        raise Forbidden("not an address")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOK_NETWORKS):
        raise Forbidden("not https")
    return parts


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number says so only when asked for
    except ValueError:
        return None
    return parts


def resolved(host: str, port: int, *, resolve: Callable[..., list[Any]] = socket.getaddrinfo) -> str:
    """The address to connect to. All the name's addresses must be allowed: one bad among them is an attempt."""
    try:
        entries = resolve(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:  # a label of more than 63 characters, or of none
        raise Forbidden("not an address") from fault
    found = [str(entry[4][0]).split("%")[0] for entry in entries]
    if not found or not all(allowed(address) for address in found):
        raise Forbidden("not a public address")
    return found[0]


def check_url(url: str) -> str:
    """For the form of an enterprise. Refusal(MESSAGE_WEBHOOK_ADDRESS); the name is looked up once more at every use."""
    try:
        parts = checked(url.strip())
        resolved(parts.hostname or "", parts.port or 443)
    except (Forbidden, OSError) as fault:
        raise Refusal(RefusalCode.MESSAGE_WEBHOOK_ADDRESS) from fault
    return url.strip()[:500]


def _ask(parts: SplitResult, payload: bytes, headers: dict[str, str]) -> tuple[int, int | None]:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolved(host, port)
    if parts.scheme != "https" and not inner(address):
        raise Forbidden("not https")
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    plain = socket.create_connection((address, port), timeout=TIMEOUT)
    try:
        secure = parts.scheme == "https"
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        shown = host if port in (80, 443) else f"{host}:{port}"
        connection.request("POST", path, body=payload, headers={**headers, "Host": shown})
        answer = connection.getresponse()
        answer.read(READ_MOST)
        return answer.status, retry_after(answer.headers.get("Retry-After", ""), timezone.now())
    finally:
        connection.close()
        plain.close()


def retry_after(value: str, now: datetime) -> int | None:
    """Seconds, whether the other side named them or a date (RFC 9110 §10.2.3)."""
    if value.strip().isdigit():
        return int(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, int((moment - now).total_seconds()))
