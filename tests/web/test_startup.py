import os
import socket
import stat
import sys

import pytest

from config.secret import text_key
from zhengtong.web.frame.startup import address
from zhengtong.web.frame.startup.children import Children, Died

IDLE = [sys.executable, "-c", "import signal; signal.pause()"]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def taken():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


def test_a_taken_port_is_passed_over(taken):
    assert address.free_port("127.0.0.1", taken) > taken


def test_the_printed_address_can_be_opened():
    assert address.shown("0.0.0.0", 8000) == "http://localhost:8000"
    assert address.shown("::1", 8000) == "http://[::1]:8000"
    assert address.shown("zt.example", 80) == "http://zt.example:80"


@pytest.fixture
def children():
    # Not as a context manager: that would take pytest's own Ctrl-C.
    children = Children()
    yield children
    children.stop_all()


def test_stopping_leaves_no_process(children):
    children.start("one", IDLE)
    children.start("two", IDLE)
    pids = [process.pid for process in children._running.values()]
    children.stop_all()
    assert [pid for pid in pids if alive(pid)] == []


def test_a_child_that_leaves_grandchildren_is_swept(children, tmp_path):
    held = tmp_path / "held"
    os.mkfifo(held)
    code = f"import subprocess; subprocess.Popen({IDLE!r}, stdout=open({str(held)!r}, 'w'))"
    children.start("father", [sys.executable, "-c", code])
    with held.open("rb") as end:  # opens when the grandchild's side does
        assert children.watch() == Died("father", 0)
        children.stop_all()
        # Reading comes to an end only when the last process that holds the pipe is gone.
        assert end.read() == b""


def test_the_death_of_one_is_told_with_its_name_and_code(children):
    children.start("well", IDLE)
    children.start("ill", [sys.executable, "-c", "raise SystemExit(3)"])
    assert children.watch() == Died("ill", 3)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = text_key(tmp_path / "keys", "secret_key")
    assert len(first) >= 50
    assert text_key(tmp_path / "keys", "secret_key") == first
    assert text_key(tmp_path / "keys", "other") != first
    assert stat.S_IMODE((tmp_path / "keys" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir() if path.name.startswith(".")] == []
