import json
import re
from http import HTTPStatus

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from config.sessions import RENEWED, SlidingSession


def test_live_needs_no_database(client):
    answer = client.get("/healthz")
    assert json.loads(answer.content) == {"alive": True}


@pytest.mark.django_db
def test_ready_when_every_table_is_there(client):
    assert client.get("/readyz").status_code == HTTPStatus.OK


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client, monkeypatch):
    monkeypatch.setattr("config.health.MigrationExecutor.migration_plan", lambda *_: ["one"])
    answer = client.get("/readyz")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert json.loads(answer.content)["reason"] == "migrations"


@pytest.mark.django_db
def test_an_address_that_takes_only_forms_says_so(client):
    """The language changed on a refusal leads there, by a link or by going back."""
    page = client.get("/hall/take/", headers={"Accept": "text/html"})
    assert (page.status_code, page["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "POST")
    assert "这个地址只接收表单提交" in page.content.decode()
    told = client.get("/hall/take/", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "request.method")


def test_every_answer_carries_a_request_id_and_strict_headers(client):
    answer = client.get("/healthz")
    assert re.fullmatch(r"[0-9a-f]{16}", answer["X-Request-ID"])
    policy = {rule.strip() for rule in answer["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'"} <= policy
    assert not [rule for rule in policy if "unsafe" in rule]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "same-origin"


def test_two_requests_have_two_ids(client):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_a_strange_host_name_is_refused(client):
    assert client.get("/healthz", headers={"host": "localhost"}).status_code == HTTPStatus.OK
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == HTTPStatus.BAD_REQUEST


def pass_through(session: SessionStore) -> None:
    request = RequestFactory().get("/")
    request.session = session
    SlidingSession(lambda _: HttpResponse())(request)


def test_a_session_in_use_is_renewed_but_not_at_every_page(monkeypatch):
    session = SessionStore()
    session["cart"] = 1
    monkeypatch.setattr("config.sessions.time.time", lambda: 1_000_000)
    pass_through(session)
    assert session[RENEWED] == 1_000_000
    session.modified = False
    monkeypatch.setattr("config.sessions.time.time", lambda: 1_000_599)
    pass_through(session)
    assert not session.modified
    monkeypatch.setattr("config.sessions.time.time", lambda: 1_000_600)
    pass_through(session)
    assert session.modified


def test_a_session_nobody_read_is_left_alone():
    session = SessionStore()
    pass_through(session)
    assert not session.modified
