"""An expired session in mid-form: nothing typed is lost."""

import re
from http import HTTPStatus

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from zhengtong.web.frame import kept

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.frame_urls")]

TYPED = {"name": "云泽联运商贸有限公司", "note": "长长的说明\n第二行", "language": "b", "agree": "on"}
HERE = {"origin": "http://testserver"}


@pytest.fixture
def citizen():
    person = get_user_model().objects.create(login="c-1", name="陈晓", created_at=timezone.now())
    person.set_password("long enough words")
    person.save()
    return person


def sent_while_signed_out(client, **extra):
    return client.post("/samples/own/", {**TYPED, **extra}, headers=HERE)


def hidden_fields(html):
    form = html.split('action="/samples/own/"')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_form_sent_after_the_session_ended_waits_behind_sign_in_and_arrives(client, citizen):
    answer = sent_while_signed_out(client)
    assert answer["Location"] == "/accounts/login/?next=%2Fkept%2F"
    client.force_login(citizen)
    waiting = client.get("/kept/").content.decode()
    fields = hidden_fields(waiting)
    assert fields["name"] == TYPED["name"]
    assert fields["note"] == TYPED["note"]
    arrived = client.post("/samples/own/", fields, headers=HERE).content.decode()
    assert "arrived" in arrived
    assert TYPED["name"] in arrived
    assert kept.SESSION_KEY not in client.session


def test_typed_fields_lie_encrypted_in_the_session(client):
    sent_while_signed_out(client)
    assert TYPED["name"] not in str(dict(client.session.items()))


def test_password_and_token_are_never_kept(client, citizen):
    sent_while_signed_out(client, password="秘密", csrfmiddlewaretoken="x")
    client.force_login(citizen)
    fields = hidden_fields(client.get("/kept/").content.decode())
    assert "password" not in fields
    assert fields.get("csrfmiddlewaretoken") != "x"


def test_page_says_that_files_must_be_chosen_again(client, citizen):
    sent_while_signed_out(client, paper=SimpleUploadedFile("执照.pdf", b"%PDF-"))
    client.force_login(citizen)
    html = client.get("/kept/").content.decode()
    assert "文件需要重新选择" in html
    assert "执照.pdf" in html


def test_another_persons_form_is_not_shown(client, citizen):
    other = get_user_model().objects.create(login="c-2", name="别人", created_at=timezone.now())
    client.force_login(other)
    client.get("/samples/own/")  # leaves the cookie that says whose browser this was
    del client.cookies["zhengtong_session"]
    sent_while_signed_out(client)
    client.force_login(citizen)
    assert "没有等待提交的内容" in client.get("/kept/").content.decode()


def test_form_from_another_site_is_not_kept(client):
    answer = client.post("/samples/own/", TYPED, headers={"origin": "https://evil.example"})
    assert answer["Location"] == "/accounts/login/?next=%2F"
    assert kept.SESSION_KEY not in client.session


def test_stale_page_keeps_its_fields_and_sends_them_with_one_press(citizen):
    client = Client(enforce_csrf_checks=True)
    client.force_login(citizen)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/samples/own/", TYPED, headers=HERE)
    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.FORBIDDEN
    fields = hidden_fields(html)
    assert fields["name"] == TYPED["name"]
    assert "arrived" in client.post("/samples/own/", fields, headers=HERE).content.decode()


def test_owner_may_drop_what_was_kept(client, citizen):
    sent_while_signed_out(client)
    client.force_login(citizen)
    client.post("/kept/")
    assert "没有等待提交的内容" in client.get("/kept/").content.decode()


def test_autosave_of_a_signed_out_person_is_told_so_and_redirects_nowhere(client):
    answer = client.post("/samples/autosave/", {"text": "x"}, headers={"accept": "application/json", **HERE})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer.json()["code"] == "account.signed_out"


def test_piece_of_a_page_sends_the_whole_page_to_sign_in_and_back(client):
    answer = client.get(
        "/samples/own/", headers={"hx-request": "true", "hx-current-url": "http://testserver/samples/?a=1"}
    )
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fsamples%2F%3Fa%3D1"


def test_kept_form_is_forgotten_after_two_hours(client, citizen, monkeypatch):
    sent_while_signed_out(client)
    client.force_login(citizen)
    later = kept.time.time() + kept.KEPT_SECONDS + 1
    monkeypatch.setattr(kept.time, "time", lambda: later)
    assert "没有等待提交的内容" in client.get("/kept/").content.decode()
