"""流程洞察: how cases were really handled, by item, organ and period. Every figure opens the cases it counted. Read only."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Choice, Read, Scope
from zhengtong.rules import process_map, process_map_people, process_map_times, process_map_variants
from zhengtong.rules.process_map import Edge, View
from zhengtong.rules.process_map_log import NEVER, CaseView, micros, moment
from zhengtong.rules.process_map_rows import matching
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.sheets import csv_answer
from zhengtong.web.frame.whole import whole
from zhengtong.web.watch import insight_map, insight_tables
from zhengtong.web.watch.board import own_organs
from zhengtong.web.watch.insight_tables import SHOWN, Cell, Table
from zhengtong.web.watch.insight_words import plain_name, share_words, span_words, stage_words

SEE, READ = Ability.SEE_ALL, Ability.READ_REPORTS
SHARES = (0, 1, 2, 5, 10, 20)
KEPT_SECONDS = 60
HEAT_MOST = 12  # people along a side of the hand-over table


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A code that names nothing of what this person reads is no page."""

    scope: Scope
    item: Choice | None
    organ: Choice | None
    items: list[Choice]
    organs: list[Choice]
    view: View
    share: int
    rank: str
    whole: bool
    address: dict[str, str]

    @cached_property
    def read(self) -> Read:
        return queries.read(self.scope, whole=self.whole)

    def link(self, route: str, *args: str, **more: str) -> str:
        return f"{reverse(route, args=args)}?{urlencode({**self.address, **more})}"

    def figure(self, figure: str) -> str:
        return self.link("watch:insight_cases", figure=figure)


def asked_of(request: ActingRequest) -> Asked:
    mine = own_organs(request.acting)
    organs, items = _choices(None if mine is None else frozenset(mine))
    item, organ = _one(request, "item", items), _one(request, "organ", organs)
    if item is None and organ is None and items and not request.GET.get("all"):
        item = items[0]
    since, until = reading.day(request.GET.get("since")), reading.day(request.GET.get("until"))
    share = whole(request.GET.get("share"))
    asked = {
        "item": item.code if item else "",
        "organ": organ.code if organ else "",
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "view": "stage" if request.GET.get("view") == "stage" else "activity",
        "share": str(share if share in SHARES else 5),
        "rank": "median" if request.GET.get("rank") == "median" else "total",
        "whole": "1" if request.GET.get("whole") == "1" else "",
    }
    return Asked(
        scope=Scope(item.pk if item else None, _organ_ids(mine, organ), since, until),
        item=item, organ=organ, items=items, organs=organs,
        view="stage" if asked["view"] == "stage" else "activity",
        share=int(asked["share"]), rank=asked["rank"], whole=bool(asked["whole"]),
        address={name: value for name, value in asked.items() if value},
    )  # fmt: skip


def _organ_ids(mine: set[int] | None, organ: Choice | None) -> frozenset[int] | None:
    if organ is not None:
        return frozenset({organ.pk})
    return None if mine is None else frozenset(mine)


def _choices(mine: frozenset[int] | None) -> tuple[list[Choice], list[Choice]]:
    """(organs, items) with cases. Counting a million cases takes a moment, and the lists change slowly."""
    key = f"zhengtong.watch.insight.{'all' if mine is None else '-'.join(map(str, sorted(mine)))}"
    kept: tuple[list[Choice], list[Choice]] | None = cache.get(key)
    if kept is None:
        kept = (queries.organs_with_cases(mine), queries.items_with_cases(mine))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _one(request: ActingRequest, parameter: str, choices: list[Choice]) -> Choice | None:
    code = request.GET.get(parameter, "")
    found = next((one for one in choices if one.code == code), None)
    if code and found is None:
        raise Http404
    return found


# --- what is made of a log, kept with it ---


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


def _variants(read: Read, view: View) -> list[process_map_variants.Variant]:
    return process_map_variants.variants(read.log, view)


# --- the parts, each a page and as many files as it has tables ---


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
    found = asked.read.part(_variants, asked.view)
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


def _part_names() -> list[tuple[str, str]]:
    return [
        ("map", _("流程图")), ("times", _("用时与瓶颈")), ("rework", _("返工")), ("people", _("交接与工作量")),
        ("variants", _("走法")), ("export", _("导出日志")),
    ]  # fmt: skip


@desk(SEE, READ)
@require_safe
def insight(request: ActingRequest, part: str = "map") -> HttpResponse:
    if part not in PARTS:
        raise Http404
    asked = asked_of(request)
    context = _common(asked, part)
    if asked.items and len(asked.read.log):
        context |= PARTS[part](asked)
    return render(request, f"watch/insight_{part if part in ('map', 'export') else 'part'}.html", context)


def _common(asked: Asked, part: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "part": part,
        "parts": [
            (key, words, asked.link("watch:insight") if key == "map" else asked.link("watch:insight_part", key))
            for key, words in _part_names()
        ],
        "figures_top": _figures(asked) if asked.items else [],
        "most": queries.MOST_OF_ALL if asked.whole else queries.MOST,
        "most_of_all": queries.MOST_OF_ALL,
        "whole_url": asked.link("watch:insight_part", part or "map", whole="1"),
    }


def _summary(read: Read, at: int) -> process_map_times.Summary:
    return process_map_times.summary(read.log, read.working, at=at)


def _midnight() -> int:
    """Open cases are late or not by the beginning of today, so that what was counted can be kept."""
    return micros(timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))


def _figures(asked: Asked) -> list[tuple[str, str, str, str]]:
    """(label, figure, base, address) over every part of the page."""
    one = asked.read.part(_summary, _midnight())
    if not one.cases:
        return []
    timed = one.within + one.after
    rows = [
        (_("办件数"), f"{one.cases:,}", _("%(acts)s 个动作，%(people)s 人") % {"acts": f"{one.acts:,}", "people": one.people}, "all"),
        (_("已办结"), f"{one.finished:,}", share_words(one.finished, one.cases), "finished"),
        (_("超期办结"), f"{one.after:,}", share_words(one.after, timed), "late"),
        (_("在办且已超期"), f"{one.over:,}", share_words(one.over, one.open), "over"),
        (
            _("收件到办结中位"), span_words(one.throughput.median) if one.throughput.count else "—",
            _("%(n)s 件；九成以内 %(p90)s；工作日 %(working)s")
            % {
                "n": f"{one.throughput.count:,}", "p90": span_words(one.throughput.p90),
                "working": span_words(one.working.median),
            }
            if one.throughput.count else "", "finished",
        ),
    ]  # fmt: skip
    if one.backward:
        rows.append((_("时间颠倒"), f"{one.backward:,}", _("动作或办结早于收件"), "backward"))
    return [(label, value, base, asked.figure(figure)) for label, value, base, figure in rows]


# --- the cases behind a figure ---


@dataclass(frozen=True, slots=True)
class CaseRow:
    number: str
    url: str
    started: Any
    ended: Any
    due: Any
    late: bool
    acts: int
    people: int
    time: str


@desk(SEE, READ)
@require_safe
def cases(request: ActingRequest) -> HttpResponse:
    asked = asked_of(request)
    figure = request.GET.get("figure", "all")[:80]
    found = matching(asked.read.log, figure, view=asked.view, at=_midnight()) if asked.items else []
    if found is None:
        raise Http404
    first = min(whole(request.GET.get("from")) or 0, max(len(found) - 1, 0))
    log = asked.read.log if asked.items else None
    rows = [_case_row(log[place], log.numbers[place]) for place in found[first : first + SHOWN]] if log else []
    context = {
        **_common(asked, ""),
        "figure": figure,
        "words": _figure_words(asked, figure),
        "rows": rows,
        "count": len(found),
        "first": first + 1,
        "last": first + len(rows),
        "before": max(first - SHOWN, 0) if first else None,
        "after": first + SHOWN if first + SHOWN < len(found) else None,
    }
    return render(request, "watch/insight_cases.html", context)


def _case_row(case: CaseView, number: str) -> CaseRow:
    return CaseRow(
        number, _case_url(number), moment(case.started),
        None if case.ended == NEVER else moment(case.ended), None if case.due == NEVER else moment(case.due),
        process_map_times.is_late(case), len(case.codes), len(set(case.people) - {-1}),
        "" if case.ended == NEVER else span_words(case.ended - case.started),
    )  # fmt: skip


def _case_url(number: str) -> str:
    try:
        return reverse("watch:case", args=[number])
    except NoReverseMatch:
        return reverse("desk:case", args=[number])


_PLAIN = {
    "all": lambda: _("全部办件"),
    "finished": lambda: _("已办结"),
    "open": lambda: _("未办结"),
    "within": lambda: _("按期办结"),
    "late": lambda: _("超期办结"),
    "over": lambda: _("在办且已超期"),
    "backward": lambda: _("时间颠倒"),
    "bare": lambda: _("没有动作"),
    "back": lambda: _("回到过前面环节"),
    "again": lambda: _("有活动重做"),
    "hand": lambda: _("有交接的办件"),
    "loop": lambda: _("来回过的办件"),
    "stopped": lambda: _("不计办理的时间"),
    "tail": lambda: _("最后一个动作到办结"),
}


def _figure_words(asked: Asked, figure: str) -> list[Any]:
    """What the rows have in common: [words, and for a way or a hand-over its two ends]."""
    word, _colon, key = figure.partition(":")
    if not key:
        return [_PLAIN[word]()] if word in _PLAIN else []
    log = asked.read.log
    names = {one.key: one for one in [*log.activities, *process_map.nodes_of(log, "stage")]}
    if word in ("hand", "person"):
        ids = [int(part) for part in key.split("-")]
        people = queries.officer_names(set(ids))
        ends = [people.get(one, "—") for one in ids]
    elif word in ("stage", "back"):
        ends = [stage_words(part) for part in key.split("-")]
    elif word == "variant":
        found = next((one for one in asked.read.part(_variants, asked.view) if one.key == key), None)
        ends = [plain_name(step, log.labels.get(step, "")) for step in found.path] if found else []
    else:
        ends = [plain_name(names[part], log.labels.get(names[part], "")) for part in key.split("-") if part in names]
    return [_FIGURES[word](), " → ".join(ends)]


_FIGURES = {
    "activity": lambda: _("做过"),
    "start": lambda: _("由此开始"),
    "end": lambda: _("到此结束"),
    "edge": lambda: _("走过"),
    "variant": lambda: _("走法"),
    "stage": lambda: _("经过环节"),
    "back": lambda: _("退回"),
    "repeat": lambda: _("重做"),
    "hand": lambda: _("交接"),
    "person": lambda: _("经手人"),
}


# --- files ---


@desk(SEE, READ)
@require_safe
def table(request: ActingRequest, part: str, key: str) -> StreamingHttpResponse:
    """One table of a part as CSV, every row of it; times in days."""
    if part not in PARTS:
        raise Http404
    asked = asked_of(request)
    made = PARTS[part](asked).get("tables", ()) if asked.items else ()
    found: Table | None = next((one for one in made if one.key == key), None)
    if found is None:
        raise Http404
    return csv_answer(found.lines(), f"insight-{key}-{_today():%Y%m%d}")


def _today() -> date:
    return timezone.localdate()


__all__ = ["Cell", "cases", "insight", "table"]
