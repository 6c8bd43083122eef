"""Inbox, search of files and tracking page at few and at many cases: the same page must cost the same.

Two processes hold the two cities; they are asked in turn, so that whatever else the machine does meets both alike.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import IO

BAR = 1.5
ROUNDS = 40


class City:
    """A process of `tests.bench.city` with so many cases, asked page by page."""

    def __init__(self, cases: int, database: str, folder: str) -> None:
        environment = {**os.environ, "ZHENGTONG_DATA_DIR": folder, "ZHENGTONG_DATABASE_URL": database}
        command = [sys.executable, "-m", "tests.bench.city", str(cases)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        self.cases = cases

    def answer(self) -> dict[str, object]:
        out: IO[str] | None = self.process.stdout
        line = out.readline() if out else ""
        if not line:
            raise SystemExit(f"the city of {self.cases:,} cases has died")
        found: dict[str, object] = json.loads(line)
        return found

    def ask(self, page: str) -> float:
        """Milliseconds the page took."""
        assert self.process.stdin is not None
        print(page, file=self.process.stdin, flush=True)
        return float(str(self.answer()["ms"]))

    def end(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()


def measure(small: int, large: int) -> bool:
    """Prints each page's median at both sizes and the ratio. True when every ratio holds."""
    few_at, many_at = _databases()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        few, many = City(small, few_at, one), City(large, many_at, other)
        pages = [str(name) for name in few.answer()["pages"]]  # type: ignore[attr-defined]  # a list, by its writer
        print(f"  {large:,} cases written in {many.answer()['seconds']} s", flush=True)
        held = True
        print(f"pages at {small:,} and {large:,} cases, median of {ROUNDS} taken in turn:")
        for page in pages:
            spent = [(few.ask(page), many.ask(page)) for _ in range(ROUNDS)][3:]
            before, after = (statistics.median(column) for column in zip(*spent, strict=True))
            ratio = after / before
            held &= ratio <= BAR
            verdict = "held" if ratio <= BAR else "NOT HELD"
            print(f"  {page:<34}{before:7.1f} ms {after:7.1f} ms  ratio {ratio:.2f} (bar ≤ {BAR}): {verdict}")
        few.end()
        many.end()
    return held


def _databases() -> tuple[str, str]:
    address = os.environ.get("ZHENGTONG_DATABASE_URL", "")
    if not address:
        return "", ""
    from django.db import connection

    names = ("zhengtong_few", "zhengtong_many")
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'CREATE DATABASE "{name}"')
    few, many = (address.replace("/zhengtong?", f"/{name}?") for name in names)
    return few, many
