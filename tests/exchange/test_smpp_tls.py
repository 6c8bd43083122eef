"""SMPP over TLS: a known authority works, any other binds nothing and says so; a pause in a record loses nothing."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.exchange.test_smpp import body, until
from tests.people import cast
from tests.smsc.centre import Centre
from tests.smsc.certificates import Authority
from tests.smsc.play import START
from tests.web.portal import signed_in, text
from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.outbox.delivery import deliver_due
from zhengtong.base.outbox.models import Message, ProviderHealth, Try
from zhengtong.exchange.smpp import Client, Gone, Settings


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "our-authority")


@pytest.fixture
def centre(authority: Authority) -> Iterator[Centre]:
    one = Centre(tls=authority.server()).start()
    yield one
    one.stop()


def client(port: int, ca_file: Path | str, **more: Any) -> Client:
    facts = {"password": "secret", "answer_within": 2.0, "connect_within": 2.0, "tls": True, **more}
    return Client(Settings("127.0.0.1", port, "house", ca_file=str(ca_file), **facts))


def test_a_centre_of_a_known_authority_takes_messages_and_reports(centre: Centre, authority: Authority) -> None:
    one = client(centre.port, authority.file)
    one.connect()
    answers = one.submit([body(f"n{n}") for n in range(40)])
    assert [answer.ref for answer in answers] == [str(n) for n in range(1, 41)]
    until(lambda: len(one.received()) == 40)
    one.confirm(one.received())
    until(lambda: centre.confirmed == 40)
    one.close()


def test_a_centre_of_another_authority_binds_nothing(centre: Centre, tmp_path: Path) -> None:
    for ca_file in (Authority(tmp_path, "another-authority").file, "", tmp_path / "missing.pem"):
        with pytest.raises(Gone):
            client(centre.port, ca_file).connect()
    assert centre.binds == 0


def test_a_certificate_of_another_machine_binds_nothing(authority: Authority) -> None:
    centre = Centre(tls=authority.server("127.0.0.2")).start()
    with pytest.raises(Gone, match="not valid for"):
        client(centre.port, authority.file).connect()
    assert centre.binds == 0
    centre.stop()


def test_tls_is_not_spoken_to_a_centre_without_it(authority: Authority) -> None:
    centre = Centre().start()
    with pytest.raises(Gone):
        client(centre.port, authority.file, connect_within=0.5).connect()
    centre.stop()


class Relay:
    """A line that can stop in the middle of a record, and go on."""

    def __init__(self, port: int) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port, self.there = self.server.getsockname()[1], port
        self.pause = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        here, _ = self.server.accept()
        there = socket.create_connection(("127.0.0.1", self.there))
        threading.Thread(target=self._pass, args=(here, there), daemon=True).start()
        self._pass(there, here, slowly=True)

    def _pass(self, source: socket.socket, target: socket.socket, *, slowly: bool = False) -> None:
        try:
            while data := source.recv(65536):
                if slowly and self.pause.is_set() and len(data) > 8:
                    self.pause.clear()
                    target.sendall(data[:8])  # a record's head, and three octets of what it holds
                    time.sleep(1.0)
                    data = data[8:]
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()


def test_a_pause_in_the_middle_of_a_record_loses_nothing(centre: Centre, authority: Authority) -> None:
    relay = Relay(centre.port)
    one = client(relay.port, authority.file, connect_within=0.6, answer_within=3.0)
    one.connect()
    relay.pause.set()
    [answer] = one.submit([body("after a pause")])
    assert answer.status == 0
    assert one.bound
    relay.pause.set()
    centre._lines[0].ask()  # something comes while nobody sends
    began = time.monotonic()
    one.received()
    assert time.monotonic() - began < 0.4, "looking for receipts never waits"
    until(lambda: bool(one.received()), seconds=3)
    relay.server.close()


@pytest.mark.django_db
def test_an_unknown_authority_is_told_to_the_administrator(centre: Centre, tmp_path: Path, settings: Any) -> None:
    other = Authority(tmp_path, "another-authority").file
    settings.SMS_PROVIDERS = [f"smpps://house:secret@127.0.0.1:{centre.port}?name=secured&ca={other}"]
    people = cast()
    queue(
        message("case.accepted", key="k", at=START, channel=Message.SMS, address="13800000001", payload={"text": "好"})
    )
    deliver_due(at=START)
    row = Message.objects.get()
    assert (row.state, row.attempts, Try.objects.count()) == ("pending", 0, 0), "nothing left, and it waits"
    assert "certificate verify failed" in ProviderHealth.objects.get(name="secured").last_error
    page = text(signed_in(people.officers["郑凯"].account).get(reverse("desk:outbox_providers")))
    assert "服务器证书不可信" in page
    assert "secret" not in page
