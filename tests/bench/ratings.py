"""A month of a million ratings: what a report costs from facts, what its rows cost, and how fast facts are counted.

    python -m tests.bench.ratings --nodes 1000000

The database is a new one in a temporary folder, or the one ZHENGTONG_DATABASE_URL names, emptied by nobody.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

MONTH = date(2026, 9, 1)
ORGANS, OFFICERS, WINDOWS, ITEMS = 70, 1200, 200, 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    options = parser.parse_args()
    folder = tempfile.mkdtemp()
    os.environ.setdefault("ZHENGTONG_DATA_DIR", folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    try:
        call_command("migrate", verbosity=0)
        _measure(options.nodes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(nodes: int) -> None:
    from zhengtong.base.parameters.actions import seed
    from zhengtong.domains.ratings import actions, queries
    from zhengtong.domains.ratings.models import Fact, Node

    seed()
    places = _places()
    begun = time.monotonic()
    for first in range(0, nodes, 5_000):
        Node.objects.bulk_create([_node(number, places) for number in range(first, min(first + 5_000, nodes))])
        _say(f"{first + 5_000:,} nodes", begun)
    counted, begun = 0, time.monotonic()
    while done := actions.count_ratings(at=datetime.now(UTC), limit=5_000):
        counted += done
        _say(f"{counted:,} counted", begun)
    spent = time.monotonic() - begun
    print(
        f"\ncounted by difference: {counted / max(spent, 0.001):,.0f} a second; {Fact.objects.count():,} rows of facts"
    )
    until = MONTH.replace(day=30)
    for by in ((), ("organ_id",), ("officer_id",), ("window_id",), ("item_id",), ("hall_code",), ("channel",)):
        _time(f"month by {by or 'all'}", lambda by=by: queries.figures(MONTH, until, by=by))
    _time("half a month by officer (days)", lambda: queries.figures(MONTH, MONTH.replace(day=17), by=("officer_id",)))
    _time("rows behind the month's bad ratings", lambda: queries.rows("bad", MONTH, until))
    _time("rows of what was set aside (none)", lambda: queries.rows("excluded", MONTH, until))
    for cut, key in (("item", "1"), ("channel", "sms"), ("window", str(places.windows[0]))):
        _time(f"rows of one {cut}", lambda cut=cut, key=key: queries.rows("rated", MONTH, until, cut=cut, key=key))
    for name, cut, key, measure in (
        ("rows of a hall with no services", "hall", "H02", "nodes"),
        ("rows of a platform with no ratings", "platform", "hotline", "rated"),
        ("rows of the hall's ratings", "hall", "HB", "rated"),
        ("what a hall set aside (none)", "hall", "HB", "excluded"),
    ):
        _time(name, lambda cut=cut, key=key, m=measure: queries.rows(m, MONTH, until, cut=cut, key=key))
    _time("rows of one organ", lambda: queries.rows("rated", MONTH, until, cut="organ", key=str(places.organs[0])))
    _time("rows of one officer", lambda: queries.rows("rated", MONTH, until, cut="person", key=str(places.officers[0])))
    _time("what a device asks", lambda: queries.node_for_device(places.windows[0], datetime(2026, 9, 20, tzinfo=UTC)))
    begun = time.monotonic()
    wrong = actions.recount()
    print(f"full recount: {time.monotonic() - begun:.1f} s, {len(wrong)} differences")


class _Places:
    def __init__(self, organs: list[int], officers: list[int], windows: list[int], section: int) -> None:
        self.organs, self.officers, self.windows, self.section = organs, officers, windows, section


def _places() -> _Places:
    from zhengtong.domains.registry.models import Hall, Officer, Organ, Region, Section, ServiceWindow

    region = Region.objects.create(code="990199", name="测", level=4)
    organs = [
        Organ.objects.create(code=f"B{n:017d}", name=f"机关{n}", short_name="测", region=region) for n in range(ORGANS)
    ]
    section = Section.objects.create(organ=organs[0], name="科")
    officers = Officer.objects.bulk_create(
        [Officer(staff_no=f"B{n}", name=f"员{n}", organ=organs[n % ORGANS]) for n in range(OFFICERS)]
    )
    hall = Hall.objects.create(code="HB", name="厅", region=region)
    windows = ServiceWindow.objects.bulk_create(
        [ServiceWindow(hall=hall, number=str(n), name=f"{n}号") for n in range(WINDOWS)]
    )
    return _Places([o.pk for o in organs], [o.pk for o in officers], [w.pk for w in windows], section.pk)


def _node(number: int, places: _Places) -> Any:
    from zhengtong.domains.ratings.models import Node
    from zhengtong.domains.ratings.names import node_key

    mixed = number * 2_654_435_761 % 2**32  # spread evenly, drawn by no chance
    at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=mixed % (29 * 86_400))
    officer = mixed % OFFICERS
    rated = mixed // 7 % 10 < 6
    level = (1, 1, 1, 2, 2, 2, 2, 3, 4, 5)[mixed // 11 % 10] if rated else None
    return Node(
        key=node_key("bench", ("bench", str(number))),
        kind="ticket", subject_kind="ticket", subject_key=f"b{number}", organ_id=places.organs[officer % ORGANS],
        section_id=places.section, officer_id=places.officers[officer], window_id=places.windows[mixed % WINDOWS],
        hall_code="HB", platform="hall", item_id=mixed // 3 % ITEMS + 1, item_name="事项", opened_at=at,
        opened_on=at.date(), closes_at=at + timedelta(days=7), state="RATED" if rated else "DEFAULTED", level=level,
        channel=("hall_terminal", "sms", "mobile", "pc")[mixed % 4] if rated else "",
    )  # fmt: skip


def _time(name: str, act: Callable[[], Any], *, times: int = 7) -> None:
    spent = []
    for _ in range(times):
        begun = time.monotonic()
        act()
        spent.append(1000 * (time.monotonic() - begun))
    print(f"{name:42} median {statistics.median(spent):8.1f} ms   worst {max(spent):8.1f} ms")


def _say(words: str, begun: float) -> None:
    if sys.stdout.isatty():
        print(f"\r{words}  {time.monotonic() - begun:.0f} s", end="")


if __name__ == "__main__":
    main()
