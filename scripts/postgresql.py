"""Runs a command beside a PostgreSQL of its own: `postgresql.py [--durable] COMMAND …`.

The cluster lives in a new folder, speaks on a socket in that folder only, and is gone when the command has ended,
however it ended. Without --durable it does not wait for the disk: right for tests, wrong for measurements.
"""

import contextlib
import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

OLDEST = 15
START_SECONDS = 30
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
COMMON = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "log_min_messages": "fatal",
    "timezone": "Asia/Shanghai",
}


def main() -> int:
    words = sys.argv[1:]
    durable = words[:1] == ["--durable"]
    command = words[1:] if durable else words
    # A polite end of this process becomes an exception, so that the cluster below is always stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(durable=durable) as address:
        return subprocess.run(command, env={**os.environ, "ZHENGTONG_DATABASE_URL": address}, check=False).returncode


@contextlib.contextmanager
def cluster(*, durable: bool) -> Iterator[str]:
    """A running cluster with the database `zhengtong`; gives its address."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="zhengtong-pg-"))
    server = None
    try:
        # PostgreSQL refuses to run as root.
        owner = unprivileged() if os.geteuid() == 0 else None
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        server = start(programs, folder, owner, {**COMMON, **({} if durable else HASTY)})
        create = [programs / "createdb", "--host", folder, "--username", "zhengtong", "zhengtong"]
        subprocess.run(create, check=True)
        yield f"postgresql://zhengtong@/zhengtong?host={folder}"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # the data is thrown away: no checkpoint
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def start(
    programs: Path, folder: Path, owner: "pwd.struct_passwd | None", options: dict[str, str]
) -> "subprocess.Popen[bytes]":
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    data = folder / "data"
    initdb = [programs / "initdb", "--pgdata", data, "--username", "zhengtong", "--auth", "trust", "--no-sync"]
    subprocess.run(
        [*initdb, "--encoding", "UTF8", "--locale", "C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **as_owner,
    )
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", folder, *settings],
        cwd=folder,
        start_new_session=True,  # Ctrl-C is for the command; the server ends after it
        preexec_fn=end_with_parent(),  # noqa: PLW1509  (this process has one thread)
        **as_owner,
    )
    ready = [programs / "pg_isready", "--quiet", "--host", folder, "--username", "zhengtong", "--dbname", "postgres"]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("PostgreSQL did not start; its own words are above.")
        time.sleep(0.1)
    return server


def binaries() -> Path:
    """The newest PostgreSQL of this machine."""
    found = {
        int(match[1]): path
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if (match := re.search(r"/(\d+)/bin$", str(path))) and (path / "initdb").exists()
    }
    if found and max(found) >= OLDEST:
        return found[max(found)]
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    sys.exit(f"PostgreSQL {OLDEST} or newer is not installed:  sudo apt-get install postgresql postgresql-contrib")


def unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    sys.exit("PostgreSQL will not run as root, and this machine has neither a user postgres nor nobody.")


def end_with_parent() -> Callable[[], None]:
    """For a child: should this process be killed outright, the kernel ends the child too (Linux; elsewhere nothing)."""
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        if hasattr(libc, "prctl"):
            libc.prctl(1, signal.SIGINT)

    return ask_kernel


if __name__ == "__main__":
    sys.exit(main())
