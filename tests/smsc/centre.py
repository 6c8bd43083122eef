"""The centre: takes messages, hands them to its handsets, reports, and can misbehave in the ways real ones do.

It shares no line with zhengtong/exchange/smpp*.py: what both understand is the specification's.
"""

import socket
import ssl
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field

BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x09, 0x04, 0x05, 0x06, 0x15
RESP = 0x80000000
OK, INVALID_DESTINATION, BIND_FAILED, INVALID_PASSWORD, THROTTLED = 0x00, 0x0B, 0x0D, 0x0E, 0x58


@dataclass
class Habits:
    """How this centre behaves; may be changed while it runs."""

    password: str = "secret"
    throttle: int = 0  # submits a second before it says THROTTLED
    swallow_every: int = 0  # of every n accepted submits one is never answered
    slow: float = 0.0  # seconds before a response
    refuse: frozenset[str] = frozenset()  # numbers it calls invalid
    undeliverable: frozenset[str] = frozenset()  # numbers whose handset is never reached
    receipts: bool = True
    receipt_first: bool = False  # the receipt overtakes the response
    hex_ids: bool = False  # hexadecimal in the response, decimal in the receipt
    mute: bool = False  # bound, and answers nothing any more
    dribble: bool = False  # responses leave byte by byte


@dataclass(frozen=True)
class Received:
    """One submit_sm as it arrived."""

    ref: str
    to: str
    esm_class: int
    coding: int
    raw: bytes
    validity: str
    answered: bool
    at: float  # by one clock for all centres of a process

    @property
    def head(self) -> tuple[int, int, int] | None:
        """(reference, pieces, number of this piece) of a concatenated message."""
        return (self.raw[3], self.raw[4], self.raw[5]) if self.esm_class & 0x40 else None

    @property
    def text(self) -> str:
        body = self.raw[1 + self.raw[0] :] if self.esm_class & 0x40 else self.raw
        return body.decode("utf-16-be") if self.coding == 8 else body.decode("latin-1")


@dataclass
class Centre:
    habits: Habits = field(default_factory=Habits)
    first_ref: int = 1
    received: list[Received] = field(default_factory=list)
    binds: int = 0
    enquiries: int = 0
    confirmed: int = 0  # deliver_sm_resp that came back
    dead: bool = False
    port: int = 0
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server: socket.socket | None = None
        self._lines: list[_Line] = []
        self._waiting: deque[tuple[str, bytes]] = deque()  # receipts nobody has confirmed, kept over connections
        self._second, self._used = 0, 0
        self._accepted = 0

    # --- life ---

    def start(self) -> "Centre":
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        self.dead = False
        threading.Thread(target=self._listen, args=(self._server,), daemon=True).start()
        return self

    def kill(self) -> None:
        """Dies in the middle: what was being answered is not."""
        self.dead = True
        if self._server is not None:
            self._server.close()
        for line in list(self._lines):
            line.cut()

    stop = kill

    def _listen(self, server: socket.socket) -> None:
        while not self.dead:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                try:
                    plain = self.tls.wrap_socket(plain, server_side=True)
                except OSError:  # the client trusts us not
                    plain.close()
                    continue
            line = _Line(self, plain)
            self._lines.append(line)
            threading.Thread(target=line.run, daemon=True).start()

    # --- messages ---

    def take(self, body: bytes) -> tuple[int, str, bool]:
        """(status, number, whether it will be answered)."""
        at = body.index(b"\0") + 1
        at = body.index(b"\0", at + 2) + 1  # source
        end = body.index(b"\0", at + 2)
        to = body[at + 2 : end].decode()
        at = end + 1
        esm_class = body[at]
        at = body.index(b"\0", at + 3) + 1  # schedule
        end = body.index(b"\0", at)
        validity = body[at:end].decode()
        at = end + 1
        registered, _, coding, _, length = body[at : at + 5]
        raw = body[at + 5 : at + 5 + length]
        with self._lock:
            if self.habits.throttle and not self._room():
                return THROTTLED, "", True
            if to in self.habits.refuse:
                return INVALID_DESTINATION, "", True
            self._accepted += 1
            swallowed = bool(self.habits.swallow_every) and self._accepted % self.habits.swallow_every == 0
            number = self.first_ref + len(self.received)
            ref = f"{number:x}" if self.habits.hex_ids else str(number)
            told = str(number)
            one = Received(told, to, esm_class, coding, raw, validity, not swallowed, time.monotonic())
            self.received.append(one)
            if registered & 1 and self.habits.receipts:
                self._waiting.append((told, _receipt(told, to, reached=to not in self.habits.undeliverable)))
        return OK, ref, not swallowed

    def _room(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._used = second, 0
        self._used += 1
        return self._used <= self.habits.throttle

    def due_receipts(self) -> list[tuple[str, bytes]]:
        with self._lock:
            return list(self._waiting)[:200]

    def confirm(self, ref: str) -> None:
        with self._lock:
            self.confirmed += 1
            self._waiting = deque(one for one in self._waiting if one[0] != ref)

    # --- what tests ask ---

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(handset, text) as a person reads them: long ones joined, in the order their last piece came."""
        whole: list[tuple[str, str]] = []
        held: dict[tuple[str, int], dict[int, str]] = {}
        for one in self.received:
            if one.head is None:
                whole.append((one.to, one.text))
                continue
            reference, count, number = one.head
            parts = held.setdefault((one.to, reference), {})
            parts[number] = one.text
            if len(parts) == count:
                whole.append((one.to, "".join(parts[n] for n in sorted(parts))))
                del held[one.to, reference]
        return whole


def _receipt(ref: str, to: str, *, reached: bool) -> bytes:
    state = "DELIVRD" if reached else "UNDELIV"
    text = (
        f"id:{ref} sub:001 dlvrd:{'001' if reached else '000'} submit date:2609240900 done date:2609240901 "
        f"stat:{state} err:{'000' if reached else '034'} text:"
    ).encode()
    ends = b"\0" + b"\1\1" + to.encode() + b"\0" + b"\0\0" + b"10690000\0"
    return ends + bytes([0x04, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, len(text)]) + text


class _Line:
    """One connection."""

    def __init__(self, centre: Centre, plain: socket.socket) -> None:
        self.centre, self.plain = centre, plain
        self.lock = threading.Lock()
        self.bound = False
        self.sequence = 0
        self.reporting: dict[int, str] = {}  # sequence of a deliver_sm: which receipt

    def cut(self) -> None:
        try:
            # An RST rather than a FIN: a machine that died says nothing friendly.
            self.plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.plain.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.plain.close()

    def run(self) -> None:
        held = b""
        self.plain.settimeout(0.02)
        try:
            while not self.centre.dead:
                try:
                    data = self.plain.recv(65536)
                    if not data:
                        return
                    held += data
                except TimeoutError:
                    pass
                while len(held) >= 16:
                    length, command, status, sequence = struct.unpack_from(">IIII", held)
                    if len(held) < length:
                        break
                    body, held = held[16:length], held[length:]
                    self._act(command, status, sequence, body)
                if self.bound and not self.centre.habits.mute:
                    self._report()
        except OSError:
            return
        finally:
            self.plain.close()

    def _act(self, command: int, status: int, sequence: int, body: bytes) -> None:
        habits = self.centre.habits
        if habits.mute:
            return
        if command == BIND_TRANSCEIVER:
            _, password, *_ = body.split(b"\0")
            good = password.decode() == habits.password
            self.bound = good
            self.centre.binds += good
            self._say(command | RESP, sequence, b"centre\0", OK if good else INVALID_PASSWORD)
        elif command == SUBMIT_SM:
            status, ref, answered = self.centre.take(body)
            if habits.slow:
                time.sleep(habits.slow)
            if habits.receipt_first:
                self._report()
            if answered and not self.centre.dead:
                self._say(command | RESP, sequence, ref.encode() + b"\0" if status == OK else b"", status)
        elif command == DELIVER_SM | RESP and status == OK:
            if (ref := self.reporting.pop(sequence, "")) != "":
                self.centre.confirm(ref)
        elif command == ENQUIRE_LINK:
            self.centre.enquiries += 1
            self._say(command | RESP, sequence)
        elif command == UNBIND:
            self._say(command | RESP, sequence)

    def _report(self) -> None:
        under_way = set(self.reporting.values())
        for ref, body in self.centre.due_receipts():
            if ref not in under_way:
                self.sequence += 1
                self.reporting[self.sequence] = ref
                self._say(DELIVER_SM, self.sequence, body)

    def ask(self) -> None:
        """enquire_link from the centre's side."""
        self.sequence += 1
        self._say(ENQUIRE_LINK, self.sequence)

    def _say(self, command: int, sequence: int, body: bytes = b"", status: int = OK) -> None:
        raw = struct.pack(">IIII", 16 + len(body), command, status, sequence) + body
        with self.lock:
            if self.centre.habits.dribble:
                for n in range(len(raw)):
                    self.plain.sendall(raw[n : n + 1])
            else:
                self.plain.sendall(raw)
