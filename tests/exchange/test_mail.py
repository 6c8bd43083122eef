"""E-mail against a real SMTP server on loopback: what is written, and what a server's refusals mean."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Letter
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import signing

from zhengtong.base.outbox.channels import Outgoing
from zhengtong.exchange.mail import STOP_SALT, Smtp, providers, unusable
from zhengtong.rules.messaging_delivery import Outcome

AT = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)


class Box:
    """Takes letters, and refuses where told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.rcpt = "250 OK"
        self.data = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content))
        return self.data


@pytest.fixture
def box() -> Iterator[tuple[Box, Smtp]]:
    one = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(one, hostname="127.0.0.1", port=port)
    controller.start()
    yield one, Smtp("test", {"host": "127.0.0.1", "port": port, "timeout": 5})
    controller.stop()


def outgoing(**more: Any) -> Outgoing:
    facts = {
        "id": 1, "key": "case.accepted:9901:2:mail", "kind": "case.accepted", "address": "lin@example.cn",
        "created_at": AT, "attempt": 1, "account_id": 7,
        "payload": {"title": "办件进度：受理", "text": "已受理 <b>。", "language": "zh-hans", "link": "http://localhost/cases/1/"},
    }  # fmt: skip
    return Outgoing(**{**facts, **more})


def parts(letter: Letter) -> dict[str, str]:
    return {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in letter.walk()
        if not part.is_multipart()
    }


def test_a_letter_is_plain_and_a_page_and_says_its_language(box: tuple[Box, Smtp]) -> None:
    one, server = box
    (result,) = server.send([outgoing()])
    assert result.outcome is Outcome.ACCEPTED
    (letter,) = one.letters
    read = parts(letter)
    assert letter["Content-Language"] == "zh-Hans"
    assert letter["Message-ID"] == "<case.accepted.9901.2.mail@localhost>"
    assert letter["List-Unsubscribe"] is None  # a notice of the law is not stopped by a click
    assert read["text/plain"].startswith("已受理 <b>。")
    assert "已受理 &lt;b&gt;。" in read["text/html"]
    assert 'lang="zh-Hans"' in read["text/html"]
    assert "http://localhost/cases/1/" in read["text/plain"]


def test_what_may_be_stopped_says_how(box: tuple[Box, Smtp]) -> None:
    one, server = box
    server.send([outgoing(payload={"title": "x", "text": "x", "may_stop": True})])
    (letter,) = one.letters
    address = "".join(letter["List-Unsubscribe"].split()).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert signing.loads(address.rstrip("/").rsplit("/", 1)[1], salt=STOP_SALT) == [7, "case.accepted"]


REFUSALS = [
    ("rcpt", "550 no such user", Outcome.REFUSED),
    ("rcpt", "450 try later", Outcome.FAILED),
    ("data", "554 no", Outcome.FAILED),
    ("data", "451 later", Outcome.FAILED),
]


@pytest.mark.parametrize(("where", "said", "outcome"), REFUSALS)
def test_refusals(box: tuple[Box, Smtp], where: str, said: str, outcome: Outcome) -> None:
    one, server = box
    setattr(one, where, said)
    first, second = server.send([outgoing(id=1), outgoing(id=2)])
    assert first.outcome is outcome
    assert second.outcome is outcome  # the connection lives on


def test_a_line_break_in_an_address_reaches_no_server(box: tuple[Box, Smtp]) -> None:
    one, server = box
    (result,) = server.send([outgoing(address="a@example.cn\nBcc: b@example.cn")])
    assert result.outcome is Outcome.REFUSED
    assert one.letters == []


def test_a_server_that_is_away_leaves_no_doubt() -> None:
    (result,) = Smtp("away", {"host": "127.0.0.1", "port": 1, "timeout": 1}).send([outgoing()])
    assert result.outcome is Outcome.UNSENT
    assert result.detail


def test_servers_in_their_order(settings: Any) -> None:
    settings.OUTBOX_MAIL = True
    settings.MAIL_PROVIDERS = ["smtp://u:p%40ss@mx.example.cn:587?tls=1&name=second&rate=5"]
    first, second = providers()
    assert (first.name, second.name, second.rate) == ("smtp", "second", 5)
    assert isinstance(second, Smtp)
    assert second.server is not None
    assert (second.server["password"], second.server["use_tls"]) == ("p@ss", True)
    settings.MAIL_PROVIDERS = ["http://mx.example.cn", "smtp://mx.example.cn?name=smtp"]
    assert [one.name for one in providers()] == ["smtp"]
    assert [(one.place, one.doubled) for one in unusable()] == [(1, False), (2, True)]
