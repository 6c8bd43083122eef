"""公开的评价: a month's counts by organ, item and hall, and the words people left, masked and looked through."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtong.domains.ratings import queries
from zhengtong.domains.ratings.labels import Label, labels
from zhengtong.rules.ratings_figures import Counts, Rate
from zhengtong.rules.ratings_publication import may_detail, told_apart, told_within
from zhengtong.web.frame.dates import month_words
from zhengtong.web.frame.rating_words import CHANNELS, LEVELS, PLATFORMS

GROUPS = {
    "organ": _("部门"),
    "item": _("事项"),
    "hall": _("大厅"),
    "platform": _("平台"),
    "channel": _("渠道"),
}
COLUMN = {"hall": "hall_code", "platform": "platform", "channel": "channel"}
WORDS = {"platform": PLATFORMS, "channel": CHANNELS}
PAGE = 20
MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Line:
    name: Label | None
    label: Any
    counts: Counts
    levels: list[tuple[Any, int]]  # empty where too few would be told apart
    share: str


def share(rate: Rate) -> str:
    """A rate in words; without a base there is none."""
    return f"{100 * rate.numerator / rate.base:.1f}%" if rate.base else "—"


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    newest = queries.published_month(today)
    month = min(_month(request.GET.get("month", "")) or newest, newest)
    group = request.GET.get("group", "")
    group = group if group in GROUPS else "organ"
    page = _page(request.GET.get("page", ""))
    least, until = queries.least(today), _last(month)
    organs = _one(queries.figures(month, until, by=("organ_id",)))
    items = queries.figures(month, until, by=("organ_id", "item_id"))
    shown_organs, shown_items = told_apart(organs, least), told_within(items, least)
    if group == "organ":
        found, shown = organs, shown_organs
    elif group == "item":
        found, shown = {item: counts for (_organ, item), counts in items.items()}, shown_items
    else:
        found = _one(queries.figures(month, until, by=(COLUMN[group],)))
        shown = told_apart(found, least)
    total = sum(organs.values(), Counts())
    said = queries.comments(month, page=page, limit=PAGE + 1)
    context = {
        "month": month,
        "month_words": month_words(month),
        "earlier": _before(month),
        "later": queries.next_month(month) if month < newest else None,
        "group": group,
        "group_label": GROUPS[group],
        "groups": GROUPS.items(),
        "levels": LEVELS.values(),
        "lines": _lines(found, shown, group),
        "total": total,
        "satisfaction": total.satisfaction if may_detail(total, least) else None,
        "share": share(total.satisfaction) if may_detail(total, least) else "—",
        "least": least,
        "comments": [
            (LEVELS[one.level], one, str(one.item_id) in shown_items, str(one.organ_id) in shown_organs)
            for one in said[:PAGE]
        ],
        "previous": f"?group={group}&month={month:%Y-%m}&page={page - 1}#said" if page else "",
        "following": f"?group={group}&month={month:%Y-%m}&page={page + 1}#said" if len(said) > PAGE else "",
    }
    return render(request, "portal/ratings/published.html", context)


def _one(found: dict[tuple[str, ...], Counts]) -> dict[str, Counts]:
    return {key: counts for (key,), counts in found.items()}


def _lines(found: dict[str, Counts], shown: frozenset[str], group: str) -> list[Line]:
    called = labels(group, list(found))
    lines = []
    for key, counts in sorted(found.items(), key=lambda one: (-one[1].rated, one[0])):
        if not counts.nodes or not key:
            continue
        word = WORDS.get(group, {}).get(key, "")
        levels = list(zip(LEVELS.values(), counts.levels, strict=True)) if key in shown else []
        lines.append(Line(called.get(key), word, counts, levels, share(counts.satisfaction)))
    return lines


def _month(text: str) -> date | None:
    found = MONTH.fullmatch(text) if text.isascii() else None
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1990:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def _last(month: date) -> date:
    return date.fromordinal(queries.next_month(month).toordinal() - 1)


def _before(month: date) -> date:
    return date.fromordinal(month.toordinal() - 1).replace(day=1)
