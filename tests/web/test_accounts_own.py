"""The account page, in whose name one acts, the demo's inbox, and the two doors."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from zhengtong.base.outbox import actions as outbox
from zhengtong.domains.registry.models import Enterprise, Mandate, Officer, Organ, Person, Post, Region
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role
from zhengtong.web.accounts.acting import citizen_door, officer_door
from zhengtong.web.accounts.adapter import masked_address

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.frame_urls")]

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def account(login, kind="citizen", **facts):
    return get_user_model().objects.create(login=login, kind=kind, name="陈晓", created_at=timezone.now(), **facts)


@pytest.fixture
def citizen():
    return account("c-1")


@pytest.fixture
def enterprise(citizen):
    holder = Person.objects.create(key="p-1", account=citizen, name="陈晓", version=1)
    return Enterprise.objects.create(
        uscc="91990102MA00000001", name="云泽联运商贸有限公司", legal_representative=holder, version=1
    )


@pytest.fixture
def clerk():
    region = Region.objects.create(code="990102", name="云泽市", level=3)
    organ = Organ.objects.create(code="91990102MA00000002", name="云泽市商务局", short_name="云商", region=region)
    officer = Officer.objects.create(
        staff_no="yz-1", account=account("yz-1", "officer"), name="张敏", organ=organ, version=1
    )
    Post.objects.create(officer=officer, role=Role.WINDOW, organ=organ, since=TODAY - DAY)
    return officer


def test_name_and_language_are_ones_own_to_change(client, citizen):
    client.force_login(citizen)
    answer = client.post("/accounts/", {"name": "陈晓晓", "language": "en"})
    assert answer["Location"] == "/accounts/"
    citizen.refresh_from_db()
    assert (citizen.name, citizen.language) == ("陈晓晓", "en")


def test_officers_name_is_not(client, clerk):
    client.force_login(clerk.account)
    client.post("/accounts/", {"name": "别名", "language": "en"})
    clerk.account.refresh_from_db()
    assert (clerk.account.name, clerk.account.language) == ("陈晓", "en")


def test_account_page_masks_addresses(client, citizen):
    citizen.phone, citizen.phone_verified, citizen.email = "13800138000", True, "chen@example.cn"
    citizen.save()
    client.force_login(citizen)
    html = client.get("/accounts/").content.decode()
    assert "138****8000" in html
    assert "c***@example.cn" in html
    assert "13800138000" not in html


@pytest.mark.parametrize(
    ("address", "shown"),
    [("13800138000", "138****8000"), ("a@b.cn", "a***@b.cn"), ("zhang.min@yunze.cn", "z***@yunze.cn")],
)
def test_masked_address(address, shown):
    assert masked_address(address) == shown


def test_legal_representative_acts_for_the_enterprise_and_every_page_says_so(client, citizen, enterprise):
    client.force_login(citizen)
    assert enterprise.name in client.get("/accounts/acting/").content.decode()
    answer = client.post("/accounts/acting/", {"enterprise": enterprise.pk, "next": "/samples/"})
    assert answer["Location"] == "/samples/"
    assert f"<b>{enterprise.name}</b>" in client.get("/samples/").content.decode()
    client.post("/accounts/acting/", {"enterprise": ""})
    assert f"<b>{enterprise.name}</b>" not in client.get("/samples/").content.decode()


def test_stranger_may_not_act_for_it(client, enterprise):
    client.force_login(account("c-2"))
    assert enterprise.name not in client.get("/accounts/acting/").content.decode()
    answer = client.post("/accounts/acting/", {"enterprise": enterprise.pk})
    assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert "acting_enterprise" not in client.session


def request_of(user, session):
    request = RequestFactory().get("/")
    request.user, request.session = user, session
    return request


def test_mandate_that_ended_since_falls_back_to_the_person(citizen, enterprise):
    agent = account("c-3")
    person = Person.objects.create(key="p-3", account=agent, name="李青", version=1)
    mandate = Mandate.objects.create(
        key="m-1", agent=person, enterprise=enterprise, since=TODAY - DAY, until=TODAY, version=1
    )
    inside = citizen_door(lambda request: HttpResponse(str(request.acting.enterprise_id)))
    session = {"acting_enterprise": enterprise.pk}
    assert inside(request_of(agent, session)).content.decode() == str(enterprise.pk)
    Mandate.objects.filter(pk=mandate.pk).update(revoked_at=timezone.now())
    assert inside(request_of(agent, session)).content == b"None"
    assert "acting_enterprise" not in session


def test_officers_door_opens_for_an_officer_with_the_ability(clerk, citizen):
    def view(request):
        return HttpResponse(request.acting.name)

    assert officer_door(Ability.TAKE_IN)(view)(request_of(clerk.account, {})).content.decode() == "张敏"
    with pytest.raises(Refusal) as refused:
        officer_door(Ability.KEEP_PEOPLE)(view)(request_of(clerk.account, {}))
    assert refused.value.code is RefusalCode.PERMISSION_MISSING
    with pytest.raises(PermissionDenied):
        officer_door()(view)(request_of(citizen, {}))


def test_officer_who_left_finds_the_door_shut(clerk):
    Officer.objects.filter(pk=clerk.pk).update(left_on=TODAY - DAY)
    with pytest.raises(PermissionDenied):
        officer_door()(lambda request: HttpResponse())(request_of(clerk.account, {}))


def test_local_inbox_exists_in_the_demo_only(client, settings):
    outbox.queue(
        outbox.message(
            "account.sms.code",
            key="k",
            at=timezone.now(),
            channel="sms",
            address="13800138000",
            payload={"title": "手机验证码", "text": "验证码 123456"},
        )
    )
    settings.ZHENGTONG_DEMO = True
    assert "验证码 123456" in client.get("/accounts/local-inbox/").content.decode()
    settings.ZHENGTONG_DEMO = False
    assert client.get("/accounts/local-inbox/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "path", ["/accounts/", "/accounts/acting/", "/accounts/phone/", "/accounts/email/", "/accounts/password/"]
)
def test_own_pages_ask_a_stranger_to_sign_in(client, path):
    assert client.get(path)["Location"].startswith("/accounts/login/?next=")
