"""`make sms`: ten thousand messages through two message centres on loopback, one of which dies in the middle."""

import argparse
import os
import shutil
import sys
import tempfile


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.sms")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="zhengtong-sms-")
    os.environ["ZHENGTONG_DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        return run(wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(wanted: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.smsc.play import play

    call_command("migrate", verbosity=0)
    print(f"database: {connection.vendor}; workers: {wanted.workers}")
    figures = play(wanted.messages, die_after=wanted.messages // 2, swallow_every=500, workers=wanted.workers)
    for line in figures.lines():
        print(line)
    print("held" if figures.held else "NOT HELD")
    return 0 if figures.held else 1


if __name__ == "__main__":
    sys.exit(main())
