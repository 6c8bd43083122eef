"""Inbox, search of files and tracking page at few and at many cases: the same page must cost the same."""

import statistics
import time

from django.db import connection
from django.test import Client

from tests.bench.bulk import grow
from tests.people import Cast, accepted, submitted

BAR = 1.5
ROUNDS = 25


def measure(people: Cast, small: int, large: int) -> bool:
    """Prints each page's median at both sizes and the ratio. True when every ratio holds."""
    first = accepted(people, 900_001)
    for n in range(3):
        submitted(people, 900_002 + n)
    handler, other = people.officers["李军"].pk, people.officers["周洋"].pk
    officer, citizen = Client(), Client()
    officer.force_login(people.officers["李军"].account)
    citizen.force_login(people.citizen)
    at_small = _grown(people, 1, small, handler, other, officer, citizen, first.number)
    at_large = _grown(people, small + 1, large, handler, other, officer, citizen, first.number)
    held = True
    print(f"pages at {small:,} and {large:,} cases ({connection.vendor}), median of {ROUNDS}:")
    for page, before in at_small.items():
        ratio = at_large[page] / before
        held &= ratio <= BAR
        verdict = "held" if ratio <= BAR else "NOT HELD"
        print(f"  {page:<34}{before:7.1f} ms {at_large[page]:7.1f} ms  ratio {ratio:.2f} (bar ≤ {BAR}): {verdict}")
    return held


def _grown(people: Cast, low: int, high: int, handler: int, other: int, officer: Client, citizen: Client, own: str) -> dict[str, float]:
    started = time.perf_counter()
    grow(people, low, high, handler, other)
    print(f"  {high - low + 1:,} cases written in {time.perf_counter() - started:.0f} s", flush=True)
    middle = (low + high) // 2
    pages = {
        "inbox": (officer, "/desk/"),
        "search of files by applicant": (officer, f"/desk/files/?q=第{middle}商贸"),
        "search of files by number": (officer, f"/desk/files/?q={'B'}{middle}"),
        "newest files": (officer, "/desk/files/"),
        "working page of a case": (officer, f"/desk/cases/{own}/"),
        "tracking page": (citizen, f"/cases/{own}/"),
        "my cases": (citizen, "/applications/"),
    }
    return {name: _median(client, path) for name, (client, path) in pages.items()}


def _median(client: Client, path: str) -> float:
    spent = []
    for turn in range(ROUNDS + 3):
        started = time.perf_counter()
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
        if turn >= 3:
            spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


