"""Messages in a real browser: every page of the desk's outbox and of a person's wishes, at two widths, in two languages."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.browser.views import each_view
from tests.people import Cast, cast
from zhengtong.base.outbox.models import Message, Pace, Part, ProviderHealth, Try
from zhengtong.domains.messaging import actions
from zhengtong.exchange import webhook
from zhengtong.exchange.mail import stop_token
from zhengtong.rules.messaging import Draft

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = "郑凯"


@pytest.fixture
def people(settings: Any) -> Cast:
    cache.clear()
    settings.SMS_PROVIDERS = ["smpp://a:b@127.0.0.1:9?name=first&rate=50", "smpp://a:b@127.0.0.1:9?name=second"]
    one = cast()
    now, by = timezone.now(), one.acting(ADMIN)
    row = Message.objects.create(
        key="k1", channel="sms", kind="case.accepted", address="13800001234", created_at=now, sent_at=now, attempts=2,
        state="delivered", provider="second", settled_at=now, subject_kind="case", subject_key="99010120260924",
        payload={"text": "【食品经营许可】办件9901：您的申请已受理，应在2026年10月9日前办完。", "item": "食品经营许可"},
    )  # fmt: skip
    Try.objects.create(message=row, number=1, provider="first", at=now, outcome="no_answer", detail="no answer in time")
    Try.objects.create(message=row, number=2, provider="second", at=now, outcome="accepted", seconds=0.31)
    Part.objects.create(
        message=row, provider="second", ref="1000417", state="delivered", accepted_at=now, settled_at=now
    )
    for number, state in enumerate(Message.STATES):
        Message.objects.create(
            key=f"state-{state}", channel=("sms", "mail", "webhook", "in_app")[number % 4], kind="case.decided",
            state=state, created_at=now, address=("13800001234", "lin@example.cn", "https://erp.example.cn/in", "")[number % 4],
            payload={"text": "已作出决定：准予。"}, last_error="SMPP 0x0000000B" if state == "rejected" else "",
        )  # fmt: skip
    ProviderHealth.objects.create(name="first", channel="sms", trips=1, open_until=now + timedelta(hours=1), accepted=812,
                                  failed=9, used_at=now, last_error="127.0.0.1:9: Connection refused")  # fmt: skip
    for back in range(5):
        Pace.objects.create(
            day=timezone.localdate() - timedelta(days=back), channel="sms", counted=200 + back, within=199
        )
        Pace.objects.create(day=timezone.localdate() - timedelta(days=back), channel="mail", counted=20, within=20)
    actions.draft(
        "case.submitted", Draft("收到了，{reply_by}前答复。", "Received; answer by {reply_by}."), by=by, at=now
    )
    actions.publish("case.submitted", by=by, at=now)
    actions.draft(
        "case.submitted",
        Draft("已经收到，{reply_by}前答复您。", "Received; you will hear by {reply_by}."),
        by=by,
        at=now,
    )
    actions.list_guest("13800005678", note="小郑的手机", key="guest-1", by=by, at=now)
    actions.set_webhook(one.enterprise.pk, "https://erp.example.cn/in", secret="s" * 32, at=now)
    Message.objects.create(key="read", kind="certificate.expiring", account_id=one.citizen.pk, created_at=now, state="sent",
                           payload={"certificate": "食品经营许可证", "certificate_no": "JY1", "until": "2026-12-01", "path": "/track/"})  # fmt: skip
    return one


@each_view
def test_every_page_of_messages(
    width: int, language: str, people: Cast, open_page: Any, server: Any, axe: Any, valid_html: Any, shot: Any
) -> None:
    story = Message.objects.get(key="k1").pk
    walks = [
        (people.officers[ADMIN].account, [
            ("/desk/outbox/", "outbox"), (f"/desk/outbox/{story}/", "outbox-message"), ("/desk/outbox/pace/", "outbox-pace"),
            ("/desk/outbox/providers/", "outbox-providers"), ("/desk/templates/", "templates"),
            ("/desk/templates/case.submitted/", "template"), ("/desk/guests/", "guests"),
        ]),
        (people.citizen, [
            ("/messages/", "messages"), ("/messages/preferences/", "preferences"), ("/messages/pace/", "pace"),
            (f"/messages/stop/{stop_token(people.citizen.pk, 'case.submitted')}/", "stop"),
        ]),
    ]  # fmt: skip
    sources = {}
    for account, addresses in walks:
        page = open_page(width, language, account=account)
        for address, picture in addresses:
            assert page.goto(server.url + address).ok, address
            axe(page)
            sources[address] = page.content()
            shot(page, f"messages-{picture}-{width}-{language}")
    valid_html(sources)


def test_a_person_saves_wishes_and_an_enterprise_its_address_without_scripts(
    people: Cast, open_page: Any, server: Any, axe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "resolved", lambda host, port: "8.8.8.8")
    page = open_page(390, "zh", account=people.citizen, scripts=False)
    page.goto(server.url + "/messages/")
    page.get_by_role("link", name="选择怎样收到消息").click()
    page.locator('input[name="case.submitted:mail"]').check()
    page.get_by_role("button", name="保存").click()
    assert page.get_by_text("已保存。").is_visible()
    assert page.locator('input[name="case.submitted:mail"]').is_checked()


@pytest.mark.parametrize(("width", "language"), [(1280, "zh"), (390, "en")])
def test_the_administrator_rewords_a_template_tries_it_and_reads_its_story(
    width: int, language: str, people: Cast, open_page: Any, server: Any, axe: Any, shot: Any
) -> None:
    page = open_page(width, language, account=people.officers[ADMIN].account)
    page.expected_errors.append("422")
    page.goto(f"{server.url}/desk/templates/case.submitted/")
    page.locator("#id_zh").fill("收到了{谁}")
    page.locator("button:has-text('存为草稿'), button:has-text('Save')").first.click()
    assert page.locator(".field.bad:has(#id_zh)").is_visible()
    assert page.locator("#id_zh").input_value() == "收到了{谁}"
    axe(page)
    page.locator("#id_zh").fill("您的申请到了，{reply_by}前答复您。")
    page.locator("button:has-text('存为草稿'), button:has-text('Save')").first.click()
    page.locator("button[value=publish]").click()
    assert "您的申请到了" in page.locator("main table").last.inner_text()
    assert page.locator("main table tbody tr").count() == 2, "the first edition stays"
    axe(page)
    shot(page, f"messages-template-second-{width}-{language}")
    page.locator("form:has(select[name=guest]) button").click()
    row = Message.objects.get(key__startswith="try:")
    page.goto(f"{server.url}/desk/outbox/{row.pk}/")
    assert page.get_by_text("您的申请到了").is_visible()
    assert "13800005678" not in page.content()
    axe(page)
    page.goto(f"{server.url}/desk/guests/")
    page.locator("#id_address").fill("12345")
    page.locator("form:has(#id_address) button").click()
    assert page.locator(".field.bad:has(#id_address)").is_visible()
    axe(page)


def test_a_provider_written_wrongly_is_told_in_both_languages(
    settings: Any, people: Cast, open_page: Any, server: Any, axe: Any, shot: Any
) -> None:
    settings.SMS_PROVIDERS = ["smpp://[", *settings.SMS_PROVIDERS, "smpp://c:d@127.0.0.1:9?name=first"]
    ProviderHealth.objects.filter(name="first").update(
        last_error="127.0.0.1:9: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
    )
    for width, language in ((1280, "zh"), (390, "en")):
        page = open_page(width, language, account=people.officers[ADMIN].account)
        page.goto(f"{server.url}/desk/outbox/providers/")
        assert page.locator(".notice.error").count() == 2
        axe(page)
        shot(page, f"messages-providers-unusable-{width}-{language}")
