"""Webhooks: signed, tried again, and never sent to an address inside."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.people import Cast, cast
from zhengtong.base.outbox.channels import Outgoing
from zhengtong.domains.messaging import actions
from zhengtong.exchange import webhook
from zhengtong.exchange.webhook import Forbidden, Webhooks, allowed, check_url, checked, resolved, retry_after
from zhengtong.rules.messaging_delivery import Outcome
from zhengtong.rules.refusal import Refusal, RefusalCode

AT = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)

ADDRESSES = [
    ("8.8.8.8", True),
    ("2001:4860:4860::8888", True),
    ("127.0.0.1", False),
    ("10.1.2.3", False),
    ("172.16.0.1", False),
    ("192.168.1.1", False),
    ("169.254.169.254", False),  # where clouds keep their keys
    ("100.64.0.1", False),
    ("0.0.0.0", False),
    ("224.0.0.1", False),
    ("255.255.255.255", False),
    ("::1", False),
    ("::", False),
    ("fe80::1", False),
    ("fc00::1", False),
    ("::ffff:127.0.0.1", False),  # an inner address in other clothes
    ("::ffff:10.0.0.1", False),
    ("64:ff9b::7f00:1", False),
    ("2002:7f00:1::", False),
]


@pytest.mark.parametrize(("address", "may"), ADDRESSES)
def test_only_public_addresses(address: str, may: bool, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []
    assert allowed(address) is may


def test_an_inner_network_is_reached_only_when_the_house_names_it(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16"]
    assert allowed("10.20.3.4")
    assert allowed("::ffff:10.20.3.4")
    assert not allowed("10.21.3.4")


URLS = [
    ("https://erp.example.cn/in?x=1", True),
    ("https://erp.example.cn:8443/", True),
    ("http://erp.example.cn/", False),
    ("ftp://erp.example.cn/", False),
    ("https://", False),
    ("https://user:secret@erp.example.cn/", False),
    ("https://erp.example.cn:notaport/", False),
    ("//erp.example.cn/", False),
    ("javascript:alert(1)", False),
    ("https://[::1", False),
    ("https://erp.example.cn/回调", False),  # percent-encoded, or nobody knows how
    ("https://例子.cn/", False),
    ("https://erp.example.cn/a b", False),
    ("https://erp.example.cn/a\nb", False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        "https://[",
        "https://erp.example.cn:x/",
        "",
        "https://" + "a" * 70 + ".cn/",
        "https://例子.cn/回调",
        "https://.cn/",
    ],
)
def test_an_address_already_stored_badly_is_refused_and_holds_up_no_other(bad: str, settings: Any) -> None:
    people = cast()
    actions.set_webhook(people.enterprise.pk, bad, secret="s" * 32, at=AT)
    one, other = (
        Outgoing(n, f"k{n}", "case.accepted", bad, AT, 1, payload={"enterprise_id": people.enterprise.pk})
        for n in (1, 2)
    )
    assert [result.outcome for result in Webhooks().send([one, other])] == [Outcome.REFUSED, Outcome.REFUSED]


@pytest.mark.parametrize(("url", "may"), URLS)
def test_what_is_an_address(url: str, may: bool, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []
    if may:
        assert checked(url).hostname == "erp.example.cn"
    else:
        with pytest.raises(Forbidden):
            checked(url)


def entries(*addresses: str) -> Any:
    return lambda *_, **__: [(0, 0, 0, "", (address, 443)) for address in addresses]


def test_a_name_with_one_inner_address_is_an_attempt(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []
    assert resolved("a.example", 443, resolve=entries("8.8.8.8", "8.8.4.4")) == "8.8.8.8"
    for bad in (("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ()):
        with pytest.raises(Forbidden):
            resolved("a.example", 443, resolve=entries(*bad))


def test_a_network_may_be_written_by_one_of_its_addresses(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["10.20.0.1/16"]
    assert allowed("10.20.3.4")


def test_a_form_is_told_kindly() -> None:
    for url in ("https://localhost/in", "https://127.0.0.1/", "http://example.cn/", "x", "http://[", "https://a..b/"):
        with pytest.raises(Refusal) as refusal:
            check_url(url)
        assert refusal.value.code is RefusalCode.MESSAGE_WEBHOOK_ADDRESS


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("Thu, 24 Sep 2026 01:02:00 GMT", 120),
        ("Thu, 24 Sep 2026 00:00:00 GMT", 0),
        ("", None),
        ("soon", None),
    ],
)
def test_retry_after(said: str, seconds: int | None) -> None:
    assert retry_after(said, AT) == seconds


# --- over a socket ---


class Erp(HTTPServer):
    """An enterprise's system: answers as told and remembers what it got."""

    answers: list[tuple[int, dict[str, str]]]
    got: list[tuple[dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        status, headers = server.answers.pop(0) if server.answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Not to the terminal."""


@pytest.fixture
def erp(settings: Any) -> Iterator[Erp]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    server = Erp(("127.0.0.1", 0), Handler)
    server.answers, server.got = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def outgoing(people: Cast, erp: Erp, **more: Any) -> Outgoing:
    url = f"http://127.0.0.1:{erp.server_port}/in"
    actions.set_webhook(people.enterprise.pk, url, secret="s3cret", at=AT)
    payload = {"enterprise_id": str(people.enterprise.pk), "case_no": "9901", "text": "已受理", "may_stop": True}
    facts = {"id": 1, "key": "case.accepted:9901:2:webhook", "kind": "case.accepted", "address": url, "created_at": AT}
    return Outgoing(**{**facts, "attempt": 1, "payload": payload, **more})


def test_what_is_sent_is_signed(people: Cast, erp: Erp) -> None:
    (result,) = Webhooks().send([outgoing(people, erp)])
    assert (result.outcome, result.final) == (Outcome.ACCEPTED, True)
    ((headers, body),) = erp.got
    moment, _, signature = headers["X-Zhengtong-Signature"].partition(",v1=")
    expected = hmac.new(b"s3cret", moment.removeprefix("t=").encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert headers["X-Zhengtong-Id"] == "case.accepted:9901:2:webhook"
    told = json.loads(body)
    assert (told["kind"], told["facts"]) == ("case.accepted", {"case_no": "9901", "text": "已受理"})


ANSWERS = [
    (200, {}, Outcome.ACCEPTED, None),
    (429, {"Retry-After": "120"}, Outcome.FAILED, 120),
    (503, {}, Outcome.FAILED, None),
    (404, {}, Outcome.REFUSED, None),
    (410, {}, Outcome.REFUSED, None),
    (302, {"Location": "http://127.0.0.1:1/secret"}, Outcome.REFUSED, None),  # no redirect is followed
]


@pytest.mark.parametrize(("status", "headers", "outcome", "after"), ANSWERS)
def test_answers(
    people: Cast, erp: Erp, status: int, headers: dict[str, str], outcome: Outcome, after: int | None
) -> None:
    erp.answers = [(status, headers)]
    (result,) = Webhooks().send([outgoing(people, erp)])
    assert (result.outcome, result.retry_after) == (outcome, after)
    assert len(erp.got) == 1


def test_nobody_there_fails_for_now_and_a_dropped_address_for_good(people: Cast, erp: Erp) -> None:
    one = outgoing(people, erp)
    erp.shutdown()
    erp.server_close()
    (result,) = Webhooks().send([one])
    assert result.outcome is Outcome.FAILED
    actions.drop_webhook(people.enterprise.pk)
    (result,) = Webhooks().send([one])
    assert result.outcome is Outcome.REFUSED


def test_plain_http_goes_to_named_networks_only(
    people: Cast, erp: Erp, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = outgoing(people, erp)
    settings.WEBHOOK_NETWORKS = ["10.0.0.0/8"]
    monkeypatch.setattr(webhook, "resolved", lambda host, port: "8.8.8.8")
    (result,) = Webhooks().send([one])
    assert (result.outcome, result.detail) == (Outcome.REFUSED, "not https")
