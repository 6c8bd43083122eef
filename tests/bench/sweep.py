"""A sweep costs what is due: with nothing due it does not feel how many limits run; with k due it grows with k."""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection

from tests.bench.bulk import _cases, _copy, number, series
from tests.people import AT, Cast, accepted
from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.supervision.models import Card
from zhengtong.flows.supervise import supervise

MOST_RATIO = 1.5
ROUNDS = 300
FAR = datetime(2030, 1, 2, tzinfo=UTC)
NOW = AT + timedelta(days=40)  # past every promise: each limit that is due brings a yellow card
FEW_DUE, MANY_DUE = 250, 1_000


def measure(people: Cast, small: int, large: int) -> bool:
    """Times `supervise` with 0 due among `small` and among `large` open limits, then with k and 4k due."""
    case = accepted(people, 77)
    pattern = Deadline.objects.get(subject_key=case.number, kind="promise")
    officer = people.officers["李军"].pk
    _cases(case, 1, 2 * FEW_DUE + MANY_DUE, officer, officer)
    idle: dict[int, float] = {}
    low = 1
    for count in (small, large):
        _grow(pattern, low, count)
        low = count + 1
        idle[count] = _idle()
        print(f"  sweep, 0 due of {count:>9,} open limits: {idle[count] * 1e6:7.0f} µs")
    ratio = idle[large] / idle[small]
    print(f"  ratio {ratio:.2f} (bar {MOST_RATIO})")
    _due(1, FEW_DUE)  # a house has cards already, and its database knows how many
    _analyse()
    cost = {k: _due(first, k) for first, k in ((FEW_DUE + 1, FEW_DUE), (2 * FEW_DUE + 1, MANY_DUE))}
    for k, seconds in cost.items():
        print(f"  sweep, {k:>5,} due of {large:,}: {seconds * 1e3:7.0f} ms, {seconds / k * 1e6:5.0f} µs each")
    growth = (cost[MANY_DUE] / MANY_DUE) / (cost[FEW_DUE] / FEW_DUE)
    print(f"  cost of each at 1,000 due against 250 due: {growth:.2f} (bar {MOST_RATIO})")
    return ratio <= MOST_RATIO and growth <= MOST_RATIO


def _grow(pattern: Deadline, low: int, high: int) -> None:
    """Open limits number low … high, whose signals lie far away."""
    for start in range(low, high + 1, 100_000):
        end = min(start + 99_999, high)
        changes = {"subject_key": number("i"), "next_signal": "'YELLOW'", "next_signal_at": _far()}
        _copy(Deadline, pattern, changes, series(start, end))
    _analyse()


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


def _far() -> str:
    """Spread over two months of a far year, so that the index is as deep as it is wide."""
    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '{FAR.isoformat()}' + ((i %% 86400) * INTERVAL '1 minute')"
    return f"datetime('{FAR:%Y-%m-%d %H:%M:%S}', '+' || (i %% 86400) || ' minutes')"


def _idle() -> float:
    Deadline.objects.filter(next_signal_at__lte=NOW).update(next_signal="", next_signal_at=None)
    assert supervise(at=NOW) == 0
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        supervise(at=NOW)
        times.append(time.perf_counter() - begun)
    return sorted(times)[ROUNDS // 10]  # what it costs when nobody else is at the machine


def _due(first: int, k: int) -> float:
    """k limits from number `first` on, whose signal has come, each a card of its own; committed slice by slice as in life."""
    keys = [f"B{i}" for i in range(first, first + k)]
    Deadline.objects.filter(subject_key__in=keys, kind="promise").update(next_signal_at=NOW - timedelta(hours=1))
    begun = time.perf_counter()
    done = 0
    while found := supervise(at=NOW, limit=500):
        done += found
    seconds = time.perf_counter() - begun
    issued = Card.objects.filter(subject_key__in=keys).count()
    assert (done, issued) == (k, k), (done, issued, k)
    return seconds
