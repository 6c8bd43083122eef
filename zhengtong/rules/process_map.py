"""The process as it was really done: which activity directly followed which, how often, and how long it took.

Knows two views: the activities, and the five stages with the acts inside a stage drawn together. Refuses to draw.
Every list is in a fixed order: by size, then by name, so that the same log always gives the same page.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from zhengtong.rules.procedure import STAGES
from zhengtong.rules.process_map_log import Activity, CaseView, TraceLog
from zhengtong.rules.process_map_times import NONE, Spans, WorkingTime, spans

View = Literal["activity", "stage"]
FEWEST = 5  # a median of fewer transitions says nothing of a bottleneck


class Run(NamedTuple):
    """What a view shows as one visit of a node: one act, or the acts of one stage in a row."""

    node: int
    first: int
    last: int
    acts: int


@dataclass(frozen=True, slots=True)
class Node:
    activity: Activity  # in the stage view its name is the stage's own
    label: str
    count: int  # visits
    acts: int
    cases: int
    starts: int
    ends: int

    @property
    def key(self) -> str:
        return self.activity.key


@dataclass(frozen=True, slots=True)
class Edge:
    """`target` directly followed `source`. Time from the end of the one visit to the beginning of the next."""

    source: Activity
    target: Activity
    count: int
    cases: int
    time: Spans
    working: Spans

    @property
    def key(self) -> str:
        return f"{self.source.key}-{self.target.key}"

    @property
    def back(self) -> bool:
        """To an earlier stage."""
        return _PLACE[self.target.stage] < _PLACE[self.source.stage]


@dataclass(frozen=True, slots=True)
class ProcessMap:
    view: View
    cases: int
    acts: int
    nodes: tuple[Node, ...]  # by stage, then the most visited first
    edges: tuple[Edge, ...]  # the most frequent first


_PLACE = {stage.value: place for place, stage in enumerate(STAGES)}


def nodes_of(log: TraceLog, view: View) -> list[Activity]:
    """What the codes of `runs` stand for."""
    return [Activity(stage.value, stage.value) for stage in STAGES] if view == "stage" else log.activities


def runs(case: CaseView, view: View, stage_of: list[int]) -> Iterator[Run]:
    if view == "activity":
        for code, at in zip(case.codes, case.times, strict=True):
            yield Run(code, at, at, 1)
        return
    begun: Run | None = None
    for code, at in zip(case.codes, case.times, strict=True):
        stage = stage_of[code]
        if begun is not None and begun.node == stage:
            begun = Run(stage, begun.first, at, begun.acts + 1)
            continue
        if begun is not None:
            yield begun
        begun = Run(stage, at, at, 1)
    if begun is not None:
        yield begun


def process_map(log: TraceLog, view: View, working: WorkingTime | None = None) -> ProcessMap:
    names, stage_of = nodes_of(log, view), log.stage_codes()
    visits, acts, cases_at, starts, ends = (
        Counter[int](),
        Counter[int](),
        Counter[int](),
        Counter[int](),
        Counter[int](),
    )
    times: dict[tuple[int, int], array[int]] = {}
    worked: dict[tuple[int, int], array[int]] = {}
    cases_on = Counter[tuple[int, int]]()
    for case in log:
        path = list(runs(case, view, stage_of))
        if not path:
            continue
        starts[path[0].node] += 1
        ends[path[-1].node] += 1
        for run in path:
            visits[run.node] += 1
            acts[run.node] += run.acts
        cases_at.update({run.node for run in path})
        ways = set()
        for one, after in pairwise(path):
            way = (one.node, after.node)
            ways.add(way)
            times.setdefault(way, array("q")).append(after.first - one.last)
            if working is not None and (part := working.between(one.last, after.first)) is not None:
                worked.setdefault(way, array("q")).append(part)
        cases_on.update(ways)
    nodes = [
        Node(names[code], log.labels.get(names[code], ""), count, acts[code], cases_at[code], starts[code], ends[code])
        for code, count in visits.items()
    ]
    edges = [
        Edge(
            names[way[0]], names[way[1]], len(found), cases_on[way], spans(found),
            spans(worked[way]) if way in worked else NONE,
        )
        for way, found in times.items()
    ]  # fmt: skip
    return ProcessMap(
        view=view, cases=len(log), acts=log.acts,
        nodes=tuple(sorted(nodes, key=lambda n: (_PLACE[n.activity.stage], -n.count, n.activity.name))),
        edges=tuple(sorted(edges, key=lambda e: (-e.count, *_named(e)))),
    )  # fmt: skip


def _named(edge: Edge) -> tuple[int, str, int, str]:
    source, target = edge.source, edge.target
    return _PLACE[source.stage], source.name, _PLACE[target.stage], target.name


def pruned(found: ProcessMap, share: float) -> ProcessMap:
    """The activities and ways that at least `share` of the cases took, and for each activity its busiest way in and out.

    No activity hangs loose, and a way is never drawn between two that are not.
    """
    least = share * found.cases
    nodes = tuple(node for node in found.nodes if node.cases >= least)
    there = {node.activity for node in nodes}
    edges = [edge for edge in found.edges if edge.source in there and edge.target in there]
    kept = {edge.key for edge in edges if edge.cases >= least}
    for node in nodes:
        ways_in = [edge for edge in edges if edge.target == node.activity != edge.source]
        ways_out = [edge for edge in edges if edge.source == node.activity != edge.target]
        kept.update(ways[0].key for ways in (ways_in, ways_out) if ways)  # edges come the most frequent first
    return replace(found, nodes=nodes, edges=tuple(edge for edge in edges if edge.key in kept))


def bottlenecks(found: ProcessMap, *, by: Literal["total", "median"]) -> list[Edge]:
    """The edges by the time cases spent on them: all together, or the usual one of those often enough to have one."""
    if by == "total":
        return sorted(found.edges, key=lambda e: (-e.time.total, -e.count, *_named(e)))
    often = [edge for edge in found.edges if edge.count >= FEWEST]
    return sorted(often, key=lambda e: (-e.time.median, -e.count, *_named(e)))
