"""The process map as SVG: stages in columns, ways wide by count and coloured by time, ways back dashed.

A layered layout of our own, small because the layers are given: the stages. A way over several columns passes between
the nodes of those it crosses; the order in a column follows its neighbours (barycentres, a few sweeps). No chance.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from zhengtong.rules.procedure import STAGES
from zhengtong.rules.process_map import Edge, Node, ProcessMap
from zhengtong.rules.process_map_log import Activity
from zhengtong.rules.process_map_times import DAY
from zhengtong.web.frame.charts import FONT, INK, QUIET
from zhengtong.web.frame.language import typed_in_chinese

BOX, HIGH = 158, 44  # a node
GAP, LANE, ALLEY = 18, 16, 96  # between nodes, for a way that passes, between columns
HEAD, EDGE = 34, 14
SIZE = 12.5
# Upper bound of a class in days, its colour: 3 : 1 against the sheet each, from quick to slow.
CLASSES = ((1 / 24, "#5f7f9e"), (1.0, "#2f6db5"), (3.0, "#a06800"), (7.0, "#c2410c"), (math.inf, "#9b1218"))
SWEEPS = 6

Link = Callable[[str], str]
Name = Callable[[Activity], str]


@dataclass(slots=True)
class _Spot:
    """A node, or the place where a long way passes a column (`node` None)."""

    column: int
    node: Node | None = None
    order: float = 0.0
    y: float = 0.0
    near: list[tuple["_Spot", int]] = field(default_factory=list)

    @property
    def high(self) -> int:
        return HIGH if self.node else LANE

    @property
    def middle(self) -> float:
        return self.y + self.high / 2


@dataclass(frozen=True, slots=True)
class _Way:
    edge: Edge
    spots: tuple[_Spot, ...]  # from source to target


def colour_class(microseconds: float) -> int:
    return next(number for number, (most, _) in enumerate(CLASSES) if microseconds / DAY < most)


def drawn(
    found: ProcessMap,
    *,
    time: Callable[[Edge], float],
    name: Name,
    stage_name: Callable[[str], str],
    link: Link,
    title: str,
    desc: str,
    told: Callable[[Edge], str],
) -> SafeString:
    """The map. `link` gives the address of a figure's cases, `told` a way in words."""
    if not found.nodes:
        return mark_safe("")
    stages = [stage.value for stage in STAGES if any(node.activity.stage == stage.value for node in found.nodes)]
    spots = {node.activity: _Spot(stages.index(node.activity.stage), node) for node in found.nodes}
    ways, lanes = _routed(spots, found.edges)
    columns: list[list[_Spot]] = [[] for _ in stages]
    for spot in [*spots.values(), *lanes]:
        columns[spot.column].append(spot)
    _order(columns)
    height = _place(columns) + HEAD + EDGE
    width = len(stages) * BOX + (len(stages) - 1) * ALLEY + 2 * ALLEY // 2
    most = max((edge.count for edge in found.edges), default=1)
    body = [
        format_html(
            '<text class="head" x="{}" y="18" text-anchor="middle" fill="{}"{}>{}</text>',
            _left(place) + BOX // 2, QUIET, _lang(words := stage_name(stage)), words,
        )
        for place, stage in enumerate(stages)
    ]  # fmt: skip
    # The rarer ways first, so that the busy ones lie on top.
    ways.sort(key=lambda way: (way.edge.count, way.edge.key))
    body += [_edge(way, ends, most, time, link, told) for way, ends in zip(ways, _ports(ways), strict=True)]
    body += [_node(spot, name, link) for spot in spots.values()]
    return format_html(
        '<svg class="process" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' font-family="{}" font-size="{}"><title>{}</title><desc>{}</desc>{}{}</svg>',
        width, math.ceil(height), width, math.ceil(height), FONT, SIZE, title, desc, _arrows(),
        format_html_join("", "{}", ((one,) for one in body)),
    )  # fmt: skip


# --- where everything goes ---


def _routed(spots: dict[Activity, _Spot], edges: Sequence[Edge]) -> tuple[list[_Way], list[_Spot]]:
    ways, lanes = [], []
    for edge in edges:
        source, target = spots[edge.source], spots[edge.target]
        step = 1 if target.column > source.column else -1
        between = [_Spot(column) for column in range(source.column + step, target.column, step)]
        if source.column == target.column:
            between = []
        lanes += between
        route = (source, *between, target)
        for one, after in pairwise(route):
            if one.column != after.column:
                one.near.append((after, edge.count))
                after.near.append((one, edge.count))
        ways.append(_Way(edge, route))
    return ways, lanes


def _order(columns: list[list[_Spot]]) -> None:
    """Each spot goes to the weighted middle of its neighbours on the one side, then the other; ties keep their place."""
    for column in columns:
        for place, spot in enumerate(column):
            spot.order = float(place)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in columns if forth else columns[::-1]:
            wanted = {id(spot): _barycentre(spot, forth) for spot in column}
            column.sort(key=lambda spot: wanted[id(spot)])
            middle = (len(column) - 1) / 2
            for place, spot in enumerate(column):
                spot.order = place - middle


def _barycentre(spot: _Spot, forth: bool) -> float:
    near = [(one, weight) for one, weight in spot.near if (one.column < spot.column) == forth]
    weight = sum(number for _, number in near)
    return sum(one.order * number for one, number in near) / weight if weight else spot.order


def _place(columns: list[list[_Spot]]) -> float:
    heights = [sum(spot.high + GAP for spot in column) - GAP for column in columns]
    tallest = max(heights)
    for column, height in zip(columns, heights, strict=True):
        y = HEAD + (tallest - height) / 2
        for spot in column:
            spot.y = y
            y += spot.high + GAP
    return tallest


def _left(column: int) -> float:
    return ALLEY // 2 + column * (BOX + ALLEY)


# --- how it is drawn ---


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _lang(words: str) -> SafeString:
    return mark_safe(' lang="zh-Hans"') if typed_in_chinese(words) else mark_safe("")


def _arrows() -> SafeString:
    return format_html(
        "<defs>{}</defs>",
        format_html_join(
            "",
            '<marker id="tip-{}" viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="9" markerHeight="9"'
            ' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="{}"/></marker>',
            ((number, colour) for number, (_, colour) in enumerate(CLASSES)),
        ),
    )


def _edge(
    way: _Way,
    ends: tuple[float, float],
    most: int,
    time: Callable[[Edge], float],
    link: Link,
    told: Callable[[Edge], str],
) -> SafeString:
    edge = way.edge
    kind = colour_class(time(edge))
    path, (x, y) = _path(way, ends)
    wide = 1.2 + 5.8 * math.sqrt(edge.count / most)
    words = told(edge)
    return format_html(
        '<a class="way t{}{}" href="{}" tabindex="-1"><title{}>{}</title><path class="touch" d="{}" fill="none"'
        ' stroke="#ffffff" stroke-opacity="0" stroke-width="14"/><path class="line" d="{}" fill="none" stroke="{}"'
        ' stroke-width="{}"{} marker-end="url(#tip-{})"/>{}</a>',
        kind, " back" if edge.back else "", link(f"edge:{edge.key}"), _lang(words), words, path, path,
        CLASSES[kind][1], _n(wide), mark_safe(' stroke-dasharray="7 4"') if edge.back else "", kind,
        format_html(
            '<text class="count" x="{}" y="{}" text-anchor="middle" fill="{}" stroke="#ffffff" stroke-width="3.5">{}</text>',
            _n(x), _n(y), INK, f"{edge.count:,}",
        ),
    )  # fmt: skip


def _path(way: _Way, ends: tuple[float, float]) -> tuple[str, tuple[float, float]]:
    """(path, where its number stands)"""
    if way.edge.source == way.edge.target:
        return _self_loop(way)
    return _within(way, ends) if way.spots[0].column == way.spots[-1].column else _across(way, ends)


def _self_loop(way: _Way) -> tuple[str, tuple[float, float]]:
    spot = way.spots[0]
    x, y = _left(spot.column) + BOX - 26, spot.y
    return f"M{_n(x)} {_n(y)}C{_n(x)} {_n(y - 20)} {_n(x + 22)} {_n(y - 20)} {_n(x + 20)} {_n(y)}", (x + 10, y - 9)


def _ports(ways: Sequence[_Way]) -> list[tuple[float, float]]:
    """Where each way leaves and arrives: the ways on one side of a node share its height, sorted by where they go."""
    sides: dict[tuple[int, bool], list[tuple[float, int, int]]] = {}
    for number, way in enumerate(ways):
        for end, (own, near) in enumerate(((way.spots[0], way.spots[1]), (way.spots[-1], way.spots[-2]))):
            sides.setdefault((id(own), _on_the_right(way, end)), []).append((near.middle, number, end))
    found = [[0.0, 0.0] for _ in ways]
    for number, way in enumerate(ways):
        for end, own in enumerate((way.spots[0], way.spots[-1])):
            side = sorted(sides[id(own), _on_the_right(way, end)])
            place = next(k for k, (_, other, at) in enumerate(side) if (other, at) == (number, end))
            found[number][end] = own.y + HIGH * (place + 1) / (len(side) + 1)
    return [(one, other) for one, other in found]


def _on_the_right(way: _Way, end: int) -> bool:
    source, target = way.spots[0], way.spots[-1]
    if source.column == target.column:
        return target.y > source.y  # down on the right, up on the left
    return (target.column > source.column) == (end == 0)


def _within(way: _Way, ends: tuple[float, float]) -> tuple[str, tuple[float, float]]:
    """In one column, in an arc on the side."""
    source, target = way.spots[0], way.spots[-1]
    right = target.y > source.y
    x = _left(source.column) + (BOX if right else 0)
    out = x + (1 if right else -1) * min(14 + abs(target.y - source.y) * 0.16, ALLEY * 0.46)
    start, end = ends
    path = f"M{_n(x)} {_n(start)}C{_n(out)} {_n(start)} {_n(out)} {_n(end)} {_n(x)} {_n(end)}"
    return path, (x + (out - x) * 0.75, (start + end) / 2 + 4)


def _across(way: _Way, ends: tuple[float, float]) -> tuple[str, tuple[float, float]]:
    """From column to column, level through the lanes it passes."""
    forth = way.spots[-1].column > way.spots[0].column
    points: list[tuple[float, float]] = []
    for place, spot in enumerate(way.spots):
        left = _left(spot.column)
        sides = (left, left + BOX) if forth else (left + BOX, left)
        if place == 0:
            points.append((sides[1], ends[0]))
        elif place == len(way.spots) - 1:
            points.append((sides[0], ends[1]))
        else:
            points += [(x, spot.middle) for x in sides]
    path = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for number, (one, after) in enumerate(pairwise(points)):
        bend = (after[0] - one[0]) / 2
        path.append(
            f"C{_n(one[0] + bend)} {_n(one[1])} {_n(after[0] - bend)} {_n(after[1])} {_n(after[0])} {_n(after[1])}"
            if number % 2 == 0
            else f"L{_n(after[0])} {_n(after[1])}"
        )
    if len(points) > 2:  # on its own lane nothing crosses it
        (ax, ay), (bx, _) = points[1], points[2]
        return "".join(path), ((ax + bx) / 2, ay + 4)
    (ax, ay), (bx, by) = points
    share = 0.36 if forth else 0.64
    return "".join(path), (ax + (bx - ax) * share, ay + (by - ay) * _eased(share) + 4)


def _eased(share: float) -> float:
    """Where the curve is at a share of its width."""
    return share * share * (3 - 2 * share)


def _node(spot: _Spot, name: Name, link: Link) -> SafeString:
    node = spot.node
    if node is None:
        return mark_safe("")
    x, words = _left(spot.column), name(node.activity)
    said = _cut(words)
    return format_html(
        '<a class="node" href="{}" tabindex="-1"><title{}>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="6"'
        ' fill="#ffffff" stroke="#79838f"/>{}<text class="number" x="{}" y="{}" fill="{}">{}</text>{}</a>',
        link(f"activity:{node.key}"), _lang(words), words, x, _n(spot.y), BOX, HIGH,
        format_html('<text x="{}" y="{}" fill="{}"{}>{}</text>', x + 8, _n(spot.y + 19), INK, _lang(said), said),
        x + 8, _n(spot.y + HIGH - 4), QUIET, f"{node.count:,}", _ends(node, x, spot.y),
    )  # fmt: skip


def _ends(node: Node, x: float, y: float) -> SafeString:
    """Where cases begin (▸) and end (▪), with how many."""
    words = " ".join(f"{sign} {count:,}" for sign, count in (("▸", node.starts), ("▪", node.ends)) if count)
    return format_html(
        '<text class="ends" x="{}" y="{}" text-anchor="end" fill="{}">{}</text>',
        x + BOX - 8,
        _n(y + HIGH - 4),
        QUIET,
        words,
    )


def _wide(text: str) -> float:
    return sum(SIZE if ord(letter) > 0x2E7F else SIZE * 0.56 for letter in text)


def _cut(words: str) -> str:
    """What does not fit in a node is cut, and stands whole in its title."""
    room = BOX - 16
    if _wide(words) <= room:
        return words
    while words and _wide(words) > room - SIZE:
        words = words[:-1]
    return f"{words.rstrip()}…"
