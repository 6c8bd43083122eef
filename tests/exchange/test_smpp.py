"""The SMPP client against a message centre on a socket, well-behaved and otherwise."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.smsc.centre import Centre
from zhengtong.exchange import smpp_pdu as wire
from zhengtong.exchange.smpp import Client, Gone, Settings
from zhengtong.exchange.smpp_pdu import Address, Malformed, Pdu, Reader
from zhengtong.exchange.sms import read_receipt
from zhengtong.exchange.sms_text import GSM7, UCS2, pieces


@pytest.fixture
def centre() -> Iterator[Centre]:
    one = Centre().start()
    yield one
    one.stop()


def client(centre: Centre, **more: object) -> Client:
    facts = {"password": "secret", "answer_within": 0.4, "connect_within": 2.0, "window": 10, **more}
    return Client(Settings("127.0.0.1", centre.port, "house", **facts))  # type: ignore[arg-type]


def body(text: str = "hello", to: str = "8613800000001") -> bytes:
    cut = pieces(text, 1)
    return wire.submit_body(
        Address("10690000", 0, 0),
        Address(to),
        cut.bodies[0],
        coding=cut.coding,
        headed=False,
        validity="",
        urgent=False,
    )


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


# --- texts ---

TEXTS = [
    ("Hello [world] {1} €5~", GSM7, 1),  # escaped characters are two septets
    ("a" * 160, GSM7, 1),
    ("a" * 161, GSM7, 2),
    ("您的申请已受理", UCS2, 1),
    ("受" * 70, UCS2, 1),
    ("受" * 71, UCS2, 2),
    ("受" * 134, UCS2, 2),
    ("受" * 135, UCS2, 3),
    ("a" * 152 + "€" + "b" * 10, GSM7, 2),  # an escape is not cut from its character
    ("受" * 66 + "😀" + "理" * 10, UCS2, 2),  # nor a pair in two
]


@pytest.mark.parametrize(("text", "coding", "count"), TEXTS)
def test_a_text_becomes_pieces_and_is_read_again(text: str, coding: int, count: int) -> None:
    cut = pieces(text, 300)
    assert (cut.coding, len(cut.bodies), cut.headed) == (coding, count, count > 1)
    assert all(len(one) <= 160 if coding == GSM7 else len(one) <= 140 for one in cut.bodies)
    if cut.headed:
        assert [one[:6] for one in cut.bodies] == [bytes([5, 0, 3, 300 % 256, count, n]) for n in range(1, count + 1)]
    if coding == UCS2:
        assert "".join(one[6 if cut.headed else 0 :].decode("utf-16-be") for one in cut.bodies) == text


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        pieces("受" * 67 * 256, 1)


def test_a_field_that_is_too_long_is_refused() -> None:
    assert wire.cstring("x" * 15, 16) == b"x" * 15 + b"\0"
    with pytest.raises(ValueError, match="octets"):
        wire.cstring("x" * 16, 16)
    with pytest.raises(ValueError, match="octets"):
        wire.cstring("a\0b", 16)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, ""), (-5, ""), (90, "000000000130000R"), (2 * 86400 + 3661, "000002010101000R")]
)
def test_a_validity_is_a_relative_time(seconds: int, said: str) -> None:
    assert wire.validity(seconds) == said


# --- the wire ---


def test_pdus_are_read_however_the_bytes_come() -> None:
    sent = [Pdu(4, 1, body=b"abc"), Pdu(0x80000004, 1, 0x58), Pdu(0x15, 7)]
    raw = b"".join(one.wire() for one in sent)
    for step in (1, 3, 17, len(raw)):
        reader, read = Reader(), []
        for start in range(0, len(raw), step):
            read += list(reader.feed(raw[start : start + step]))
        assert read == sent


@pytest.mark.parametrize("length", [0, 15, 64 * 1024 + 1, 2**32 - 1])
def test_a_length_no_pdu_has_ends_the_connection(length: int) -> None:
    with pytest.raises(Malformed):
        list(Reader().feed(length.to_bytes(4, "big") + bytes(12)))


def test_a_cut_off_deliver_sm_is_malformed() -> None:
    whole = b"\0\1\1861380\0\0\x001069\0" + bytes([4, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, 3]) + b"abc"
    assert wire.parse_deliver(whole).is_receipt
    for end in range(len(whole) - 4):
        with pytest.raises(Malformed):
            wire.parse_deliver(whole[:end])


def test_smpplib_reads_what_we_write_and_writes_what_we_read() -> None:
    """A second reading of the specification: neither of us wrote the other's."""
    from smpplib import consts, smpp

    there = type("There", (), {"sequence": 5, "next_sequence": lambda self: 5})()
    cut = pieces("您的申请已受理。" * 20, 300)
    for text in cut.bodies:
        raw = wire.submit_body(
            Address("10690000", 0, 0), Address("8613800000001"), text, coding=cut.coding, headed=cut.headed,
            validity=wire.validity(3600), urgent=True,
        )  # fmt: skip
        read = smpp.parse_pdu(Pdu(wire.SUBMIT_SM, 5, body=raw).wire(), client=there, allow_unknown_opt_params=True)
        assert (read.command, read.sequence, read.status) == ("submit_sm", 5, 0)
        assert (read.source_addr, read.destination_addr) == (b"10690000", b"8613800000001")
        assert (read.esm_class, read.data_coding, read.registered_delivery, read.priority_flag) == (0x40, 8, 1, 1)
        assert (read.short_message, read.validity_period) == (text, b"000000010000000R")
    raw = wire.bind_body("house", "secret", "sms")
    read = smpp.parse_pdu(Pdu(wire.BIND_TRANSCEIVER, 6, body=raw).wire(), client=there, allow_unknown_opt_params=True)
    assert (read.system_id, read.password, read.system_type, read.interface_version) == (
        b"house",
        b"secret",
        b"sms",
        0x34,
    )
    theirs = smpp.make_pdu(
        "deliver_sm", client=there, source_addr="8613800000001", destination_addr="10690000",
        esm_class=0x04, short_message=b"id:77 stat:UNDELIV err:034 text:",
        receipted_message_id="78", message_state=consts.SMPP_MESSAGE_STATE_DELIVERED,
    )  # fmt: skip
    (pdu,) = Reader().feed(theirs.generate())
    read = wire.parse_deliver(pdu.body)
    assert read.is_receipt
    assert read.text.startswith("id:77")
    receipt = read_receipt(pdu)
    assert receipt is not None
    assert (receipt.ref, receipt.state) == ("78", "delivered")  # the optional parameters go before the text


# --- the connection ---


def test_messages_are_taken_and_numbered_in_their_order(centre: Centre) -> None:
    one = client(centre)
    one.connect()
    answers = one.submit([body(f"n{n}") for n in range(57)])
    assert [answer.ref for answer in answers] == [str(n) for n in range(1, 58)]
    assert [got.text for got in centre.received] == [f"n{n}" for n in range(57)]
    one.close()
    assert centre.binds == 1


def test_a_wrong_password_binds_nothing(centre: Centre) -> None:
    with pytest.raises(Gone, match="0x0000000E"):
        client(centre, password="wrong").connect()


def test_nobody_there(centre: Centre) -> None:
    centre.kill()
    with pytest.raises(Gone):
        client(centre).connect()


def test_responses_that_dribble_in_byte_by_byte_are_read(centre: Centre) -> None:
    centre.habits.dribble = True
    one = client(centre)
    one.connect()
    assert all(answer.status == 0 for answer in one.submit([body() for _ in range(5)]))


def test_a_throttled_client_stops_at_once(centre: Centre) -> None:
    centre.habits.throttle = 5
    one = client(centre, window=1)
    one.connect()
    answers = one.submit([body() for _ in range(20)])
    said = [answer.status for answer in answers if answer.sent]
    assert said[-1] == wire.ESME_RTHROTTLED
    assert len(centre.received) == len(said) - 1
    assert sum(not answer.sent for answer in answers) == 20 - len(said)
    assert one.bound


def test_a_swallowed_response_is_said_to_be_missing_and_the_rest_goes_on(centre: Centre) -> None:
    centre.habits.swallow_every = 10
    one = client(centre)
    one.connect()
    answers = one.submit([body() for _ in range(20)])
    assert [n for n, answer in enumerate(answers, start=1) if answer.status is None] == [10, 20]
    assert all(answer.sent for answer in answers)
    assert len(centre.received) == 20


def test_a_centre_that_falls_silent_is_given_up(centre: Centre) -> None:
    one = client(centre)
    one.connect()
    centre.habits.mute = True
    answers = one.submit([body() for _ in range(30)])
    assert sum(answer.sent for answer in answers) == 10  # one window
    assert all(answer.status is None for answer in answers)
    assert not one.bound


def test_a_centre_that_dies_leaves_no_doubt_about_what_never_left(centre: Centre) -> None:
    centre.habits.slow = 0.02
    one = client(centre, window=4)
    one.connect()
    threading.Timer(0.2, centre.kill).start()
    answers = one.submit([body() for _ in range(200)])
    taken = sum(answer.status == 0 for answer in answers)
    doubtful = sum(answer.sent and answer.status is None for answer in answers)
    assert taken > 0
    assert doubtful <= 4
    assert len(centre.received) <= taken + doubtful
    assert sum(not answer.sent for answer in answers) == 200 - taken - doubtful


def test_receipts_come_and_are_confirmed_only_when_told(centre: Centre) -> None:
    one = client(centre)
    one.connect()
    one.submit([body() for _ in range(3)])
    until(lambda: len(one.received()) == 3)
    assert centre.confirmed == 0
    one.confirm(one.received())
    assert one.received() == []
    until(lambda: centre.confirmed == 3)


def test_unconfirmed_receipts_come_again_on_a_new_connection(centre: Centre) -> None:
    one = client(centre)
    one.connect()
    one.submit([body()])
    until(lambda: len(one.received()) == 1)
    one.close()
    one.connect()
    until(lambda: len(one.received()) == 1)


def test_the_centre_asks_and_is_answered_and_is_asked_in_a_silence(centre: Centre) -> None:
    now = [1000.0]
    one = client(centre)
    one.connect()
    one.clock = lambda: now[0]
    one._heard = now[0]
    one.received()
    assert centre.enquiries == 0
    now[0] += 21
    one.received()
    until(lambda: centre.enquiries == 1)
    until(lambda: one.received() == [] and one._asked is None)
    centre.habits.mute = True
    now[0] += 21
    one.received()
    now[0] += 1
    with pytest.raises(Gone, match="answers no more"):
        one.received()
