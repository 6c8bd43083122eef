"""From an event to what its receiver reads: templates, ways, wishes, hours, digests, reminders."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.flows.acts import AT
from tests.people import Cast, accepted, cast
from zhengtong.base.outbox import channels
from zhengtong.base.outbox.delivery import deliver_due
from zhengtong.base.outbox.models import Message
from zhengtong.domains.messaging import actions, queries
from zhengtong.domains.messaging.shipped import shipped
from zhengtong.flows.message_prepared import DIGEST, prepare, send_digests
from zhengtong.flows.message_reminders import remind
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.messaging import Channel, Draft, Wishes, check_draft
from zhengtong.rules.messaging_hours import QuietHours
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 9, 24, 23, 0, tzinfo=HERE)


@pytest.fixture
def people() -> Cast:
    one = cast()
    one.citizen.phone, one.citizen.phone_verified, one.citizen.email = "13800001234", True, "lin@example.cn"
    one.citizen.save()
    return one


@contextmanager
def refused(code: RefusalCode) -> Iterator[None]:
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code is code


def said(people: Cast, kind: str = "case.accepted", *, key: str = "k", when: datetime = AT, **facts: object) -> None:
    told = {"case_no": "9901", "item": "预付卡", "due": date(2026, 10, 9), **facts}
    tell(kind, key=key, to=Recipient(account_id=people.citizen.pk), subject=("case", "9901"), facts=told, at=when)


def sent() -> dict[str, Message]:
    return {row.channel: row for row in Message.objects.order_by("id")}


# --- the shipped sentences ---


@pytest.mark.parametrize("kind", shipped())
def test_every_shipped_sentence_can_be_filled_in_both_languages(kind: str) -> None:
    template = shipped()[kind]
    check_draft(template, Draft(template.zh, template.en, template.sms_zh, template.sms_en))
    assert template.en.isascii() or not any("\u4e00" <= char <= "\u9fff" for char in template.en)
    assert Channel.SMS in template.channels or Channel.IN_APP in template.channels
    assert queries.group_words(template.group)[1]


# --- ways ---


def test_an_event_is_in_the_portal_at_once_and_at_the_phone_in_a_moment(people: Cast) -> None:
    said(people)
    assert sent()["in_app"].state == Message.NEW
    assert prepare(at=AT) == 1
    rows = sent()
    assert set(rows) == {"in_app", "sms"}
    assert rows["sms"].address == "13800001234"
    assert rows["sms"].payload["text"] == "【预付卡】办件9901：您的申请已受理，应在2026年10月9日前办完。"
    assert (rows["sms"].created_at, rows["in_app"].state) == (AT, Message.SENT)
    said(people)  # told once is told
    assert prepare(at=AT) == 0
    assert Message.objects.count() == 2


def test_in_the_language_of_the_receiver(people: Cast) -> None:
    people.citizen.language = "en"
    people.citizen.save()
    said(people)
    prepare(at=AT)
    assert (
        sent()["sms"].payload["text"]
        == "[预付卡] case 9901: Your application is accepted and to be done by 9 Oct 2026."
    )


def test_an_item_and_an_organ_are_named_in_the_language_of_the_receiver(people: Cast) -> None:
    item = people.item()
    assert item.name_en
    facts = {"item": item.name, "on": date(2026, 9, 24), "until": date(2026, 10, 1)}
    for account, language in ((people.citizen, "en"), (people.stranger, "zh-hans")):
        account.language, account.phone, account.phone_verified = language, f"1380000123{account.pk % 10}", True
        account.save()
        tell(
            "rating.invited", key=f"named:{account.pk}", to=Recipient(account_id=account.pk), subject=("node", "k"),
            facts=facts, at=AT,
        )  # fmt: skip
    prepare(at=AT)
    english, chinese = (
        Message.objects.get(channel="sms", account_id=account.pk).payload["text"]
        for account in (people.citizen, people.stranger)
    )
    assert item.name_en in english
    assert item.name not in english
    assert item.name in chinese


def test_whoever_has_only_a_phone_or_an_address_is_told_there(people: Cast) -> None:
    facts = {"case_no": "9901", "item": "预付卡", "due": date(2026, 10, 9)}
    for number, to in enumerate(
        [Recipient(phone="13800009999", language="en"), Recipient(email="a@example.cn"), Recipient()]
    ):
        tell("case.accepted", key=f"k{number}", to=to, subject=("case", "9901"), facts=facts, at=AT)
    prepare(at=AT)
    rows = sent()
    assert set(rows) == {"sms", "mail"}
    assert rows["sms"].payload["text"].endswith("to be done by 9 Oct 2026.")
    assert rows["mail"].payload["title"] == "办件进度：受理"


def test_wishes_are_kept_and_the_law_is_too(people: Cast) -> None:
    account = people.citizen.pk
    actions.set_wishes(account, {"case.submitted": Wishes(()), "case.accepted": Wishes((Channel.MAIL,))}, officer=False)
    said(people, "case.submitted", key="a", reply_by=date(2026, 10, 9))
    said(people, "case.accepted", key="b")
    prepare(at=AT)
    assert {(row.kind, row.channel) for row in Message.objects.all()} == {
        ("case.submitted", "in_app"), ("case.accepted", "in_app"), ("case.accepted", "mail"),
    }  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        actions.set_wishes(account, {"case.accepted": Wishes(())}, officer=False)
    assert refusal.value.code is RefusalCode.MESSAGE_LEGAL


def test_one_strange_message_is_listed_and_stops_no_other(people: Cast) -> None:
    said(people, key="strange", language=["not", "a", "word"], path=7)
    tell("case.accepted", key="phone", to=Recipient(phone="13800009999"), subject=("case", "1"), facts={}, at=AT)
    Message.objects.filter(key="strange").update(channel="pigeon")
    prepare(at=AT)
    assert Message.objects.get(key="strange").state == Message.DEAD
    assert Message.objects.get(key="phone").state == Message.PENDING


def test_an_unverified_phone_and_a_closed_account_receive_nothing(people: Cast) -> None:
    people.citizen.phone_verified = False
    people.citizen.save()
    said(people)
    prepare(at=AT)
    assert set(sent()) == {"in_app", "mail"}  # no phone: by mail
    people.citizen.is_active = False
    people.citizen.save()
    said(people, key="later")
    prepare(at=AT)
    assert Message.objects.filter(channel__in=["sms", "mail"]).count() == 1


def test_an_enterprise_system_is_told_beside_its_people(people: Cast) -> None:
    actions.set_webhook(people.enterprise.pk, "https://erp.example.cn/in", secret="s" * 32, at=AT)
    said(people, enterprise_id=str(people.enterprise.pk))
    prepare(at=AT)
    assert set(sent()) == {"in_app", "sms", "webhook"}
    assert sent()["webhook"].address == "https://erp.example.cn/in"


# --- hours ---


def test_at_night_a_message_waits_for_the_morning_and_is_not_counted_as_late(people: Cast) -> None:
    said(people, when=NIGHT)
    prepare(at=NIGHT)
    row = sent()["sms"]
    assert (row.state, row.next_try_at) == (Message.QUIET, NIGHT.replace(hour=7) + timedelta(days=1))
    deliver_due(at=NIGHT + timedelta(hours=1))
    prepare(at=NIGHT + timedelta(hours=7))
    assert sent()["sms"].state == Message.QUIET
    prepare(at=NIGHT + timedelta(hours=8))
    assert sent()["sms"].state == Message.PENDING
    assert sent()["sms"].payload["held"] is True


def test_who_wants_no_quiet_hours_has_none_and_others_have_their_own(people: Cast) -> None:
    actions.set_quiet_hours(people.citizen.pk, None)
    said(people, when=NIGHT, key="a")
    prepare(at=NIGHT)
    assert sent()["sms"].state == Message.PENDING
    actions.set_quiet_hours(
        people.citizen.pk, QuietHours(AT.astimezone(HERE).time(), (AT + timedelta(hours=2)).astimezone(HERE).time())
    )
    said(people, key="b")
    prepare(at=AT)
    assert sent()["sms"].state == Message.QUIET


# --- digest ---


def test_a_digest_says_once_what_a_day_held_back(people: Cast) -> None:
    wish = Wishes((Channel.MAIL,), digest=True)
    actions.set_wishes(
        people.citizen.pk, {"case.submitted": wish, "case.finished": wish, "case.accepted": wish}, officer=False
    )
    said(people, "case.submitted", key="a", reply_by=date(2026, 10, 9))
    said(people, "case.finished", key="b")
    said(people, "case.accepted", key="c")  # what the law requires waits for nothing
    prepare(at=AT)
    states = {row.kind: row.state for row in Message.objects.filter(channel="mail")}
    assert states == {"case.submitted": "digest", "case.finished": "digest", "case.accepted": "pending"}
    assert send_digests(at=AT + timedelta(hours=1)) == 0
    morning = NIGHT.replace(hour=8, minute=30) + timedelta(days=1)
    assert send_digests(at=morning) == 1
    assert send_digests(at=morning) == 0
    digest = Message.objects.get(kind=DIGEST)
    assert digest.payload["text"].startswith("您有 2 条消息：\n· 【预付卡】办件9901：已收到您的申请")
    assert set(
        Message.objects.filter(kind__in=["case.submitted", "case.finished"], channel="mail").values_list(
            "state", flat=True
        )
    ) == {"digested"}


# --- templates ---


def test_a_published_wording_is_what_messages_say_from_then_on(people: Cast) -> None:
    admin = people.acting("郑凯")
    said(people, key="before")
    prepare(at=AT)
    actions.draft("case.accepted", Draft("收下了，{due}。", "Taken, {due}."), by=admin, at=AT)
    said(people, key="drafted")
    prepare(at=AT)
    actions.publish("case.accepted", by=admin, at=AT)
    said(people, key="after")
    prepare(at=AT)
    texts = [row.payload["text"] for row in Message.objects.filter(channel="sms").order_by("id")]
    assert [text.endswith("收下了，2026年10月9日。") for text in texts] == [False, False, True]
    before, after = (Message.objects.get(key=key) for key in ("before", "after"))
    assert queries.sentence_for(before.kind, before.payload, english=False).startswith("您的申请已受理")
    assert queries.sentence_for(after.kind, after.payload, english=True) == "Taken, {due}."
    with refused(RefusalCode.MESSAGE_TEMPLATE_STATE):
        actions.publish("case.accepted", by=admin, at=AT)


def test_a_kind_switched_off_is_told_to_nobody(people: Cast) -> None:
    admin = people.acting("郑凯")
    actions.draft("case.submitted", Draft("已收到。", "Received.", enabled=False), by=admin, at=AT)
    actions.publish("case.submitted", by=admin, at=AT)
    said(people, "case.submitted", reply_by=date(2026, 10, 9))
    prepare(at=AT)
    assert {row.channel: row.state for row in Message.objects.all()} == {"in_app": Message.UNWANTED}
    with refused(RefusalCode.MESSAGE_LEGAL):
        actions.draft("case.accepted", Draft("好。", "Good.", enabled=False), by=admin, at=AT)


def test_only_who_keeps_messages_words_them(people: Cast) -> None:
    with refused(RefusalCode.PERMISSION_MISSING):
        actions.draft("case.accepted", Draft("好。", "Good."), by=people.acting("张敏"), at=AT)


# --- a house on trial ---


def test_the_guest_list_says_who_receives(people: Cast, settings: Any) -> None:
    settings.MESSAGES_TRIAL = True
    admin = people.acting("郑凯")
    guest = actions.list_guest("13800001234", note="林小雨", key="g1", by=admin, at=AT)
    assert channels.kept_from({"13800001234", "13800005678"}) == {"13800005678"}
    actions.list_guest("13800001234", note="again", key="g2", by=admin, at=AT)
    actions.strike_guest(guest.key, by=admin, at=AT)
    assert channels.kept_from({"13800001234"}) == {"13800001234"}
    settings.MESSAGES_TRIAL = False
    assert channels.kept_from({"13800001234"}) == set()


# --- three days before ---


def test_an_officer_is_reminded_of_a_case_three_days_before_it_is_due(people: Cast) -> None:
    case = accepted(people)
    assert remind(at=AT) == 0  # the promise is days away
    case.refresh_from_db()
    assert case.due_on is not None
    near = datetime.combine(case.due_on - timedelta(days=3), AT.time(), tzinfo=AT.tzinfo)
    assert remind(at=near) == 1
    assert remind(at=near + timedelta(days=1)) == 1  # said again to nobody: the key is known
    row = Message.objects.get(kind="case.due_soon")
    assert row.payload["path"] == f"/desk/cases/{case.number}/"
