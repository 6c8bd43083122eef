"""The cases behind a figure of 流程洞察."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.domains.insight import queries
from zhengtong.rules import process_map, process_map_times
from zhengtong.rules.process_map_log import NEVER, CaseView, moment
from zhengtong.rules.process_map_rows import matching
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.whole import whole
from zhengtong.web.watch.insight import common_context, midnight
from zhengtong.web.watch.insight_asked import READ, SEE, Asked, asked_of
from zhengtong.web.watch.insight_parts import variants_of
from zhengtong.web.watch.insight_tables import SHOWN
from zhengtong.web.watch.insight_words import plain_name, span_words, stage_words


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
    found = matching(asked.read.log, figure, view=asked.view, at=midnight()) if asked.items else []
    if found is None:
        raise Http404
    first = min(whole(request.GET.get("from")) or 0, max(len(found) - 1, 0))
    log = asked.read.log if asked.items else None
    rows = [_case_row(log[place], log.numbers[place]) for place in found[first : first + SHOWN]] if log else []
    context = {
        **common_context(asked, ""),
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
        found = next((one for one in asked.read.part(variants_of, asked.view) if one.key == key), None)
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
