"""Signing up and in by phone or mail address, a new password by code, officers by staff number."""

import re
from http import HTTPStatus

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils import timezone

from zhengtong.base.outbox.queries import kept
from zhengtong.base.personal import lookup_hash

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.frame_urls")]

PHONE, EMAIL, PASSWORD = "13800138000", "chen@example.cn", "correct horse battery"


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()
    yield
    cache.clear()


def last_sent():
    return kept(limit=1)[0]


def last_code():
    return re.search(r"\b(\d{6})\b", last_sent().payload["text"])[1]


def sign_up(client, contact, name="陈晓"):
    return client.post("/accounts/signup/", {"name": name, "contact": contact, "password1": PASSWORD})


def signed_in(client):
    return "_auth_user_id" in client.session


def account(**facts):
    person = get_user_model()(login=facts.pop("login", "c-1"), name="陈晓", created_at=timezone.now(), **facts)
    person.set_password(PASSWORD)
    person.save()
    return person


def citizen_by_phone():
    return account(phone=PHONE, phone_hash=lookup_hash(PHONE), phone_verified=True)


def test_phone_is_verified_by_code_before_one_is_signed_in(client):
    answer = sign_up(client, "138 0013 8000")
    assert answer["Location"] == "/accounts/phone/confirm/"
    assert not signed_in(client)
    assert (last_sent().channel, last_sent().address) == ("sms", PHONE)
    answer = client.post("/accounts/phone/confirm/", {"action": "verify", "code": last_code()})
    assert answer["Location"] == "/"
    assert signed_in(client)
    person = get_user_model().objects.get()
    assert (person.name, person.kind, person.phone, person.phone_verified) == ("陈晓", "citizen", PHONE, True)


def test_wrong_code_signs_nobody_in(client):
    sign_up(client, PHONE)
    answer = client.post(
        "/accounts/phone/confirm/", {"action": "verify", "code": "000000" if last_code() != "000000" else "1"}
    )
    assert "验证码不对" in answer.content.decode()
    assert not signed_in(client)


def test_number_is_not_readable_in_the_table(client, django_db_blocker):
    from django.db import connection

    citizen_by_phone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_hash FROM registry_account")
        assert PHONE not in str(cursor.fetchall())


def test_unverified_number_occupies_nothing(client):
    sign_up(client, PHONE, name="冒名")
    client.cookies.clear()
    cache.clear()
    sign_up(client, PHONE)
    client.post("/accounts/phone/confirm/", {"action": "verify", "code": last_code()})
    assert get_user_model().objects.get(phone_verified=True).name == "陈晓"


def test_mail_address_is_verified_by_code(client):
    answer = sign_up(client, EMAIL)
    assert answer["Location"] == "/accounts/email/confirm/"
    assert last_sent().channel == "mail"
    answer = client.post("/accounts/email/confirm/", {"action": "verify", "code": last_code()})
    assert signed_in(client)
    assert get_user_model().objects.get().email == EMAIL


def test_english_reader_gets_an_english_code(client):
    client.post("/preferences/", {"language": "en"})
    sign_up(client, EMAIL)
    assert "Your code is" in last_sent().payload["text"]
    assert get_user_model().objects.get().language == "en"


@pytest.mark.parametrize("contact", [PHONE, EMAIL])
def test_known_contact_looks_like_a_new_one_to_a_stranger(client, contact):
    """Who tries out numbers learns nothing; the owner is told."""
    citizen_by_phone()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=get_user_model().objects.get(), email=EMAIL, verified=True, primary=True)
    answer = sign_up(client, contact, name="陌生人")
    assert answer["Location"].endswith("/confirm/")
    assert "已经注册过" in last_sent().payload["text"]
    assert get_user_model().objects.count() == 1
    assert "验证码已发到" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("12345", "手机号应为 11 位数字"),
        ("chen@", "邮箱地址不完整"),
    ],
)
def test_contact_that_cannot_be_is_refused_with_what_to_do(client, contact, words):
    assert words in sign_up(client, contact).content.decode()


def test_bidirectional_name_is_refused(client):
    answer = sign_up(client, PHONE, name="陈\u202e晓")
    assert answer.status_code == HTTPStatus.OK
    assert "控制字符" in answer.content.decode()


def test_weak_password_is_refused(client):
    answer = client.post("/accounts/signup/", {"name": "陈晓", "contact": PHONE, "password1": "12345678901"})
    assert 'id="id_password1_error"' in answer.content.decode()
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("login", [PHONE, "138-0013-8000"])
def test_citizen_signs_in_by_phone_and_password(client, login):
    citizen_by_phone()
    answer = client.post("/accounts/login/?next=/samples/", {"login": login, "password": PASSWORD, "next": "/samples/"})
    assert answer["Location"] == "/samples/"
    assert signed_in(client)


def test_officer_signs_in_by_staff_number_and_goes_to_the_desk(client):
    account(login="yz-0001", kind="officer")
    answer = client.post("/accounts/login/", {"login": "YZ-0001", "password": PASSWORD})
    assert answer["Location"] == "/desk/"


def test_wrong_password_and_unknown_account_say_the_same(client):
    citizen_by_phone()
    wrong = client.post("/accounts/login/", {"login": PHONE, "password": "no"}).content.decode()
    unknown = client.post("/accounts/login/", {"login": "13900139000", "password": "no"}).content.decode()
    words = "账户或密码不对"
    assert words in wrong
    assert words in unknown


def test_after_five_wrong_passwords_the_right_one_waits(client):
    citizen_by_phone()
    for _ in range(5):
        client.post("/accounts/login/", {"login": PHONE, "password": "no"})
    answer = client.post("/accounts/login/", {"login": PHONE, "password": PASSWORD})
    assert "尝试次数过多" in answer.content.decode()
    assert not signed_in(client)


def test_closed_account_is_told_where_to_ask(client):
    person = citizen_by_phone()
    person.is_active = False
    person.save()
    answer = client.post("/accounts/login/", {"login": PHONE, "password": PASSWORD}, follow=True)
    assert "账户已停用" in answer.content.decode()
    assert not signed_in(client)


def test_sign_in_leads_to_no_other_site(client):
    citizen_by_phone()
    answer = client.post("/accounts/login/", {"login": PHONE, "password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("address", [PHONE, EMAIL])
def test_new_password_by_code(client, address):
    person = citizen_by_phone()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    answer = client.post("/accounts/password/reset/", {"email": address})
    assert last_sent().address == address
    answer = client.post(answer["Location"], {"action": "verify", "code": last_code()})
    assert answer["Location"] == "/accounts/password/reset/new/"
    new = "a new and longer one"
    answer = client.post(answer["Location"], {"password1": new, "password2": new})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert "刚刚通过验证码重设" in last_sent().payload["text"]
    client.post("/accounts/login/", {"login": PHONE, "password": new})
    assert signed_in(client)


def test_reset_for_an_unknown_number_looks_the_same_and_sends_no_code(client):
    answer = client.post("/accounts/password/reset/", {"email": "13900139000"})
    assert answer["Location"] == "/accounts/password/reset/confirm/"
    assert "没有注册过账户" in last_sent().payload["text"]
    assert not re.search(r"\d{6}", last_sent().payload["text"].replace("12345", ""))


def test_second_code_within_half_a_minute_meets_a_sentence(client):
    sign_up(client, PHONE)
    client.cookies.clear()
    answer = sign_up(client, PHONE)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "操作太频繁" in answer.content.decode()


def test_another_code_asked_too_soon_meets_a_sentence(client):
    sign_up(client, PHONE)
    answer = client.post("/accounts/phone/confirm/", {"action": "resend"}, follow=True)
    assert "请等半分钟再试" in answer.content.decode()


def test_signing_out_is_by_post_and_takes_the_browsers_mark_along(client):
    client.force_login(citizen_by_phone())
    client.get("/samples/")
    assert "zhengtong_account" in client.cookies
    assert "退出登录？" in client.get("/accounts/logout/").content.decode()
    answer = client.post("/accounts/logout/")
    assert not signed_in(client)
    assert answer.cookies["zhengtong_account"]["max-age"] == 0


def test_new_number_counts_once_its_code_is_entered(client):
    person = citizen_by_phone()
    client.post("/accounts/login/", {"login": PHONE, "password": PASSWORD})
    answer = client.post("/accounts/phone/", {"phone": "13900139000"})
    assert answer["Location"] == "/accounts/phone/confirm/"
    person.refresh_from_db()
    assert person.phone == PHONE
    client.post("/accounts/phone/confirm/", {"action": "verify", "code": last_code()})
    person.refresh_from_db()
    assert (person.phone, person.phone_hash) == ("13900139000", lookup_hash("13900139000"))


def test_addresses_of_allauth_that_are_not_drawn_do_not_exist(client):
    for path in ("/accounts/login/code/", "/accounts/password/set/", "/accounts/social/"):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_every_letter_allauth_can_send_is_written():
    from pathlib import Path

    import allauth.account

    from zhengtong.web.accounts.letters import LETTERS

    source = "".join(path.read_text() for path in Path(allauth.account.__file__).parent.rglob("*.py"))
    named = set(re.findall(r'"(account/email/\w+)"', source))
    unused = {"account/email/login_code", "account/email/password_set", "account/email/password_reset_key"}  # not drawn
    assert named - unused <= set(LETTERS)
