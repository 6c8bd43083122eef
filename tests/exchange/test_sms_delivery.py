"""SMS from the outbox to the handset: receipts, order, failover, throttling, doubt. A real client, a real socket."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db.models import Max

from tests.smsc.centre import Centre
from tests.smsc.play import START, play
from zhengtong.base.outbox.actions import message, queue, resend
from zhengtong.base.outbox.delivery import IN_ORDER, deliver_due
from zhengtong.base.outbox.models import Message, Pace, Part, ProviderHealth, Try

pytestmark = pytest.mark.django_db
NAMES = count()


@pytest.fixture
def centre(settings: Any) -> Iterator[Centre]:
    one = Centre().start()
    settings.SMS_PROVIDERS = [address(one)]
    yield one
    one.stop()


def address(centre: Centre, **more: object) -> str:
    options = "".join(f"&{name}={value}" for name, value in more.items())
    return f"smpp://house:secret@127.0.0.1:{centre.port}?name=centre{next(NAMES)}&wait=0.3{options}"


def said(text: str, *, to: str = "13800000001", case: str = "C1", **more: Any) -> Message:
    key = f"test:{Message.objects.aggregate(last=Max('id'))['last']}:{text[:40]}"
    queue(
        message(
            "case.accepted", key=key, at=START, channel=Message.SMS, address=to, subject=("case", case),
            payload={"text": text}, **more,
        )
    )  # fmt: skip
    return Message.objects.get(key=key)


def state(row: Message) -> str:
    row.refresh_from_db()
    return row.state


def until(true: Callable[[], bool], *, at: Any = START) -> None:
    """Delivers until something is so: receipts cross a socket."""
    end = time.monotonic() + 5
    while not true():
        deliver_due(at=at)
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


# --- on its way ---


def test_sent_is_what_the_centre_took_and_delivered_what_its_receipt_says(centre: Centre) -> None:
    good, bad = said("好"), said("到不了", to="13800000002", case="C2")
    centre.habits.undeliverable = frozenset({"8613800000002"})
    centre.habits.refuse = frozenset({"8613800000003"})
    refused = said("空号", to="13800000003", case="C3")
    deliver_due(at=START)
    assert state(good) in {Message.SENT, Message.DELIVERED}
    until(lambda: state(good) == Message.DELIVERED and state(bad) == Message.FAILED)
    assert (good.provider, good.attempts, bad.last_error) == (ProviderHealth.objects.get(channel="sms").name, 1, "034")
    assert state(refused) == Message.REJECTED
    assert refused.last_error == "SMPP 0x0000000B"
    assert centre.texts == [("8613800000001", "好"), ("8613800000002", "到不了")]
    assert centre.confirmed == 2 or until(lambda: centre.confirmed == 2) is None


def test_a_number_that_is_none_reaches_no_centre(centre: Centre) -> None:
    row = said("x", to="not a number")
    deliver_due(at=START)
    assert state(row) == Message.REJECTED
    assert centre.received == []


def test_a_long_text_arrives_whole_and_is_delivered_when_all_pieces_are(centre: Centre) -> None:
    text = "您的申请已受理。" * 30
    row = said(text)
    until(lambda: state(row) == Message.DELIVERED)
    assert centre.texts == [("8613800000001", text)]
    assert Part.objects.filter(message=row).count() == 4


def test_a_receipt_that_overtakes_its_response_still_settles(centre: Centre) -> None:
    centre.habits.receipt_first = True
    row = said("快")
    until(lambda: state(row) == Message.DELIVERED)


def test_numbers_in_two_notations_are_one(settings: Any) -> None:
    centre = Centre(first_ref=4095).start()
    centre.habits.hex_ids = True
    settings.SMS_PROVIDERS = [address(centre, ids="hex")]
    row = said("十六进制")
    until(lambda: state(row) == Message.DELIVERED)
    centre.stop()


# --- order ---


def test_a_later_message_of_a_case_waits_for_the_receipt_of_the_earlier(centre: Centre) -> None:
    centre.habits.receipts = False
    first, second, other = said("一"), said("二"), said("别的", case="C2")
    for _ in range(3):
        deliver_due(at=START)
    assert (state(first), state(second), state(other)) == (Message.SENT, Message.PENDING, Message.SENT)
    deliver_due(at=START + IN_ORDER + timedelta(seconds=1))  # no receipt after all: it goes
    assert state(second) == Message.SENT


def test_a_later_message_does_not_overtake_one_that_is_tried_again(centre: Centre) -> None:
    centre.habits.swallow_every = 1
    first, second = said("一"), said("二")
    deliver_due(at=START)
    centre.habits.swallow_every = 0
    deliver_due(at=START + timedelta(seconds=30))
    assert (state(first), state(second)) == (Message.PENDING, Message.PENDING)
    until(lambda: state(second) == Message.DELIVERED, at=START + timedelta(minutes=2))
    assert [text for _, text in centre.texts] == ["一", "一", "二"]  # the first left twice: its response was lost


# --- failover ---


def test_when_a_centre_dies_the_next_one_has_the_message_at_once(settings: Any) -> None:
    first, second = Centre().start(), Centre().start()
    settings.SMS_PROVIDERS = [address(first), address(second)]
    until(lambda row=said("甲"): state(row) == Message.DELIVERED)
    first.kill()
    row = said("乙", case="C2")
    deliver_due(at=START)
    assert state(row) in {Message.SENT, Message.DELIVERED}
    assert [one.text for one in second.received] == ["乙"]
    assert ProviderHealth.objects.order_by("name").first().open_until is not None
    # Left alone for a while, then asked again with one message.
    first.start()
    soon, later = said("丙", case="C3"), said("丁", case="C4")
    deliver_due(at=START + timedelta(seconds=1))
    assert len(first.received) == 1
    third = said("戊", case="C5")
    deliver_due(at=START + timedelta(minutes=1))
    assert len(first.received) == 2
    assert {state(soon), state(later), state(third)} <= {Message.SENT, Message.DELIVERED}
    assert ProviderHealth.objects.order_by("name").first().open_until is None
    first.stop()
    second.stop()


def test_a_slow_centre_is_asked_after_the_others(settings: Any) -> None:
    slow, quick = Centre().start(), Centre().start()
    slow.habits.slow = 0.05
    settings.SMS_PROVIDERS = [address(slow, slow="0.01"), address(quick)]
    for number in range(3):
        said(f"{number}", case=f"C{number}")
        deliver_due(at=START)
    assert (len(slow.received), len(quick.received)) == (2, 1)
    slow.stop()
    quick.stop()


def test_throttled_is_no_failure_and_the_other_centre_helps(settings: Any) -> None:
    busy, idle = Centre().start(), Centre().start()
    busy.habits.throttle = 1
    settings.SMS_PROVIDERS = [address(busy, window=1), address(idle)]
    rows = [said(f"{number}", case=f"C{number}") for number in range(6)]
    deliver_due(at=START)
    assert len(busy.received) + len(idle.received) == 6
    assert len(idle.received) >= 4
    said("等一等", case="C9")
    deliver_due(at=START)  # the busy one is left alone for a second
    assert idle.received[-1].text == "等一等"
    assert all(state(row) in {Message.SENT, Message.DELIVERED} for row in rows)
    assert max(row.attempts for row in rows) == 1
    busy.stop()
    idle.stop()


def test_no_more_a_second_than_was_agreed(settings: Any) -> None:
    centre = Centre().start()
    settings.SMS_PROVIDERS = [address(centre, rate=3)]
    for number in range(8):
        said(f"{number}", case=f"C{number}")
    taken = []
    for second in range(4):
        deliver_due(at=START + timedelta(seconds=second))
        deliver_due(at=START + timedelta(seconds=second, milliseconds=500))
        taken.append(len(centre.received))
    assert taken == [3, 6, 8, 8]
    centre.stop()


# --- not out ---


def test_it_is_tried_six_times_then_lies_dead_and_a_person_sends_it_again(centre: Centre) -> None:
    centre.habits.swallow_every = 1
    row = said("没有回音")
    at = START
    for _ in range(12):
        deliver_due(at=at)
        at += timedelta(hours=12, minutes=1)
    assert (state(row), row.attempts, Try.objects.filter(message=row, outcome="no_answer").count()) == ("dead", 6, 6)
    centre.habits.swallow_every = 0
    resend(row.pk, at=at)
    until(lambda: state(row) == Message.DELIVERED, at=at)
    assert row.attempts == 1


def test_what_is_of_no_more_use_is_not_sent(centre: Centre) -> None:
    late = said("验证码", valid_until=START + timedelta(minutes=5))
    until(lambda row=said("别的", case="C2"): state(row) == Message.DELIVERED, at=START + timedelta(minutes=6))
    assert state(late) == Message.EXPIRED
    assert [one.text for one in centre.received] == ["别的"]


def test_a_worker_that_died_with_a_message_in_hand_delays_it_and_says_so(centre: Centre) -> None:
    row = said("手里的")
    Message.objects.filter(pk=row.pk).update(state=Message.CLAIMED, next_try_at=START + timedelta(minutes=5))
    deliver_due(at=START + timedelta(minutes=4))
    assert state(row) == Message.CLAIMED
    until(lambda: state(row) == Message.DELIVERED, at=START + timedelta(minutes=5))
    assert [(one.number, one.outcome) for one in row.tries.order_by("number")] == [(1, "interrupted"), (2, "accepted")]


def test_a_provider_that_raises_leaves_a_doubt_and_no_loop(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    row = said("坏了")
    monkeypatch.setattr("zhengtong.exchange.sms.Smpp.send", lambda self, messages: 1 / 0)
    deliver_due(at=START)
    assert (state(row), row.attempts, row.last_error) == (Message.PENDING, 1, "ZeroDivisionError: division by zero")
    assert deliver_due(at=START) == 0
    assert row.tries.get().outcome == "no_answer"


def test_without_a_provider_messages_are_kept_here(settings: Any) -> None:
    settings.SMS_PROVIDERS = []
    row = said("本机")
    assert deliver_due(at=START) == 0
    assert (state(row), row.sent_at, row.attempts) == (Message.KEPT, None, 0)
    assert not Pace.objects.exists()


def test_a_house_on_trial_writes_to_nobody_who_is_not_on_its_list(centre: Centre, settings: Any) -> None:
    settings.MESSAGES_TRIAL = True
    row = said("试用")
    deliver_due(at=START)
    assert state(row) == Message.GUARDED
    assert centre.received == []


# --- all together ---


@pytest.mark.django_db(transaction=True)
def test_many_messages_two_centres_one_dies() -> None:
    figures = play(240, die_after=90, swallow_every=40, tag="play")
    assert figures.held, "\n".join(figures.lines())
    assert min(figures.by_centre) > 0
    assert figures.arrived_once + figures.arrived_twice == 240
