"""Facts of 70 departments at ten million acts: what a month's table costs, and whether facts equal a recount.

The large city's facts are written by the database itself, months as sums of days; what is measured is reading them.
Whether facts are right is asked of a smaller, real city: the receipt log and cases that went through the flows.
"""

import statistics as stats
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test import Client

from tests.bench.bulk import series
from tests.people import AT, Cast, accepted, decided
from zhengtong.base.seal.actions import seal
from zhengtong.base.seal.consumers import consume
from zhengtong.city.records import RECEIPT_LOG
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Organ
from zhengtong.domains.statistics import queries
from zhengtong.domains.statistics.actions import absorb, recount
from zhengtong.domains.statistics.queries import CURSOR
from zhengtong.domains.statistics.sums import MEASURES, STOCKS
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map

BAR_MS, WALL_MS = 100, 2_000
ROUNDS = 30
ORGANS, FIRST, ACTS_OF_A_CASE = 70, 1_000_000, 8
LOG_ORGAN = "11990100MB0096938P"
START = date(2024, 1, 1)  # a Monday
CUTS = {"organ": 1, "section": 3, "item": 20, "channel": 4, "kind": 7, "person": 15}
# How the working days of an organ's cases are spread; the same shape for every row, times what the row holds.
SPANS = {
    "used": range(12), "waited": range(4), "paused": range(3), "ACCEPT": range(4), "PROCESS": range(9),
    "REVIEW": range(5), "APPROVE": range(5), "FINISH": range(4),
}  # fmt: skip


def measure(people: Cast, acts: int) -> bool:
    """Prints both; True when the month stays within its bar and no row differs from a recount."""
    equal = _equal(people)
    cases = acts // ACTS_OF_A_CASE
    rows = _grow(cases)
    last = _day(749)
    month = last.replace(day=1) - timedelta(days=1)
    since = month.replace(day=1)
    print(f"facts of {acts:,} acts, {cases:,} cases in {ORGANS} departments over three years: {rows:,} rows")
    supervisor = Client()
    supervisor.force_login(people.officers["吴涛"].account)
    asked: dict[str, Callable[[], Any]] = {
        "a month by department": lambda: queries.figures(since, month),
        "any thirty days by department": lambda: queries.figures(
            since - timedelta(days=13), since + timedelta(days=16)
        ),
        "a month by item": lambda: queries.figures(since, month, by=("organ_id", "item_id")),
        "a month by person": lambda: queries.figures(since, month, by=("person_id",)),
        "a year by department": lambda: queries.figures(since - timedelta(days=360), month),
        "backlog of a month, day by day": lambda: queries.backlog(since, month, by_organ=True),
        "the wall, the whole page": lambda: supervisor.get("/watch/?still=1"),
    }
    bars = {"a month by department": BAR_MS, "the wall, the whole page": WALL_MS}
    assert asked["the wall, the whole page"]().status_code == 200
    found = asked["a month by department"]()
    found = [one for one in found if one.keys["organ_id"] >= FIRST]  # without the small city's department
    assert len(found) == ORGANS, len(found)
    assert _in_days(since, month) == {one.keys["organ_id"]: one.received for one in found}
    held = equal
    for name, ask in asked.items():
        spent = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            ask()
            spent.append((time.perf_counter() - began) * 1000)
        middle = stats.median(spent[3:])
        verdict = ""
        if bar := bars.get(name):
            held &= middle <= bar
            verdict = f"  (bar ≤ {bar:,} ms): {'held' if middle <= bar else 'NOT HELD'}"
        print(f"  {name:<34}{middle:8.1f} ms{verdict}")
    return held


def _equal(people: Cast) -> bool:
    """Cases through the flows, counted in small slices while they live, and the receipt log; every row recounted."""
    for number in range(9_000, 9_120):
        (decided if number % 3 else accepted)(people, number, at=AT + timedelta(hours=number * 7 % 700))
        if number < 9_040 and number % 10 == 0:
            _count(7)
    region = people.organ.region
    Organ.objects.get_or_create(
        code=LOG_ORGAN, defaults={"name": "云泽市生态环境局", "short_name": "云环", "region": region}
    )
    import_log(RECEIPT_LOG, read_map("receipt"), at=AT)
    began, entries = time.perf_counter(), _count(500)
    rate = entries / (time.perf_counter() - began)
    organs = sorted(set(Case.objects.values_list("organ_id", flat=True)))
    found = [recount(organ) for organ in organs]
    rows, wrong = sum(one.compared for one in found), sum(len(one.differences) for one in found)
    verdict = "equal" if not wrong else "NOT EQUAL"
    print(
        f"facts against a recount from zero: {rows:,} rows, {wrong} differences: {verdict}; {rate:,.0f} entries/s counted"
    )
    return not wrong


def _count(slice_: int) -> int:
    while seal(at=AT):
        pass
    total = 0
    while done := consume(CURSOR, absorb, limit=slice_):
        total += done
    return total


# --- the large city ---


def _grow(cases: int) -> int:
    per_day = max(cases // (ORGANS * 750), 1)
    rows = 0
    with connection.cursor() as cursor:
        for cut, keys in CUTS.items():
            each = max(per_day // keys, 1)
            rows += _facts(cursor, cut, keys, each)
        cursor.execute("ANALYZE")
    return rows


def _day(number: int) -> date:
    """Working days only: five of every seven."""
    return START + timedelta(days=number // 5 * 7 + number % 5)


def _facts(cursor: Any, cut: str, keys: int, each: int) -> int:
    postgresql = connection.vendor == "postgresql"
    offset = f"(i / {ORGANS * keys} / 5 * 7 + i / {ORGANS * keys} % 5)"
    day = f"(DATE '{START}' + CAST({offset} AS integer))" if postgresql else f"date('{START}', {offset} || ' days')"
    organ = f"({FIRST} + i % {ORGANS})"
    key = "''" if cut == "organ" else f"CAST(i / {ORGANS} % {keys} + 1 AS text)"
    number = f"({each} + i % 3)"
    source = series(0, ORGANS * keys * 750 - 1)
    stamp = "to_char(d, 'YYYYMMDD')" if postgresql else "strftime('%Y%m%d', d)"
    month = "CAST(date_trunc('month', day) AS date)" if postgresql else "strftime('%Y-%m-01', day)"
    columns = ", ".join(f'"{name}"' for name in MEASURES)
    json = "CAST({} AS jsonb)" if postgresql else "{}"
    cursor.execute(
        f"INSERT INTO statistics_fact (id, grain, day, cut, organ_id, key, {columns}, spans)"
        f" SELECT 'D' || {stamp} || '|{cut}|' || o || '|' || k, 'D', d, '{cut}', o, k,"
        f" {', '.join('n' for _ in MEASURES)}, {json.format(_spans('n'))}"
        f" FROM (SELECT {day} AS d, {organ} AS o, {key} AS k, {number} AS n FROM {source}) AS s"
    )
    cursor.execute(
        f"INSERT INTO statistics_fact (id, grain, day, cut, organ_id, key, {columns}, spans)"
        f" SELECT 'M' || {stamp} || '|{cut}|' || o || '|' || k, 'M', d, '{cut}', o, k, {', '.join(f'm{n}' for n, _ in enumerate(MEASURES))},"
        f" {json.format(_spans('m0'))}"
        f" FROM (SELECT {month} AS d, organ_id AS o, key AS k, {', '.join(f'SUM(x{n}) AS m{n}' for n, _ in enumerate(MEASURES))}"
        f" FROM (SELECT day, organ_id, key, {', '.join(f'{chr(34)}{name}{chr(34)} AS x{n}' for n, name in enumerate(MEASURES))}"
        f" FROM statistics_fact WHERE cut = '{cut}' AND grain = 'D' AND organ_id >= {FIRST}) AS t GROUP BY 1, 2, 3) AS s"
    )
    stocks = ", ".join(f'"{name}"' for name in STOCKS)
    for grain in ("D", "M"):
        cursor.execute(
            f"INSERT INTO statistics_flow (id, grain, day, cut, organ_id, key, {stocks})"
            f" SELECT id, grain, day, cut, organ_id, key, finished % 3 - 1, finished % 2, finished % 5 - 2, finished % 4 - 1"
            f" FROM statistics_fact WHERE cut = '{cut}' AND grain = '{grain}' AND organ_id >= {FIRST}"
        )
    cursor.execute(f"SELECT COUNT(*) FROM statistics_fact WHERE cut = '{cut}' AND organ_id >= {FIRST}")
    return int(cursor.fetchone()[0])


def _spans(number: str) -> str:
    """SQL for the JSON of a row: each bucket holds the row's number."""
    told = []
    for span, days in SPANS.items():
        inside = " || ',' || ".join(f"'\"{day}\":' || {number}" for day in days)
        told.append(f"'\"{span}\":{{' || {inside} || '}}'")
    return "'{' || " + " || ',' || ".join(told) + " || '}'"


def _in_days(since: date, until: date) -> dict[int, int]:
    """The month's received cases by organ, summed from its days instead of its own rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organ_id, SUM(received) FROM statistics_fact WHERE cut = 'organ' AND grain = 'D' AND organ_id >= {FIRST} AND day BETWEEN %s AND %s GROUP BY 1",
            [since, until],
        )
        return {organ: int(number) for organ, number in cursor.fetchall()}
