"""Time stamps of checkpoints, by an authority of our own: openssl, answering as RFC 3161 says."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.people import AT
from tests.seal.logs import log, write
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.seal.models import Checkpoint, TimeStamp
from zhengtong.base.seal.stamps import stamp_last

pytest.importorskip("rfc3161_client")
pytestmark = pytest.mark.django_db

CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/cert.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], bytes]:
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    make = "req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=tsa.example -addext extendedKeyUsage=critical,timeStamping"
    subprocess.run(
        ["openssl", *make.split(), "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )

    def post(address: str, body: bytes) -> bytes:
        assert address == "https://tsa.example/"
        (folder / "request").write_bytes(body)
        command = ["openssl", "ts", "-reply", "-queryfile", "request", "-config", "tsa.cnf", "-out", "answer"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return (folder / "answer").read_bytes()

    post.folder = folder  # where the certificate lies, for the check below
    return post


@pytest.fixture(autouse=True)
def _wanted(settings):
    settings.SEAL_TSA_URL = "https://tsa.example/"


def test_a_checkpoint_is_stamped_and_openssl_agrees(authority, tmp_path: Path):
    log(3)
    assert stamp_last(at=AT, post=authority) == 1
    row = TimeStamp.objects.get()
    assert row.checkpoint == Checkpoint.objects.get()
    (tmp_path / "note").write_text(row.checkpoint.note)
    (tmp_path / "token").write_bytes(bytes(row.token))
    verify = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        tmp_path / "note",
        "-in",
        tmp_path / "token",
        "-CAfile",
        authority.folder / "cert.pem",
    ]
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    (tmp_path / "note").write_text("another")
    assert subprocess.run(verify, capture_output=True, check=False).returncode != 0


def test_once_an_hour_at_most(authority):
    for minutes, stamped in ((0, 1), (0, 0), (30, 0), (61, 1)):
        write("k")
        seal_and_publish(at=AT + timedelta(minutes=minutes))
        assert stamp_last(at=AT, post=authority) == stamped


def test_nothing_is_asked_where_no_authority_is_named(settings):
    log(3)
    settings.SEAL_TSA_URL = ""
    assert stamp_last(at=AT, post=lambda address, body: pytest.fail("asked")) == 0


def test_a_stamp_of_something_else_is_not_kept(authority):
    log(3)
    stamp_last(at=AT, post=authority)
    other = bytes(TimeStamp.objects.get().token)
    write("k")
    seal_and_publish(at=AT + timedelta(hours=2))
    assert stamp_last(at=AT, post=lambda address, body: other) == 0
    assert TimeStamp.objects.count() == 1


@pytest.mark.parametrize("answer", [b"", b"no", OSError("away")])
def test_an_authority_that_fails_stops_nothing(answer):
    def post(address: str, body: bytes) -> bytes:
        if isinstance(answer, OSError):
            raise answer
        return answer

    log(3)
    assert stamp_last(at=AT, post=post) == 0
    assert not TimeStamp.objects.exists()
