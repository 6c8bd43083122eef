"""An SMPP 3.4 client: one bound connection, a window of requests under way, receipts as they come.

Ours and not `smpplib`: there a pause of the network in the middle of a PDU loses the stream, no request has an end of
its own, a dead peer is not noticed, and TLS does not look at the name of the host (docs/adr/an-smpp-client-of-our-own.md).
"""

import select
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from zhengtong.exchange import smpp_pdu as wire
from zhengtong.exchange.smpp_pdu import Malformed, Pdu, Reader

QUIET_MOST = 20.0  # seconds of silence before the other side is asked whether it is there
CHUNK = 65536
READS = 20  # of one look for receipts
SICK = 3  # requests unanswered in one batch before the connection is given up


class Gone(Exception):
    """There is no connection, or it has ended."""


@dataclass(frozen=True, slots=True)
class Settings:
    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    window: int = 10
    answer_within: float = 5.0  # seconds a request waits for its response
    connect_within: float = 5.0
    tls: bool = False
    ca_file: str = ""  # of a centre with a certificate of its own


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one submit: its status and the centre's number; `status` None when no answer came."""

    status: int | None
    ref: str = ""
    sent: bool = True  # False: it never left
    seconds: float = 0.0


@dataclass
class Client:
    settings: Settings
    clock: Callable[[], float] = time.monotonic
    _socket: socket.socket | None = None
    _reader: Reader = field(default_factory=Reader)
    _sequence: int = 0
    _heard: float = 0.0
    _asked: float | None = None  # when the other side was asked whether it is there
    _inbox: dict[int, Pdu] = field(default_factory=dict)
    _answers: dict[int, Pdu] = field(default_factory=dict)

    @property
    def bound(self) -> bool:
        return self._socket is not None

    # --- the connection ---

    def connect(self) -> None:
        """Binds as a transceiver (4.1.5). Gone when that fails."""
        if self._socket is not None:
            return
        here = self.settings
        try:
            context = self._context()
            plain = socket.create_connection((here.host, here.port), timeout=here.connect_within)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = context.wrap_socket(plain, server_hostname=here.host) if context else plain
        except OSError as fault:
            raise Gone(f"{here.host}:{here.port}: {fault}") from fault
        self._reader, self._answers, self._asked = Reader(), {}, None
        self._heard = self.clock()
        sequence = self._send(wire.BIND_TRANSCEIVER, wire.bind_body(here.system_id, here.password, here.system_type))
        answer = self._await(sequence, here.connect_within)
        if answer is None or answer.status != wire.ESME_ROK:
            self._drop()
            raise Gone("no answer to the bind" if answer is None else f"bind refused: 0x{answer.status:08X}")

    def _context(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self.settings.ca_file or None) if self.settings.tls else None

    def close(self) -> None:
        """Says good-bye (4.2), waiting a second for the answer."""
        if self._socket is None:
            return
        try:
            self._await(self._send(wire.UNBIND), 1.0)
        except Gone:
            pass
        finally:
            self._drop()

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._inbox.clear()  # what was not confirmed is delivered again

    # --- sending ---

    def submit(self, bodies: Sequence[bytes]) -> list[Answer]:
        """Sends submit_sm PDUs, `window` of them under way at a time. One answer each, in their order.

        Stops at the first throttling and when the connection ends; what did not leave says so.
        """
        answers = [Answer(None, sent=False)] * len(bodies)
        under_way: dict[int, tuple[int, float]] = {}  # sequence: which body, since when
        following, missed, stop, began = 0, 0, False, self.clock()
        try:
            while under_way or (following < len(bodies) and not stop):
                while following < len(bodies) and not stop and len(under_way) < self.settings.window:
                    sequence = self._following()
                    # Noted before it is written: of a write that fails half-way nobody knows what arrived.
                    under_way[sequence] = (following, self.clock())
                    following += 1
                    self._write(Pdu(wire.SUBMIT_SM, sequence, body=bodies[following - 1]))
                oldest = min(since for _, since in under_way.values())
                self._read(max(0.0, oldest + self.settings.answer_within - self.clock()))
                for sequence in [one for one in under_way if one in self._answers]:
                    which, _ = under_way.pop(sequence)
                    answers[which] = answer = self._answer(self._answers.pop(sequence), began)
                    stop |= answer.status in (wire.ESME_RTHROTTLED, wire.ESME_RMSGQFUL)
                now = self.clock()
                for sequence, (which, since) in list(under_way.items()):
                    if now - since >= self.settings.answer_within:
                        del under_way[sequence]
                        answers[which] = Answer(None, seconds=now - began)
                        missed += 1
                if missed >= SICK:
                    raise Gone(f"{missed} requests unanswered")
        except Gone:
            for which, _ in under_way.values():
                answers[which] = Answer(None, seconds=self.clock() - began)
            self._drop()
        return answers

    def _answer(self, pdu: Pdu, began: float) -> Answer:
        ref = wire.first_cstring(pdu.body) if pdu.status == wire.ESME_ROK else ""
        return Answer(pdu.status, ref, seconds=self.clock() - began)

    # --- receiving ---

    def received(self) -> list[Pdu]:
        """deliver_sm PDUs that came and were not yet confirmed. Reads without waiting. Gone when the line is cut."""
        for _ in range(READS):
            before = len(self._inbox)
            self._read(0.0)
            if len(self._inbox) == before:
                break
        now = self.clock()
        if self._asked is not None and now - self._asked > self.settings.answer_within:
            self._drop()
            raise Gone("the other side answers no more")
        if self._asked is None and now - self._heard > QUIET_MOST:
            self._asked = now
            self._send(wire.ENQUIRE_LINK)
        return list(self._inbox.values())

    def confirm(self, pdus: Sequence[Pdu]) -> None:
        """deliver_sm_resp: the centre may forget them."""
        for pdu in pdus:
            if self._inbox.pop(pdu.sequence, None) is not None:
                self._write(pdu.answer(b"\0"))

    # --- the wire ---

    def _following(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1  # 3.2: 1 to 0x7FFFFFFF
        return self._sequence

    def _send(self, command: int, body: bytes = b"") -> int:
        sequence = self._following()
        self._write(Pdu(command, sequence, body=body))
        return sequence

    def _write(self, pdu: Pdu) -> None:
        if self._socket is None:
            raise Gone("not bound")
        try:
            self._socket.sendall(pdu.wire())
        except OSError as fault:
            self._drop()
            raise Gone(str(fault)) from fault

    def _await(self, sequence: int, within: float) -> Pdu | None:
        until = self.clock() + within
        while sequence not in self._answers:
            left = until - self.clock()
            if left <= 0:
                return None
            self._read(left)
        return self._answers.pop(sequence)

    def _read(self, within: float) -> None:
        """Takes in what comes within a time; returns as soon as something did."""
        if self._socket is None:
            raise Gone("not bound")
        try:
            # TLS may hold bytes that no select sees.
            held = self._socket.pending() if isinstance(self._socket, ssl.SSLSocket) else 0
            if not held and not select.select([self._socket], [], [], within)[0]:
                return
            data = self._there()
            if data is None:
                return
            if not data:
                raise Gone("the other side closed the connection")
            self._heard, self._asked = self.clock(), None
            for pdu in self._reader.feed(data):
                self._take(pdu)
        except (OSError, ValueError, Malformed, Gone) as fault:
            self._drop()
            raise Gone(str(fault) or type(fault).__name__) from fault

    def _there(self) -> bytes | None:
        """What can be read without waiting; None while only a part of a TLS record, or a record of TLS itself, has come."""
        if self._socket is None:
            raise Gone("not bound")
        try:
            self._socket.settimeout(0)
            return self._socket.recv(CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            self._socket.settimeout(self.settings.connect_within)

    def _take(self, pdu: Pdu) -> None:
        if pdu.command & wire.RESPONSE:
            self._answers[pdu.sequence] = pdu  # a generic_nack too names the request it refuses (4.3)
        elif pdu.command == wire.DELIVER_SM:
            self._inbox[pdu.sequence] = pdu
        elif pdu.command == wire.ENQUIRE_LINK:
            self._write(pdu.answer())
        elif pdu.command == wire.UNBIND:
            self._write(pdu.answer())
            raise Gone("the centre unbound us")
        else:
            self._write(Pdu(wire.GENERIC_NACK, pdu.sequence, wire.ESME_RINVCMDID))
