"""The parts of 流程洞察, each a page and as many files as it has tables; what is made of a log is kept with it."""

import math
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Read
from zhengtong.rules import process_map, process_map_people, process_map_times, process_map_variants
from zhengtong.rules.process_map import Edge, View
from zhengtong.web.watch import insight_map, insight_tables
from zhengtong.web.watch.insight_asked import SHARES, Asked
from zhengtong.web.watch.insight_words import plain_name, share_words, span_words, stage_words

HEAT_MOST = 12  # people along a side of the hand-over table


def _map(read: Read, view: View) -> process_map.ProcessMap:
    return process_map.process_map(read.log, view, read.working)


def _stages(read: Read) -> list[process_map_times.StageTime]:
    return process_map_times.stage_times(read.log, read.working)


def _rework(read: Read) -> process_map_variants.Rework:
    return process_map_variants.rework(read.log)


def _hands(read: Read) -> process_map_people.HandOvers:
    return process_map_people.hand_overs(read.log)


def _loads(read: Read) -> list[process_map_people.Load]:
    return process_map_people.workload(read.log)


def variants_of(read: Read, view: View) -> list[process_map_variants.Variant]:
    return process_map_variants.variants(read.log, view)


def _map_part(asked: Asked) -> dict[str, Any]:
    found = asked.read.part(_map, asked.view)
    shown = process_map.pruned(found, asked.share / 100)
    labels = asked.read.log.labels
    by_median = asked.rank == "median"

    def time(edge: Edge) -> float:
        return edge.time.median if by_median else edge.time.mean

    def told(edge: Edge) -> str:
        return _("%(from)s → %(to)s：%(count)s 次，%(cases)s 件；平均 %(mean)s，中位 %(median)s，九成以内 %(p90)s") % {
            "from": plain_name(edge.source, labels.get(edge.source, "")),
            "to": plain_name(edge.target, labels.get(edge.target, "")),
            "count": f"{edge.count:,}", "cases": f"{edge.cases:,}",
            "mean": span_words(edge.time.mean), "median": span_words(edge.time.median),
            "p90": span_words(edge.time.p90),
        }  # fmt: skip

    picture = insight_map.drawn(
        shown, time=time,
        name=lambda activity: plain_name(activity, labels.get(activity, "")),
        stage_name=stage_words, link=asked.figure, title=_("流程图"), told=told,
        desc=_("%(nodes)s 个活动，%(ways)s 条路线；下面的表说的是同样的内容。")
        % {"nodes": len(shown.nodes), "ways": len(shown.edges)},
    )  # fmt: skip
    ways = insight_tables.edges("edges", _("路线"), found.edges, labels, asked.figure)
    return {
        "picture": picture, "shown": shown, "found": found, "shares": SHARES,
        "classes": _classes(), "tables": [insight_tables.nodes(found, labels, asked.figure), ways],
    }  # fmt: skip


def _classes() -> list[tuple[str, str]]:
    """The colours of the map in words, from quick to slow."""
    rows, before = [], 0.0
    for most, colour in insight_map.CLASSES:
        low = span_words(before * process_map_times.DAY)
        high = span_words(most * process_map_times.DAY) if math.isfinite(most) else ""
        words = f"{low} – {high}" if before and high else _("%(low)s 以上") % {"low": low}
        rows.append((colour, words if before else _("不到 %(high)s") % {"high": high}))
        before = most
    return rows


def _times_part(asked: Asked) -> dict[str, Any]:
    found = asked.read.part(_map, asked.view)
    worst = process_map.bottlenecks(found, by="median" if asked.rank == "median" else "total")
    note = (
        _("至少出现 %(n)s 次的路线，中位等待长的在前。") % {"n": process_map.FEWEST}
        if asked.rank == "median"
        else _("全部等待合计长的在前。")
    )
    return {
        "tables": [
            insight_tables.stages(asked.read.part(_stages), asked.figure),
            insight_tables.edges("bottlenecks", _("瓶颈"), worst, asked.read.log.labels, asked.figure, note),
        ]
    }


def _rework_part(asked: Asked) -> dict[str, Any]:
    found = asked.read.part(_rework)
    either = process_map_variants.either_order(asked.read.part(_map, "activity"))
    return {
        "figures": [
            (_("回到过前面环节"), found.returned, share_words(found.returned, found.cases), asked.figure("back")),
            (_("有活动重做"), found.repeated, share_words(found.repeated, found.cases), asked.figure("again")),
        ],
        "tables": [
            insight_tables.returns(found, asked.figure),
            insight_tables.repeats(found, asked.figure),
            insight_tables.either_order(either, asked.read.log.labels, asked.figure),
        ],
    }


def _people_part(asked: Asked) -> dict[str, Any]:
    found, loads = asked.read.part(_hands), asked.read.part(_loads)
    names = queries.officer_names({load.person for load in loads})
    cases = len(asked.read.log)
    return {
        "figures": [
            (_("交接"), found.given, _("%(kept)s 次由同一人接着办") % {"kept": f"{found.kept:,}"}, ""),
            (_("有交接的办件"), found.cases, share_words(found.cases, cases), asked.figure("hand")),
            (_("来回过的办件"), found.looped, share_words(found.looped, cases), asked.figure("loop")),
        ],
        "heat": _heat(found, loads, names, asked),
        "tables": [
            insight_tables.hands(found, names, asked.figure),
            insight_tables.loads(loads, names, asked.figure),
        ],
    }


def _heat(
    found: process_map_people.HandOvers, loads: list[process_map_people.Load], names: dict[int, str], asked: Asked
) -> dict[str, Any]:
    """The hand-overs among those who handed over most, as a square; the table beside it has them all."""
    given: dict[int, int] = {}
    for one in found.rows:
        given[one.giver] = given.get(one.giver, 0) + one.count
        given[one.taker] = given.get(one.taker, 0) + one.count
    people = sorted(given, key=lambda person: (-given[person], person))[:HEAT_MOST]
    counts = {(one.giver, one.taker): one.count for one in found.rows}
    most = max(counts.values(), default=1)
    rows = [
        (names.get(giver, "—"), [_square(counts.get((giver, taker), 0), most, giver, taker, asked) for taker in people])
        for giver in people
    ]
    return {"people": [names.get(person, "—") for person in people], "rows": rows, "others": len(given) - len(people)}


def _square(number: int, most: int, giver: int, taker: int, asked: Asked) -> tuple[str, int, str]:
    """(what stands in it, how dark 0–4, address)"""
    if not number:
        return "", 0, ""
    dark = 1 + min(3, int(4 * (number / most) ** 0.5 - 0.001))
    return f"{number:,}", dark, asked.figure(f"hand:{giver}-{taker}")


def _variants_part(asked: Asked) -> dict[str, Any]:
    found = asked.read.part(variants_of, asked.view)
    once = sum(1 for one in found if one.cases == 1)
    return {
        "figures": [
            (_("走法"), len(found), _("%(once)s 种只有一件") % {"once": f"{once:,}"}, ""),
            (
                _("最常见的走法"), found[0].cases if found else 0,
                share_words(found[0].cases, len(asked.read.log)) if found else "",
                asked.figure(f"variant:{found[0].key}") if found else "",
            ),
        ],
        "tables": [insight_tables.variants(found, asked.read.log.labels, asked.figure)],
    }  # fmt: skip


def _export_part(asked: Asked) -> dict[str, Any]:
    return {"formats": FORMATS}


FORMATS = (("ocel-json", "OCEL 2.0 JSON"), ("ocel-sqlite", "OCEL 2.0 SQLite"), ("xes", "XES (IEEE 1849)"))


PARTS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "map": _map_part,
    "times": _times_part,
    "rework": _rework_part,
    "people": _people_part,
    "variants": _variants_part,
    "export": _export_part,
}
