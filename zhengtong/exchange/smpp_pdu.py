"""The wire of SMPP 3.4: protocol data units in and out. Only those a sender of messages needs.

Section numbers are those of the Short Message Peer to Peer Protocol Specification v3.4.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = struct.Struct(">IIII")  # length, command, status, sequence (3.2)
LONGEST = 64 * 1024  # what no honest PDU exceeds

RESPONSE = 0x80000000
GENERIC_NACK = 0x80000000
SUBMIT_SM = 0x00000004
DELIVER_SM = 0x00000005
UNBIND = 0x00000006
BIND_TRANSCEIVER = 0x00000009
ENQUIRE_LINK = 0x00000015

ESME_ROK = 0x00000000
ESME_RINVCMDID = 0x00000003
ESME_RBINDFAIL = 0x0000000D
ESME_RMSGQFUL = 0x00000014
ESME_RTHROTTLED = 0x00000058

RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x001E, 0x0427  # optional parameters of a receipt (5.3.2)
MESSAGE_TYPE, IS_RECEIPT = 0x3C, 0x04  # esm_class: these bits, this value for a receipt of the centre (5.2.12)
HAS_HEADER = 0x40  # esm_class: the text begins with a user data header


class Malformed(Exception):
    """What came is no SMPP; nothing after it can be read."""


@dataclass(frozen=True, slots=True)
class Pdu:
    command: int
    sequence: int
    status: int = ESME_ROK
    body: bytes = b""

    def wire(self) -> bytes:
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body

    def answer(self, body: bytes = b"", status: int = ESME_ROK) -> "Pdu":
        return Pdu(self.command | RESPONSE, self.sequence, status, body)


@dataclass
class Reader:
    """Bytes as they come, whole PDUs as they are complete: a pause in the middle of one loses nothing."""

    held: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[Pdu]:
        self.held += data
        while len(self.held) >= HEADER.size:
            length, command, status, sequence = HEADER.unpack_from(self.held)
            if not HEADER.size <= length <= LONGEST:
                raise Malformed(f"a PDU of {length} bytes")
            if len(self.held) < length:
                return
            body = bytes(self.held[HEADER.size : length])
            del self.held[:length]
            yield Pdu(command, sequence, status, body)


def cstring(text: str, most: int) -> bytes:
    """A C-octet string; ValueError when it is longer than its field (the end counts) or holds what is no ASCII."""
    raw = text.encode("ascii")
    if len(raw) >= most or b"\0" in raw:
        raise ValueError(f"{len(raw)} octets in a field of {most}")
    return raw + b"\0"


def bind_body(system_id: str, password: str, system_type: str) -> bytes:
    """4.1.5: interface version 3.4, no address range."""
    names = cstring(system_id, 16) + cstring(password, 9) + cstring(system_type, 13)
    return names + bytes([0x34, 0, 0]) + cstring("", 41)


@dataclass(frozen=True, slots=True)
class Address:
    number: str
    ton: int = 1
    npi: int = 1

    def wire(self) -> bytes:
        return bytes([self.ton, self.npi]) + cstring(self.number, 21)


def submit_body(
    source: Address, destination: Address, text: bytes, *, coding: int, headed: bool, validity: str, urgent: bool
) -> bytes:
    """4.4.1, with a receipt asked for whatever the end (5.2.17)."""
    return b"".join(
        (
            cstring("", 6),
            source.wire(),
            destination.wire(),
            bytes([HAS_HEADER if headed else 0, 0, 1 if urgent else 0]),
            cstring("", 17),
            cstring(validity, 17),
            bytes([1, 0, coding, 0, len(text)]),
            text,
        )
    )


def validity(seconds: int) -> str:
    """A relative time (7.1.1.2): what is of no use later is not delivered later. Empty: the centre's own rule."""
    if seconds <= 0:
        return ""
    minutes, second = divmod(min(seconds, 99 * 86400), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"0000{days:02}{hour:02}{minute:02}{second:02}000R"


def first_cstring(body: bytes) -> str:
    return body.split(b"\0", 1)[0].decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A deliver_sm as far as a receipt needs it (4.6.1)."""

    esm_class: int
    text: str
    options: dict[int, bytes]

    @property
    def is_receipt(self) -> bool:
        return self.esm_class & MESSAGE_TYPE == IS_RECEIPT


def parse_deliver(body: bytes) -> Delivered:
    try:
        at = body.index(b"\0") + 1  # service_type
        for _ in range(2):  # source and destination: ton, npi, address
            at = body.index(b"\0", at + 2) + 1
        esm_class = body[at]
        at += 3  # esm_class, protocol_id, priority_flag
        for _ in range(2):  # schedule_delivery_time, validity_period
            at = body.index(b"\0", at) + 1
        length = body[at + 4]  # after registered_delivery, replace_if_present, data_coding, sm_default_msg_id
        text = body[at + 5 : at + 5 + length]
        return Delivered(esm_class, text.decode("latin-1"), _options(body[at + 5 + length :]))
    except (ValueError, IndexError, struct.error) as fault:
        raise Malformed("a deliver_sm that ends too early") from fault


def _options(rest: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(rest) >= 4:
        tag, length = struct.unpack_from(">HH", rest)
        found[tag] = rest[4 : 4 + length]
        rest = rest[4 + length :]
    return found
