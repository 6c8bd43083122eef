"""流程洞察: how cases were really handled, by item, organ and period. Every figure opens the cases it counted. Read only."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Read
from zhengtong.rules import process_map_times
from zhengtong.rules.process_map_log import micros
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.sheets import csv_answer
from zhengtong.web.watch.insight_asked import READ, SEE, Asked, asked_of
from zhengtong.web.watch.insight_parts import PARTS
from zhengtong.web.watch.insight_tables import Table
from zhengtong.web.watch.insight_words import share_words, span_words


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
    context = common_context(asked, part)
    if asked.items and len(asked.read.log):
        context |= PARTS[part](asked)
    return render(request, f"watch/insight_{part if part in ('map', 'export') else 'part'}.html", context)


def common_context(asked: Asked, part: str) -> dict[str, Any]:
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


def midnight() -> int:
    """Open cases are late or not by the beginning of today, so that what was counted can be kept."""
    return micros(timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))


def _figures(asked: Asked) -> list[tuple[str, str, str, str]]:
    """(label, figure, base, address) over every part of the page."""
    one = asked.read.part(_summary, midnight())
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
