"""kill -9 in the middle of the work, then look: nothing half-written, nothing acknowledged lost, journal and rows one.

`make crash` plays many rounds against the client, the web server and PostgreSQL itself; the suite plays one.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings

from scripts import postgresql

ROUNDS = int(os.environ.get("ZHENGTONG_CRASH_ROUNDS", "0"))
thorough = pytest.mark.skipif(not ROUNDS, reason="make crash plays this")
HERE = Path(__file__).resolve().parents[2]
PATIENCE = 60
FOUNDING = 300  # every table, a cast and hundreds of cases, on a machine that has other work
CSRF = "c" * 32


@dataclass
class Place:
    """A data folder with its database, and the processes that work on it."""

    folder: Path
    database: str = ""  # empty: the embedded one in the folder
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGTONG_")}
        ours = {"ZHENGTONG_DATA_DIR": str(self.folder), "ZHENGTONG_DATABASE_URL": self.database, "PYTHONUTF8": "1"}
        return {**kept, **ours, "DJANGO_SETTINGS_MODULE": "config.settings"}

    @property
    def acknowledged(self) -> Path:
        return self.folder / "acknowledged"

    def found(self, cases: int) -> None:
        self.sessions = json.loads(self._town("found", str(cases), within=FOUNDING))

    def check(self) -> dict[str, Any]:
        seen: dict[str, Any] = json.loads(self._town("check", str(self.acknowledged)))
        assert seen["faults"] == [], "\n".join(seen["faults"])
        return seen

    def start_load(self, seed: int) -> "subprocess.Popen[str]":
        words = [sys.executable, "-m", "tests.crash.town", "load", str(self.acknowledged), str(seed)]
        process = subprocess.Popen(
            words,
            cwd=HERE,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n", process.communicate()
        return process

    def _town(self, *words: str, within: float = PATIENCE) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tests.crash.town", *words],
            cwd=HERE, env=self.environment, capture_output=True, text=True, timeout=within, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """On the engine the suite runs on: the embedded one, or a new database beside the suite's on its server."""
    engine = settings.DATABASES["default"]
    if engine["ENGINE"].endswith("sqlite3"):
        yield Place(tmp_path)
        return
    name, host = f"crash_{uuid4().hex[:10]}", str(engine["HOST"])
    programs = postgresql.binaries()
    subprocess.run([programs / "createdb", "--host", host, "--username", "zhengtong", name], check=True)
    try:
        yield Place(tmp_path, f"postgresql://zhengtong@/{name}?host={host}")
    finally:
        subprocess.run([programs / "dropdb", "--force", "--host", host, "--username", "zhengtong", name], check=True)


def kill(process: "subprocess.Popen[str]") -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def rounds_of_load(place: Place, rounds: int, blow: Callable[["subprocess.Popen[str]"], None]) -> dict[str, Any]:
    """Load, blow, look; so many times. Returns the last look."""
    chance = random.Random(20261122)
    seen: dict[str, Any] = {}
    for number in range(1, rounds + 1):
        process = place.start_load(number)
        time.sleep(chance.uniform(0.8, 2.5))  # the moment of the blow is meant to be any
        assert process.poll() is None, process.communicate()
        blow(process)
        before, seen = seen, place.check()
        assert seen["steps"] > before.get("steps", 0), "nothing was done before the blow"
    return seen


def test_killed_while_cases_are_handled(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.found(0)
    seen = rounds_of_load(place, ROUNDS or 1, kill)
    with capsys.disabled():
        if ROUNDS:
            print(f"\n{ROUNDS} kills: {seen['steps']} steps of {seen['cases']} cases, no fault")


# --- the web server ---


@dataclass
class Load:
    """Officers who click on the desk over HTTP as fast as they are answered; what was answered is written down."""

    place: Place
    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    answered: list[tuple[str, str]] = field(default_factory=list)

    def click(self, connection: http.client.HTTPConnection, officer: str, number: str, step: str, **facts: str) -> bool:
        body = urlencode({"csrfmiddlewaretoken": CSRF, **facts})
        cookie = f"zhengtong_session={self.place.sessions[officer]}; csrftoken={CSRF}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        connection.request("POST", f"/desk/cases/{number}/steps/{step}/", body, headers)
        response = connection.getresponse()
        response.read()
        assert response.status != 500, (officer, step)
        if response.status == 302:
            self.answered.append((number, step))
        return response.status == 302

    def live(self, numbers: list[str]) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):  # the server is killed under us
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            for number in numbers:
                if self.stop.is_set():
                    return
                self.click(connection, "张敏", number, "accept")
                for officer in ("李军", "周洋", "王芳"):
                    self.click(connection, officer, number, "forward", opinion="材料齐全，符合条件。", to="")


def descendants(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(words[1])
    found, look = [], [pid]
    while look:
        mother = look.pop()
        children = [child for child, parent in parents.items() if parent == mother]
        found += children
        look += children
    return found


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
    return port


@contextlib.contextmanager
def server(place: Place) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "zhengtong", "run", "--no-demo", "--port", str(port)],
        cwd=HERE, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(port):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline, "the server did not answer"
            time.sleep(0.2)
        yield process, port
    finally:
        everybody = [process.pid, *descendants(process.pid)]
        for pid in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()


def answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


@thorough
@pytest.mark.slow
def test_the_server_killed_under_clicking_officers(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Server, worker and all their children get kill -9 at once; the next start serves again and nothing is amiss."""
    place.found(240)
    listed = subprocess.run(
        [sys.executable, "-m", "zhengtong", "shell", "-v", "0", "-c",
         "from zhengtong.domains.cases.models import Case; print(*Case.objects.values_list('number', flat=True))"],
        cwd=HERE, env=place.environment, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    chance, answered = random.Random(7), 0
    for number in range(3):
        mine = listed[number * 80 : number * 80 + 80]
        with server(place) as (_, port):
            load = Load(place, port)
            threads = [threading.Thread(target=load.live, args=(mine[n::4],)) for n in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(1.0, 3.0))
        load.stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        place.check()
        entries = acts_of(place)
        kind = {"accept": "case.accepted", "forward": "case.forwarded"}
        for case, step in set(load.answered):
            assert entries.get(f"{case} {kind[step]}", 0) >= load.answered.count((case, step)), (case, step)
        answered += len(load.answered)
        assert load.answered
    with server(place) as (_, port):
        assert answers(port)
    with capsys.disabled():
        print(f"\n3 kills of the server: {answered} answered steps, none lost")


def acts_of(place: Place) -> dict[str, int]:
    script = (
        "import json; from collections import Counter; from zhengtong.base.journal.models import Entry;"
        "print(json.dumps(Counter(' '.join(e) for e in Entry.objects.values_list('subject_key', 'kind'))))"
    )
    done = subprocess.run(
        [sys.executable, "-m", "zhengtong", "shell", "-v", "0", "-c", script],
        cwd=HERE, env=place.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    acts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return acts


# --- the database server ---


@thorough
@pytest.mark.slow
def test_postgresql_itself_killed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An immediate stop, as a power cut is to PostgreSQL: no checkpoint, recovery from the log at the next start."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.skip("with the run on PostgreSQL")
    with postgresql.cluster(durable=True) as address:
        folder = Path(address.partition("host=")[2])
        place = Place(tmp_path, address)
        place.found(0)

        postmasters: list[subprocess.Popen[bytes]] = []

        def power_cut(process: "subprocess.Popen[str]") -> None:
            pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            for child in [*descendants(pid), pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            kill(process)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)  # while its entry lingers, the next postmaster takes it for alive
            postmasters.append(again(folder))

        try:
            seen = rounds_of_load(place, min(ROUNDS, 3), power_cut)
        finally:
            for postmaster in postmasters:
                if postmaster.poll() is None:
                    postmaster.send_signal(signal.SIGQUIT)
                    postmaster.wait(PATIENCE)
    with capsys.disabled():
        print(f"\n{min(ROUNDS, 3)} power cuts of PostgreSQL: {seen['steps']} steps of {seen['cases']} cases, no fault")


def again(folder: Path) -> "subprocess.Popen[bytes]":
    """Starts the cluster where it lies; the crashed one's lock file and shared memory are its own to clear."""
    owner = postgresql.unprivileged() if os.geteuid() == 0 else None
    as_owner: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    programs = postgresql.binaries()
    postmaster = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "log_min_messages=fatal"],
        cwd=folder, start_new_session=True, **as_owner,
    )  # fmt: skip
    ready = [programs / "pg_isready", "--quiet", "--host", folder, "--username", "zhengtong", "--dbname", "postgres"]
    deadline = time.monotonic() + PATIENCE
    while subprocess.run(ready, check=False).returncode != 0:
        assert postmaster.poll() is None, "PostgreSQL did not come back"
        assert time.monotonic() < deadline, "PostgreSQL did not come back in time"
        time.sleep(0.1)
    return postmaster
