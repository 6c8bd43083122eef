"""Messages at the desk and in the portal: the outbox and its story, templates, guests, wishes, webhooks, punctuality."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.people import AT, Cast, accepted, cast
from tests.web.portal import HAN, as_enterprise, signed_in, text
from zhengtong.base.outbox.models import Message, Pace, Part, ProviderHealth, Try
from zhengtong.domains.messaging.models import Guest, Manner, Webhook, Wish, Wording
from zhengtong.exchange import webhook
from zhengtong.exchange.mail import stop_token
from zhengtong.exchange.sms import providers as sms_providers
from zhengtong.flows.message_prepared import prepare

pytestmark = pytest.mark.django_db
ADMIN, WINDOW = "郑凯", "张敏"
HERE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def people() -> Cast:
    one = cast()
    one.citizen.phone, one.citizen.phone_verified, one.citizen.email = "13800001234", True, "lin@example.cn"
    one.citizen.save()
    return one


@pytest.fixture
def admin(people: Cast) -> Any:
    return signed_in(people.officers[ADMIN].account)


def sms(**facts: Any) -> Message:
    known = {"key": f"k{Message.objects.count()}", "kind": "case.accepted", "channel": "sms", "address": "13800001234"}
    payload = {"text": "您的申请已受理", "case_no": "9901"}
    return Message.objects.create(**{**known, "created_at": AT, "payload": payload, **facts})


# --- the outbox ---


def test_a_message_tells_its_whole_story_and_no_number_in_clear(people: Cast, admin: Any) -> None:
    row = sms(state="delivered", sent_at=AT, provider="first", attempts=2)
    Try.objects.create(message=row, number=1, provider="first", at=AT, outcome="no_answer", detail="no answer in time")
    Try.objects.create(message=row, number=2, provider="first", at=AT, outcome="accepted", seconds=0.25)
    Part.objects.create(message=row, provider="first", ref="77", state="delivered", accepted_at=AT)
    page = text(admin.get(reverse("desk:outbox_message", args=[row.pk])))
    for told in ("发出后没有回应", "服务商已收下", "first 77", "0.25", "您的申请已受理", "138****1234"):
        assert told in page
    assert "13800001234" not in page
    assert "13800001234" not in text(admin.get(reverse("desk:outbox")))
    assert admin.get(reverse("desk:outbox_message", args=[10**9])).status_code == 404


def test_a_code_for_signing_in_is_shown_to_nobody_else(admin: Any) -> None:
    row = sms(kind="account.sms.code", payload={"text": "验证码 123456"})
    assert "123456" not in text(admin.get(reverse("desk:outbox_message", args=[row.pk])))
    assert "123456" not in text(admin.get(reverse("desk:outbox")))


def test_an_address_that_lets_one_rate_or_answer_is_shown_to_nobody_else(admin: Any) -> None:
    facts = {"item": "开店", "until": "2026-10-01", "path": "/r/geheim/", "link": "http://127.0.0.1/r/geheim/"}
    to_be_said, said = (
        sms(kind="rating.link", payload=facts),
        sms(kind="rating.link", payload=facts | {"text": "评价链接：http://127.0.0.1/r/geheim/"}),
    )
    for row in (to_be_said, said):
        page = text(admin.get(reverse("desk:outbox_message", args=[row.pk])))
        assert "评价链接" in page
        assert "…" in page
        assert "geheim" not in page


def test_the_outbox_is_searched_by_state_channel_and_kind(admin: Any) -> None:
    sms(state="dead"), sms(state="sent", channel="mail", address="a@example.cn"), sms(kind="case.decided", state="sent")
    assert [len(admin.get(reverse("desk:outbox"), query).context["rows"]) for query in (
        {}, {"state": "dead"}, {"channel": "mail"}, {"kind": "case.decided"}, {"kind": "case.decided", "state": "dead"},
    )] == [3, 1, 1, 1, 0]  # fmt: skip


def test_punctuality_is_shown_with_its_base_inside_and_outside(people: Cast, admin: Any, client: Any) -> None:
    today = timezone.localdate()
    Pace.objects.create(day=today, channel="sms", counted=200, within=199)
    Pace.objects.create(day=today - timedelta(days=40), channel="sms", counted=9, within=0)
    inside = text(admin.get(reverse("desk:outbox_pace")))
    outside = text(client.get(reverse("portal:pace")))
    assert "99.5%" in inside
    assert "99.5%" in outside
    assert "199 / 200" in outside
    assert "还没有发出过消息" not in outside
    Pace.objects.all().delete()
    assert "还没有发出过消息" in text(client.get(reverse("portal:pace")))


def test_providers_stand_in_their_order_with_their_health(admin: Any, settings: Any) -> None:
    settings.SMS_PROVIDERS = ["smpp://a:b@127.0.0.1:9?name=one&rate=7", "smpp://a:b@127.0.0.1:9?name=two"]
    ProviderHealth.objects.create(
        name="one", channel="sms", trips=1, open_until=timezone.now() + timedelta(minutes=1), last_error="refused"
    )
    page = text(admin.get(reverse("desk:outbox_providers")))
    assert page.index(">one<") < page.index(">two<")
    assert "暂停使用" in page
    assert "每秒最多 7 条" in page
    assert "邮件没有设服务商" in page


UNUSABLE = [
    "smpp://[",  # what urlsplit calls an invalid IPv6 address
    "smpp://house:geheim@127.0.0.1:notaport",
    "smpp://house:geheim@127.0.0.1:99999",
    "smpp://house:geheim@127.0.0.1?window=viel",
    "smpp://house:geheim@127.0.0.1?window=0",
    "smpp://house:geheim@127.0.0.1?wait=nan",
    "smpp://house:geheim@127.0.0.1?rate=-1",
    "http://house:geheim@127.0.0.1/",
    "127.0.0.1:2775",
    '=HYPERLINK("http://x")',
    "smpp://" + "测" * 10_000 + ":0@[::",
]


@pytest.mark.parametrize("bad", UNUSABLE)
def test_a_provider_written_wrongly_is_shown_and_stops_no_other(
    people: Cast, admin: Any, settings: Any, bad: str
) -> None:
    settings.SMS_PROVIDERS = [bad, "smpp://a:b@127.0.0.1:9?name=two"]
    settings.MAIL_PROVIDERS = ["smtp://geheim@["]
    page = text(admin.get(reverse("desk:outbox_providers")))
    assert "ZHENGTONG_SMS_PROVIDERS 的第 1 个地址不能用" in page
    assert "ZHENGTONG_MAIL_PROVIDERS 的第 1 个地址不能用" in page
    assert ">two<" in page
    assert "geheim" not in page
    assert [one.name for one in sms_providers()] == ["two"]
    english = text(signed_in(people.officers[ADMIN].account, english=True).get(reverse("desk:outbox_providers")))
    assert "Address 1 of ZHENGTONG_SMS_PROVIDERS cannot be used" in english


def test_two_providers_of_one_name_are_not_taken_for_one(admin: Any, settings: Any) -> None:
    settings.SMS_PROVIDERS = ["smpp://a:b@127.0.0.1:9", "smpp://c:d@127.0.0.1:9"]
    page = text(admin.get(reverse("desk:outbox_providers")))
    assert "ZHENGTONG_SMS_PROVIDERS 的第 2 个地址不能用" in page
    assert "name=" in page
    settings.SMS_PROVIDERS = ["smpp://a:b@127.0.0.1:9", "smpp://c:d@127.0.0.1:9?name=other"]
    assert "不能用" not in text(admin.get(reverse("desk:outbox_providers")))


# --- templates ---


def test_a_template_is_drafted_seen_tried_published(people: Cast, admin: Any) -> None:
    address = reverse("desk:template", args=["case.submitted"])
    words = {
        "do": "draft",
        "zh": "收到了，{reply_by}前答复。",
        "en": "Received; answer by {reply_by}.",
        "enabled": "on",
    }
    assert admin.post(address, {**words, "zh": "收到了{谁}"}).status_code == 422
    assert admin.post(address, {**words, "zh": "收到了{who}"}).status_code == 422
    assert admin.post(address, words).status_code == 302
    assert "收到了，2026年10月9日前答复。" in text(admin.get(address))
    assert Wording.objects.get().edition == 0
    # A trial goes to the guest list only.
    assert admin.post(address, {"do": "try", "guest": "nobody", "channel": "sms"}).status_code == 422
    admin.post(reverse("desk:guests"), {"address": "13800005678", "note": "小郑"})
    guest = Guest.objects.get()
    assert admin.post(address, {"do": "try", "guest": guest.key, "channel": "sms"}).status_code == 302
    assert admin.post(address, {"do": "try", "guest": guest.key, "channel": "mail"}).status_code == 422
    tried = Message.objects.get(key__startswith="try:")
    assert (tried.address, tried.payload["text"]) == (
        "13800005678",
        "【食品经营许可】办件9901012026092400017：收到了，2026年10月9日前答复。",
    )
    assert admin.post(address, {"do": "publish"}).status_code == 302
    assert admin.post(address, {"do": "publish"}).status_code == 422
    assert Wording.objects.get().edition == 1
    assert signed_in(people.officers[WINDOW].account).get(address).status_code == 403
    assert admin.get(reverse("desk:template", args=["no.such"])).status_code == 404


def test_a_notice_of_the_law_has_no_switch(admin: Any) -> None:
    assert 'name="enabled"' in text(admin.get(reverse("desk:template", args=["case.submitted"])))
    assert 'name="enabled"' not in text(admin.get(reverse("desk:template", args=["case.accepted"])))


def test_a_guest_is_a_phone_or_an_address_and_is_struck_again(admin: Any) -> None:
    for wrong in ("", "12345", "a@", "13800005678\n1"):
        assert admin.post(reverse("desk:guests"), {"address": wrong, "note": "x"}).status_code == 422
    for right in ("13800005678", "a@example.cn"):
        assert admin.post(reverse("desk:guests"), {"address": right, "note": "x"}).status_code == 302
    page = text(admin.get(reverse("desk:guests")))
    assert "138****5678" in page
    assert "13800005678" not in page
    for guest in Guest.objects.all():
        admin.post(reverse("desk:guest_strike", args=[guest.key]))
    assert "名单是空的" in text(admin.get(reverse("desk:guests")))


# --- wishes ---


def test_a_person_chooses_how_to_be_told(people: Cast) -> None:
    client = signed_in(people.citizen)
    address = reverse("portal:preferences")
    page = client.get(address)
    offered = {line["kind"] for _, lines in page.context["groups"] for line in lines}
    assert "case.accepted" in offered
    assert not offered & {"order.issued", "case.due_soon", "digest.daily"}
    legal = {line["kind"]: "on" for _, lines in page.context["groups"] for line in lines if line["legal"]}
    ticks = {f"{kind}:sms": "on" for kind in legal} | {"case.submitted:mail": "on", "case.submitted:digest": "on"}
    hours = {"since": "21:30", "until": "08:00"}
    assert client.post(address, ticks | hours).status_code == 302
    wish = Wish.objects.get(account=people.citizen, kind="case.submitted")
    assert (wish.channels, wish.digest) == (["mail"], True)
    assert f"{Manner.objects.get().quiet_since:%H:%M}" == "21:30"
    # The law is not silenced, and hours are hours; what was ticked is still ticked.
    for wrong in ({**hours}, {**ticks, "since": "8", "until": ""}):
        refused = client.post(address, wrong)
        assert refused.status_code == 422
    assert client.post(address, {**ticks, "always": "on"}).status_code == 302
    assert Manner.objects.get().quiet_since is None


def test_an_officer_wishes_for_what_officers_are_told(people: Cast) -> None:
    offered = {
        line["kind"]
        for _, lines in signed_in(people.officers[WINDOW].account).get(reverse("portal:preferences")).context["groups"]
        for line in lines
    }
    assert "case.due_soon" in offered
    assert "case.accepted" not in offered


def test_the_link_in_a_mail_stops_its_kind_and_nothing_else(people: Cast, client: Any) -> None:
    address = reverse("portal:stop_messages", args=[stop_token(people.citizen.pk, "case.submitted")])
    assert client.get(address).status_code == 200
    assert not Wish.objects.exists()  # a scanner that follows links stops nothing
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Wish.objects.get().kind == "case.submitted"
    assert "mail" not in Wish.objects.get().channels
    assert client.get(reverse("portal:stop_messages", args=["forged"])).status_code == 404


def test_an_enterprise_gives_an_address_and_sees_its_secret_once(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "resolved", lambda host, port: "8.8.8.8")
    client, address = as_enterprise(people), reverse("portal:webhook")
    for wrong in (
        "",
        "http://erp.example.cn/in",
        "http://[",
        "https://erp.example.cn:x/",
        "https://例子.cn/",
        "x" * 10_000,
    ):
        refused = client.post(address, {"url": wrong})
        assert refused.status_code == 422, wrong
        assert 'id="id_url-error"' in text(refused) or "error" in text(refused)
        assert not Webhook.objects.exists()
    shown = text(client.post(address, {"url": "https://erp.example.cn/in"}))
    row = Webhook.objects.get(enterprise=people.enterprise)
    assert row.secret in shown
    assert row.secret not in text(client.get(address))
    client.post(address, {"do": "drop"})
    assert not Webhook.objects.exists()
    assert signed_in(people.stranger).get(address).status_code == 422  # acts for no enterprise


def test_messages_read_the_same_words_as_before(people: Cast) -> None:
    case = accepted(people)
    prepare(at=datetime(2026, 9, 24, 12, 0, tzinfo=HERE))
    page = text(as_enterprise(people).get(reverse("portal:messages")))
    assert "您的申请已受理，应在 " in page
    assert case.number in page
    english = signed_in(people.citizen, english=True)
    assert "Your application is accepted and to be done by" in text(english.get(reverse("portal:messages")))


def test_a_message_opens_the_page_it_speaks_of_and_no_other_house(people: Cast) -> None:
    client = signed_in(people.citizen)
    for path, target in (
        ("/track/", "/track/"),
        ("//evil.example", "/messages/"),
        ("https://evil.example", "/messages/"),
    ):
        row = Message.objects.create(
            key=path, kind="certificate.expiring", account_id=people.citizen.pk, created_at=AT, payload={"path": path}
        )
        assert client.post(reverse("portal:message", args=[row.pk]))["Location"] == target


# --- every page ---

PAGES = [
    (ADMIN, "desk:outbox", ()), (ADMIN, "desk:outbox_pace", ()), (ADMIN, "desk:outbox_providers", ()),
    (ADMIN, "desk:templates", ()), (ADMIN, "desk:template", ("case.accepted",)), (ADMIN, "desk:guests", ()),
    ("", "portal:preferences", ()), ("", "portal:pace", ()),
]  # fmt: skip


@pytest.mark.parametrize(("who", "name", "args"), PAGES)
def test_pages_are_whole_in_english_and_ask_little(
    people: Cast, who: str, name: str, args: tuple[str, ...], django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        sms(state=("dead", "sent", "kept")[number])
    client = signed_in(people.officers[who].account if who else people.citizen, english=True)
    client.get(reverse(name, args=args))
    with django_assert_max_num_queries(16):
        page = text(client.get(reverse(name, args=args)))
    body = page[page.index("<main") :]
    import re

    plain = re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", body, flags=re.DOTALL)
    plain = re.sub(r"<textarea[^>]*>.*?</textarea>", "", plain, flags=re.DOTALL)
    assert not HAN.findall(plain), HAN.findall(plain)[:20]
