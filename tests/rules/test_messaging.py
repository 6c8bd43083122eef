"""Templates, ways, quiet hours, tries and the health of providers, as pure rules."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.messaging import (
    Channel,
    Draft,
    Receiver,
    Template,
    Wishes,
    check_draft,
    fact_words,
    fill,
    placeholders,
    sentence,
    ways,
)
from zhengtong.rules.messaging_delivery import (
    BACK_OFF,
    LEFT_ALONE,
    LEFT_ALONE_MOST,
    Batch,
    Health,
    Standing,
    after_batch,
    next_try,
    standing,
)
from zhengtong.rules.messaging_hours import QUIET, QuietHours, digest_after, hours
from zhengtong.rules.refusal import Refusal, RefusalCode

HERE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 9, 24, 10, 0, tzinfo=HERE)
SMS, MAIL, HOOK, IN_APP = Channel.SMS, Channel.MAIL, Channel.WEBHOOK, Channel.IN_APP


def template(**more: object) -> Template:
    facts = {
        "kind": "case.accepted", "group": "case", "to": Receiver.CITIZEN, "name": "受理", "name_en": "Acceptance",
        "channels": (IN_APP, SMS, MAIL, HOOK), "wished": (IN_APP, SMS), "zh": "已受理，{due}前办完。",
        "en": "Accepted, to be done by {due}.", "lead": "【{item}】",
    }  # fmt: skip
    return Template(**{**facts, **more})  # type: ignore[arg-type]


# --- words ---


def test_a_sentence_names_its_facts() -> None:
    assert placeholders("{a}和{b_2}") == {"a", "b_2"}
    assert placeholders("没有{{名称}}") == set()
    for broken in ("{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a b}"):
        with pytest.raises(Refusal) as refusal:
            placeholders(broken)
        assert refusal.value.code is RefusalCode.MESSAGE_TEMPLATE_BROKEN, broken


FACTS = [
    ("due", "2026-10-09", "2026年10月9日", "9 Oct 2026"),
    ("at", "2026-10-09T01:30:00+00:00", "2026年10月9日 09:30", "9 Oct 2026, 09:30"),  # moments are Shanghai's
    ("decision", "GRANT", "准予", "granted"),
    ("decision", "OTHER", "OTHER", "OTHER"),
    ("reason", "GRANT", "GRANT", "GRANT"),
    ("number", "2026-10-99", "2026-10-99", "2026-10-99"),
    (
        "title",
        "关于十月的说明，共十六字以上的一句话",
        "关于十月的说明，共十六字以上的一句话",
        "关于十月的说明，共十六字以上的一句话",
    ),
]


@pytest.mark.parametrize(("name", "value", "zh", "en"), FACTS)
def test_facts_are_said_as_their_reader_says_them(name: str, value: str, zh: str, en: str) -> None:
    assert fact_words(name, value, english=False) == zh
    assert fact_words(name, value, english=True) == en


def test_outside_the_portal_a_message_says_what_it_speaks_of() -> None:
    one = template(sms_zh="受理了，{due}前办完。")
    facts = {"due": "2026-10-09", "item": "食品经营许可"}
    assert fill(sentence(one, IN_APP, english=False), facts, english=False) == "已受理，2026年10月9日前办完。"
    assert (
        fill(sentence(one, SMS, english=False), facts, english=False) == "【食品经营许可】受理了，2026年10月9日前办完。"
    )
    assert fill(sentence(one, SMS, english=True), facts, english=True) == "Accepted, to be done by 9 Oct 2026."
    assert fill("{due}{gone}", facts, english=False) == "2026年10月9日"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft("改成{due}", "until {due}"), None),
        (Draft("改成{when}", "until {due}"), RefusalCode.MESSAGE_TEMPLATE_FACT),
        (Draft("改成{due}", " "), RefusalCode.MESSAGE_TEMPLATE_EMPTY),
        (Draft("改成{due", "until"), RefusalCode.MESSAGE_TEMPLATE_BROKEN),
        (Draft("改成", "changed", enabled=False), RefusalCode.MESSAGE_LEGAL),
    ],
)
def test_a_draft_can_be_filled_and_silences_no_notice_of_the_law(draft: Draft, code: RefusalCode | None) -> None:
    if code is None:
        check_draft(template(legal=True), draft)
        return
    with pytest.raises(Refusal) as refusal:
        check_draft(template(legal=True), draft)
    assert refusal.value.code is code


WAYS = [
    # wish, reachable, legal: ways
    (None, {SMS, MAIL}, False, (SMS,)),
    (None, {MAIL}, False, (MAIL,)),  # no phone: by mail
    (None, set(), True, ()),
    (Wishes((SMS, MAIL)), {SMS, MAIL}, False, (SMS, MAIL)),
    (Wishes(()), {SMS, MAIL}, False, ()),  # silence is a wish
    (Wishes(()), {SMS, MAIL}, True, (SMS,)),  # but not where the law asks for a notice
    (Wishes((MAIL,)), {SMS, MAIL}, True, (MAIL,)),
    (Wishes((MAIL,)), {SMS}, True, (SMS,)),  # the wished way is closed
    (Wishes(()), {HOOK}, False, (HOOK,)),  # an enterprise's system is not a person's to silence
    (None, {SMS, HOOK}, False, (SMS, HOOK)),
]


@pytest.mark.parametrize(("wish", "reachable", "legal", "expected"), WAYS)
def test_ways(wish: Wishes | None, reachable: set[Channel], legal: bool, expected: tuple[Channel, ...]) -> None:
    assert ways(template(legal=legal), wish, reachable) == expected
    assert ways(template(enabled=False), wish, reachable) == ()


def test_an_officer_is_written_to_outside_only_where_the_template_suggests_it() -> None:
    one = template(to=Receiver.OFFICER, wished=(IN_APP,))
    assert ways(one, None, {SMS, MAIL}) == ()
    assert ways(one, Wishes((SMS,)), {SMS, MAIL}) == (SMS,)


# --- hours ---

NIGHTS = [
    ("2026-09-24 21:59", None),
    ("2026-09-24 22:00", "2026-09-25 07:00"),
    ("2026-09-24 23:59", "2026-09-25 07:00"),
    ("2026-09-25 00:00", "2026-09-25 07:00"),
    ("2026-09-25 06:59", "2026-09-25 07:00"),
    ("2026-09-25 07:00", None),
]


@pytest.mark.parametrize(("at", "end"), NIGHTS)
def test_quiet_hours_go_over_midnight(at: str, end: str | None) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=HERE)
    assert QUIET.end_after(moment) == (datetime.fromisoformat(end).replace(tzinfo=HERE) if end else None)
    assert QUIET.end_after(moment.astimezone(ZoneInfo("UTC"))) == QUIET.end_after(moment)


def test_a_nap_at_noon() -> None:
    nap = hours("12:00", "14:00")
    assert nap.end_after(AT) is None
    assert nap.end_after(AT.replace(hour=13)) == AT.replace(hour=14)
    for since, until in (("22:00", "22:00"), ("25:00", "7:00"), ("", "07:00"), ("22:00+08:00", "07:00")):
        with pytest.raises(Refusal):
            hours(since, until)


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 2879))
def test_quiet_ends_later_than_it_is_asked_and_is_not_quiet_then(since: int, until: int, minute: int) -> None:
    if since == until:
        return
    night = QuietHours((AT + timedelta(minutes=since)).time(), (AT + timedelta(minutes=until)).time())
    at = AT + timedelta(minutes=minute)
    end = night.end_after(at)
    assert end is None or (at < end <= at + timedelta(days=1) and night.end_after(end) is None)


def test_a_digest_leaves_in_the_morning() -> None:
    assert digest_after(AT) == AT.replace(day=25, hour=8, minute=30)
    assert digest_after(AT.replace(hour=8)) == AT.replace(hour=8, minute=30)
    assert digest_after(AT.replace(hour=8, minute=30)) == AT.replace(day=25, hour=8, minute=30)


# --- tries and providers ---


def test_tries_wait_longer_and_longer_and_end() -> None:
    waits = [next_try(n, AT) for n in range(1, len(BACK_OFF) + 2)]
    assert [(one - AT).total_seconds() / 60 if one else None for one in waits] == [*BACK_OFF, None]
    assert next_try(1, AT, retry_after=90) == AT + timedelta(seconds=90)
    assert next_try(1, AT, retry_after=-5) == AT + timedelta(seconds=1)
    assert next_try(1, AT, retry_after=10**9) == AT + timedelta(days=1)
    assert next_try(len(BACK_OFF) + 1, AT, retry_after=90) is None


def test_a_provider_is_left_alone_after_five_failures_and_back_after_one_success() -> None:
    health = Health()
    for _ in range(4):
        health = after_batch(health, Batch(failed=1), AT)
    assert standing(health, AT) is Standing.WELL
    health = after_batch(health, Batch(failed=1), AT)
    assert standing(health, AT) is Standing.LEFT_ALONE
    later = AT + LEFT_ALONE
    assert standing(health, later) is Standing.PROBED
    assert standing(after_batch(health, Batch(accepted=1), later), later) is Standing.WELL
    again = after_batch(health, Batch(failed=1), later)  # the probe failed: twice as long
    assert standing(again, later + LEFT_ALONE) is Standing.LEFT_ALONE
    assert standing(again, later + 2 * LEFT_ALONE) is Standing.PROBED


def test_a_cut_connection_needs_no_five_witnesses_and_the_pause_has_an_end() -> None:
    health = Health()
    for _ in range(20):
        health = after_batch(health, Batch(cut=True), AT)
    assert health.open_until == AT + LEFT_ALONE_MOST


def test_refused_numbers_say_nothing_about_a_provider_and_some_failures_among_successes_neither() -> None:
    assert after_batch(Health(), Batch(), AT) == Health()
    assert standing(after_batch(Health(failures=4), Batch(accepted=90, failed=10), AT), AT) is Standing.WELL


def test_slow_ones_go_behind_and_throttled_ones_rest() -> None:
    health = after_batch(Health(), Batch(accepted=5, slow=True), AT)
    assert standing(health, AT) is Standing.WELL
    health = after_batch(health, Batch(accepted=5, slow=True), AT)
    assert standing(health, AT) is Standing.SLOW
    assert standing(health, AT + timedelta(minutes=6)) is Standing.WELL
    pauses = []
    health = Health()
    for _ in range(7):
        health = after_batch(health, Batch(throttled=True), AT)
        assert health.pause_until is not None
        pauses.append((health.pause_until - AT).total_seconds())
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert standing(replace(health, pause_until=AT), AT) is Standing.WELL
