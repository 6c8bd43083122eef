"""SMS through message centres that speak SMPP 3.4, in the order the house prefers them (ZHENGTONG_SMS_PROVIDERS)."""

import contextlib
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from zhengtong.base.outbox.channels import Outgoing, Provider, Receipt, Result
from zhengtong.exchange import smpp_pdu as wire
from zhengtong.exchange.addresses import Unusable, seconds, usable, whole
from zhengtong.exchange.smpp import Answer, Client, Gone, Settings
from zhengtong.exchange.smpp_pdu import Address, Malformed, Pdu
from zhengtong.exchange.sms_text import pieces
from zhengtong.rules.messaging_delivery import Outcome

# Statuses after which the same message would be refused again (5.1.3): lengths, addresses, and what belongs to them.
FOR_GOOD = frozenset({0x01, 0x0A, 0x0B, 0x33, 0x34, 0x40, 0x42, 0x43, 0x44, 0x48, 0x49, 0x50, 0x51, 0x61, 0x62})
FULL = frozenset({wire.ESME_RTHROTTLED, wire.ESME_RMSGQFUL})
STATES = {"DELIVRD": "delivered", "EXPIRED": "expired", "DELETED": "failed", "UNDELIV": "failed", "REJECTD": "rejected"}
STATES_BY_NUMBER = {2: "delivered", 3: "expired", 4: "failed", 5: "failed", 8: "rejected"}  # 5.2.28
FIELD = re.compile(r"(id|stat|err):(\S*)", re.IGNORECASE)  # appendix B
HEX = re.compile("[0-9A-Fa-f]{1,32}")
NUMBER = re.compile(r"\+?[0-9]{5,20}")


def providers() -> Sequence[Provider]:
    return usable(settings.SMS_PROVIDERS, _from_address)[0]


def unusable() -> list[Unusable]:
    return usable(settings.SMS_PROVIDERS, _from_address)[1]


@cache
def _from_address(address: str) -> "Smpp":
    """smpp(s)://system_id:password@host:port?source=…&window=…&rate=…&sign=… (docs/operations.md)."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in {"smpp", "smpps"} or not parts.hostname:
        raise ValueError(
            "ZHENGTONG_SMS_PROVIDERS holds addresses like smpp://system_id:password@host:2775?source=10690000"
        )
    port = parts.port or (3550 if parts.scheme == "smpps" else 2775)
    client = Client(
        Settings(
            host=parts.hostname,
            port=port,
            system_id=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            system_type=options.get("type", ""),
            window=whole(options, "window", 10, least=1),
            answer_within=seconds(options, "wait", 5),
            tls=parts.scheme == "smpps",
            ca_file=options.get("ca", ""),
        )
    )
    source = options.get("source", "")
    return Smpp(
        name=options.get("name") or f"smpp:{parts.hostname}:{port}",
        client=client,
        source=Address(
            source,
            whole(options, "ton", 5 if source and not source.isdigit() else 0),
            whole(options, "npi", 0),
        ),
        country=options.get("country", "86"),
        sign=options.get("sign", ""),
        rate=whole(options, "rate", 0),
        slow_after=seconds(options, "slow", 3),
        hex_ids=options.get("ids") == "hex",
    )


@dataclass
class Smpp:
    """One message centre. Accepted is on its way; the receipt says whether it arrived."""

    name: str
    client: Client
    source: Address
    country: str = "86"
    sign: str = ""
    rate: int = 0
    slow_after: float = 3.0
    hex_ids: bool = False  # the centre numbers in hexadecimal when it accepts and in decimal when it reports
    batch: int = 100
    breaks: bool = True
    receipts_follow: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)
    unconfirmed: dict[str, Pdu] = field(default_factory=dict)

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        with self.lock:
            began = time.monotonic()
            try:
                self.client.connect()
            except Gone as gone:
                return [Result(one.id, Outcome.UNSENT, detail=str(gone)) for one in messages]
            results, bodies, owners = [], [], []
            for one in messages:
                try:
                    own = self._bodies(one)
                except ValueError as fault:
                    results.append(Result(one.id, Outcome.REFUSED, detail=str(fault)))
                    continue
                bodies += own
                owners += [one.id] * len(own)
            late = time.monotonic() - began
            answers = self.client.submit(bodies)
            cut = "" if self.client.bound else "the connection ended"
        told: dict[int, list[Answer]] = {}
        for owner, answer in zip(owners, answers, strict=True):
            told.setdefault(owner, []).append(answer)
        return results + [self._result(owner, own, late, cut) for owner, own in told.items()]

    def _bodies(self, message: Outgoing) -> list[bytes]:
        number = message.address.replace(" ", "").replace("-", "")
        if not NUMBER.fullmatch(number):
            raise ValueError("not a telephone number")
        number = number[1:] if number.startswith("+") else f"{self.country}{number}"
        text = f"【{self.sign}】{message.text}" if self.sign else message.text
        if not text:
            raise ValueError("no text")
        left = (message.valid_until - timezone.now()).total_seconds() if message.valid_until else 0
        cut = pieces(text, message.id)
        return [
            wire.submit_body(
                self.source, Address(number), body, coding=cut.coding, headed=cut.headed,
                validity=wire.validity(int(left)), urgent=message.urgent,
            )
            for body in cut.bodies
        ]  # fmt: skip

    def _result(self, message_id: int, answers: list[Answer], late: float, cut: str) -> Result:
        """Of several pieces: as well as the worst. A half-accepted one may be doubled in part by its next try."""
        refs = tuple(self._ref(answer.ref) for answer in answers if answer.status == wire.ESME_ROK)
        seconds = late + max(answer.seconds for answer in answers)
        if len(refs) == len(answers):
            return Result(message_id, Outcome.ACCEPTED, refs, seconds=seconds)
        if any(answer.sent and answer.status is None for answer in answers) or refs:
            return Result(message_id, Outcome.NO_ANSWER, detail=cut or "no answer in time", seconds=seconds)
        statuses = [answer.status for answer in answers if answer.status is not None]
        if not statuses:
            return Result(message_id, Outcome.UNSENT, detail=cut)
        detail = f"SMPP 0x{statuses[0]:08X}"
        if any(status in FULL for status in statuses):
            return Result(message_id, Outcome.THROTTLED, detail=detail, seconds=seconds)
        for_good = all(status in FOR_GOOD for status in statuses)
        return Result(message_id, Outcome.REFUSED if for_good else Outcome.FAILED, detail=detail, seconds=seconds)

    def _ref(self, ref: str) -> str:
        if self.hex_ids and HEX.fullmatch(ref):
            return str(int(ref, 16))
        return ref[:80]

    def receipts(self) -> list[Receipt]:
        """Never raises: a line that is cut is noticed by the next batch, which binds anew."""
        with self.lock:
            try:
                self.client.connect()
                come = self.client.received()
            except Gone:
                return []
            found = []
            for pdu in come:
                receipt = read_receipt(pdu)
                if receipt is None:
                    self._confirm([pdu])  # a message from a person, or a report on the way: nothing to keep
                else:
                    self.unconfirmed[receipt.ref] = pdu
                    found.append(receipt)
            return found

    def confirm(self, receipts: Sequence[Receipt]) -> None:
        with self.lock:
            self._confirm([self.unconfirmed.pop(one.ref) for one in receipts if one.ref in self.unconfirmed])

    def _confirm(self, pdus: Sequence[Pdu]) -> None:
        with contextlib.suppress(Gone):  # the centre sends them again, and they are known then
            self.client.confirm(pdus)


def read_receipt(pdu: Pdu) -> Receipt | None:
    """A final receipt, by its optional parameters where the centre sends them, else by its text (appendix B)."""
    try:
        delivered = wire.parse_deliver(pdu.body)
    except Malformed:
        return None
    if not delivered.is_receipt:
        return None
    fields = {name.lower(): value for name, value in FIELD.findall(delivered.text)}
    ref = delivered.options.get(wire.RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("ascii", "replace")
    ref = ref or fields.get("id", "")
    number = delivered.options.get(wire.MESSAGE_STATE, b"")
    state = STATES_BY_NUMBER.get(number[0], "") if number else STATES.get(fields.get("stat", "").upper(), "")
    if not ref or not state:
        return None
    return Receipt(ref[:80], state, _now(), "" if state == "delivered" else fields.get("err", ""))


def _now() -> datetime:
    return timezone.now()
