"""The ways cases took: whole sequences (variants), going back (rework), activities done twice, and those in either order."""

from array import array
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from zhengtong.rules.procedure import STAGES
from zhengtong.rules.process_map import ProcessMap, View, nodes_of, runs
from zhengtong.rules.process_map_log import NEVER, Activity, CaseView, TraceLog, short_key
from zhengtong.rules.process_map_times import Spans, is_late, spans


@dataclass(frozen=True, slots=True)
class Variant:
    """`time` from receipt to end, of the finished ones."""

    path: tuple[Activity, ...]
    cases: int
    share: float
    time: Spans
    late: int

    @property
    def key(self) -> str:
        return path_key(self.path)


def path_key(path: tuple[Activity, ...]) -> str:
    return short_key(*(part for activity in path for part in activity))


def path_of(case: CaseView, view: View, stage_of: list[int]) -> tuple[int, ...]:
    return tuple(run.node for run in runs(case, view, stage_of))


def variants(log: TraceLog, view: View) -> list[Variant]:
    """The most frequent first; of equals the shorter, then by name. A case without acts is the empty one."""
    names, stage_of = nodes_of(log, view), log.stage_codes()
    counts = Counter[tuple[int, ...]]()
    times: dict[tuple[int, ...], array[int]] = {}
    late = Counter[tuple[int, ...]]()
    for case in log:
        path = path_of(case, view, stage_of)
        counts[path] += 1
        if case.ended != NEVER:
            times.setdefault(path, array("q")).append(case.ended - case.started)
        late[path] += is_late(case)
    rows = [
        Variant(tuple(names[code] for code in path), number, number / len(log), spans(times.get(path, ())), late[path])
        for path, number in counts.items()
    ]
    return sorted(rows, key=lambda v: (-v.cases, len(v.path), v.path))


@dataclass(frozen=True, slots=True)
class Return:
    """From a stage back to an earlier one."""

    source: str
    target: str
    count: int
    cases: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """An activity done more than once in a case. `again`: beyond the first; `at_once`: directly after itself."""

    activity: Activity
    label: str
    cases: int
    again: int
    at_once: int
    base: int  # cases with the activity


@dataclass(frozen=True, slots=True)
class Rework:
    cases: int
    returned: int  # cases that went back at least once
    repeated: int  # cases that did an activity more than once
    returns: tuple[Return, ...]
    repeats: tuple[Repeat, ...]


def stage_returns(case: CaseView, stage_of: list[int]) -> list[tuple[int, int]]:
    """Every step of the case from a stage to an earlier one."""
    path = path_of(case, "stage", stage_of)
    return [(one, after) for one, after in pairwise(path) if after < one]


def rework(log: TraceLog) -> Rework:
    stage_of = log.stage_codes()
    count, cases = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    base, again, at_once, doing = Counter[int](), Counter[int](), Counter[int](), Counter[int]()
    returned = repeated = 0
    for case in log:
        ways = stage_returns(case, stage_of)
        returned += bool(ways)
        count.update(ways)
        cases.update(set(ways))
        own = Counter(case.codes)
        base.update(own.keys())
        twice = {code: number - 1 for code, number in own.items() if number > 1}
        repeated += bool(twice)
        again.update(twice)
        doing.update(twice.keys())
        at_once.update(one for one, after in pairwise(case.codes) if one == after)
    stages = [stage.value for stage in STAGES]
    returns = [Return(stages[a], stages[b], number, cases[a, b]) for (a, b), number in count.items()]
    repeats = [
        Repeat(
            log.activities[code],
            log.labels.get(log.activities[code], ""),
            doing[code],
            number,
            at_once[code],
            base[code],
        )
        for code, number in again.items()
    ]
    return Rework(
        len(log), returned, repeated,
        tuple(sorted(returns, key=lambda r: (-r.count, stages.index(r.source), stages.index(r.target)))),
        tuple(sorted(repeats, key=lambda r: (-r.again, stages.index(r.activity.stage), r.activity.name))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EitherOrder:
    """Two activities that directly followed one another both ways: they may be done side by side."""

    one: Activity
    other: Activity
    forth: int
    back: int
    balance: float  # 1: each way as often


FEWEST_EACH_WAY = 5
BALANCED = 0.25


def either_order(found: ProcessMap) -> list[EitherOrder]:
    """Pairs that came in both orders, each often enough and the rarer at least a quarter as often as the other."""
    counts = {(edge.source, edge.target): edge.count for edge in found.edges}
    rows = []
    for (one, other), forth in counts.items():
        back = counts.get((other, one), 0)
        if one == other or (one.stage, one.name) > (other.stage, other.name):
            continue
        if min(forth, back) >= FEWEST_EACH_WAY and min(forth, back) >= BALANCED * max(forth, back):
            rows.append(EitherOrder(one, other, forth, back, min(forth, back) / max(forth, back)))
    return sorted(rows, key=lambda r: (-min(r.forth, r.back), r.one, r.other))
