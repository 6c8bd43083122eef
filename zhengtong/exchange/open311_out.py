"""Letters to another house by Open311: handed over by the outbox with its retries; number and status read back later.

Towards public addresses only, as webhooks are; the same networks may be allowed (WEBHOOK_NETWORKS).
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.utils import timezone

from zhengtong.base.outbox.channels import Outgoing, Provider, Receipt, Result
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.open311 import actions, queries
from zhengtong.exchange.webhook import Forbidden, checked, inner, resolved
from zhengtong.flows.letter_passed_on import hear_of, hear_refusal
from zhengtong.rules.messaging_delivery import Outcome
from zhengtong.rules.refusal import Refusal

TIMEOUT, ALL_MOST, READ_MOST = 5.0, 30.0, 256 * 1024
AGAIN = (408, 425, 429)


def providers() -> Sequence[Provider]:
    """Always there: a partner may be admitted while the worker runs."""
    return [Endpoints()]


@dataclass
class Endpoints:
    """Every partner fails for itself. Their receipts are asked for by `read_back`, not awaited here."""

    name: str = "open311"
    rate: int = 0
    batch: int = 10
    slow_after: float = 3600.0
    breaks: bool = False
    receipts_follow: bool = False

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        began = time.monotonic()
        return [
            post(one, began) if time.monotonic() - began < ALL_MOST else Result(one.id, Outcome.UNSENT)
            for one in messages
        ]

    def receipts(self) -> list[Receipt]:
        return []

    def confirm(self, receipts: Sequence[Receipt]) -> None:
        """None come here."""


def fields_of(letter: letters.Letter, partner: queries.Partner, service_code: str) -> dict[str, str]:
    """What leaves the house: the words, the place and the kind. Never who wrote it."""
    words = letter.moderated or letter.text
    given = {
        "api_key": partner.key, "jurisdiction_id": partner.jurisdiction_id, "service_code": service_code,
        "description": f"{letter.subject_line}\n\n{words}"[:4_000], "address_string": letter.address or "—",
        "lat": str(letter.latitude) if letter.latitude is not None else "",
        "long": str(letter.longitude) if letter.longitude is not None else "",
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


def post(one: Outgoing, began: float) -> Result:
    at = timezone.now()
    partner = queries.partner_for(one.address)
    number = str(one.payload["number"])
    letter = letters.letters_by_numbers([number]).get(number)
    row = queries.passed_for(partner, number)
    if letter is None or row is None or not partner.active:
        return Result(one.id, Outcome.REFUSED, detail="no longer wanted")
    body = urlencode(fields_of(letter, partner, row.service_code)).encode()
    try:
        status, content = _ask(f"{partner.url}/requests.json", body, {"Idempotency-Key": one.key})
    except Forbidden as fault:
        hear_refusal(row, str(fault), at=at)
        return Result(one.id, Outcome.REFUSED, detail=str(fault))
    except (OSError, http.client.HTTPException) as fault:
        return Result(one.id, Outcome.FAILED, detail=f"{type(fault).__name__}: {fault}", seconds=_since(began))
    if status in AGAIN or status >= 500:
        return Result(one.id, Outcome.FAILED, detail=f"HTTP {status}", seconds=_since(began))
    first = _first(content)
    remote, token = str(first.get("service_request_id") or ""), str(first.get("token") or "")
    if not 200 <= status < 300 or not (remote or token):
        fault_said = str(first.get("description") or "")[:200]
        hear_refusal(row, f"HTTP {status} {fault_said}", at=at)
        return Result(one.id, Outcome.REFUSED, detail=f"HTTP {status} {fault_said}", seconds=_since(began))
    actions.taken(row, remote_id=remote, token=token, at=at)
    return Result(one.id, Outcome.ACCEPTED, refs=(remote or token,), seconds=_since(began), final=True)


def read_back(*, at: datetime, limit: int = 50) -> int:
    """The worker's duty: turns tokens into numbers and asks how letters stand. Returns how many answered."""
    answered = 0
    for row in queries.to_look_at(at=at, limit=limit):
        try:
            answered += _look(row, at)
        except (Forbidden, OSError, http.client.HTTPException, ValueError, Refusal) as fault:
            actions.unheard(row, f"{type(fault).__name__}: {fault}", at=at)
    return answered


def _look(row: queries.Passed, at: datetime) -> bool:
    partner = row.partner
    known = {n: v for n, v in (("api_key", partner.key), ("jurisdiction_id", partner.jurisdiction_id)) if v}
    asked = "?" + urlencode(known) if known else ""
    where = f"requests/{quote(row.remote_id, safe='')}" if row.remote_id else f"tokens/{quote(row.token, safe='')}"
    status, content = _ask(f"{partner.url}/{where}.json{asked}", None, {})
    first = _first(content)
    if status != 200 or not first:
        actions.unheard(row, f"HTTP {status}", at=at)
        return False
    if not row.remote_id:
        number = str(first.get("service_request_id") or "")
        if number:
            actions.taken(row, remote_id=number, token=row.token, at=at)
        else:
            actions.unheard(row, "", at=at)
        return bool(number)
    hear_of(row, str(first.get("status") or "open"), str(first.get("status_notes") or "")[:4_000], at=at)
    return True


def _first(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    first = found[0] if isinstance(found, list) and found else found
    return first if isinstance(first, dict) else {}


def _since(began: float) -> float:
    return time.monotonic() - began


def _ask(url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """POST with a body, GET without; to the address that was looked at (see webhook.py), no redirect followed."""
    parts = checked(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    address = resolved(host, port)
    if not secure and not inner(address):
        raise Forbidden("not https")
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    plain = socket.create_connection((address, port), timeout=TIMEOUT)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        shown = {"User-Agent": "Zhengtong-Open311/1", "Host": host if port in (80, 443) else f"{host}:{port}"}
        if body is not None:
            shown["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if body is None else "POST", path, body=body, headers=shown | headers)
        answer = connection.getresponse()
        return answer.status, answer.read(READ_MOST)
    finally:
        connection.close()
        plain.close()
