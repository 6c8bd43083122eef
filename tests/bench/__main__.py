"""`python -m tests.bench [--cases N]` on the database of ZHENGTONG_DATABASE_URL, else on an embedded one."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("--cases", type=int, default=1_000_000, help="the large number of cases (default 1,000,000)")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--only", choices=["steps", "pages", "seal", "facts", "sweep"], default="")
    parser.add_argument("--leaves", type=int, default=10_000_000, help="of the log that proofs are made from")
    parser.add_argument("--acts", type=int, default=10_000_000, help="of the city whose facts are read")
    wanted = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="zhengtong-bench-")
    os.environ["ZHENGTONG_DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["ZHENGTONG_ALLOWED_HOSTS"] = "testserver"
    try:
        return run(wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(wanted: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.bench import facts, pages, seal, steps, sweep
    from tests.people import cast

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {_cpu()}")
    print(f"database: {connection.vendor} {'.'.join(map(str, _version()))}")
    people = cast()
    held = True
    if wanted.only in ("", "steps"):
        held &= steps.measure(people)
    if wanted.only in ("", "pages"):
        held &= pages.measure(wanted.small, wanted.cases)
    if wanted.only in ("", "seal"):
        held &= seal.measure(people, wanted.leaves)
    if wanted.only in ("", "facts"):
        held &= facts.measure(people, wanted.acts)
    if wanted.only in ("", "sweep"):
        held &= sweep.measure(people, wanted.small, wanted.cases)
    return 0 if held else 1


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line), "")


def _version() -> tuple[int, ...]:
    from django.db import connection

    if connection.vendor == "sqlite":
        version: tuple[int, ...] = connection.Database.sqlite_version_info
        return version
    with connection.cursor():
        return connection.get_database_version()


if __name__ == "__main__":
    sys.exit(main())
