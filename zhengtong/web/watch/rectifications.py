"""差评整改 in figures: how many were mended, in time, called back; every rate with its base, every figure with its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.queries import Figures
from zhengtong.domains.statistics.names import Name, names
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.rectifications.lists import shown
from zhengtong.web.frame.sheets import Table, csv_answer, xlsx_answer
from zhengtong.web.watch.board import READ, SEE
from zhengtong.web.watch.periods import KINDS, Period, asked_period, neighbours

GROUPS: dict[str, Promise] = {
    "organ": gettext_lazy("部门"),
    "section": gettext_lazy("科室"),
    "month": gettext_lazy("月份"),
}
# (label, what it counts, of what): without a base it is a plain number.
COLUMNS: tuple[tuple[Promise, str, str], ...] = (
    (gettext_lazy("收到差评"), "opened", ""),
    (gettext_lazy("差评整改率"), "mended", "due"),
    (gettext_lazy("按期整改率"), "in_time", "due"),
    (gettext_lazy("实名差评回访率"), "revisited", "named"),
    (gettext_lazy("回访满意率"), "satisfied", "revisited"),
    (gettext_lazy("认定误评、不实"), "set_aside", "closed"),
    (gettext_lazy("重新办理"), "reopened", "opened"),
)
PARTS: dict[str, Promise] = {
    "opened": gettext_lazy("收到差评"),
    "due": gettext_lazy("属实、整改期限已到"),
    "mended": gettext_lazy("其中已整改"),
    "in_time": gettext_lazy("其中按期整改"),
    "late": gettext_lazy("其中逾期整改或仍未整改"),
    "closed": gettext_lazy("差评办结"),
    "named": gettext_lazy("实名差评办结"),
    "revisited": gettext_lazy("其中已回访"),
    "satisfied": gettext_lazy("其中回访满意"),
    "set_aside": gettext_lazy("认定误评、不实"),
    "reopened": gettext_lazy("重新办理"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str = ""
    base: str = ""
    base_url: str = ""
    short: bool = False  # below the target of 100 %


@dataclass(frozen=True, slots=True)
class Line:
    name: Name | None
    month: date | None
    cells: list[Cell]


def _group(request: ActingRequest) -> str:
    group = request.GET.get("group", "")
    return group if group in GROUPS else "organ"


def _figures(request: ActingRequest, group: str, period: Period) -> tuple[dict[Any, Figures], dict[Any, Name], Figures]:
    by = request.acting
    found = queries.figures(by, period.since, period.until, group=group)
    whole = queries.figures(by, period.since, period.until).get(None, Figures())
    called = names(queries.GROUPS[group], list(found)) if group != "month" else {}
    return found, called, whole


@desk(SEE, READ)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    group, today = _group(request), timezone.localdate()
    period = asked_period(request, today)
    found, called, whole = _figures(request, group, period)
    ordered = sorted(found.items(), key=lambda one: (-one[1].opened, -one[1].due, str(one[0])))
    if group == "month":
        ordered.sort(key=lambda one: str(one[0]), reverse=True)
    earlier, later = neighbours(period, today)
    context = {
        "period": period,
        "kinds": KINDS.items(),
        "group": group,
        "groups": GROUPS.items(),
        "group_label": GROUPS[group],
        "columns": [(label, of) for label, _what, of in COLUMNS],
        "tiles": list(zip([label for label, _what, _of in COLUMNS], _cells(whole, period, {}), strict=True)),
        "lines": [
            Line(called.get(key), key if group == "month" else None, _cells(one, *_scope(group, key, period)))
            for key, one in ordered
        ],
        "total": _cells(whole, period, {}),
        "counted": bool(found),
        "earlier": earlier,
        "later": later,
        "today": today,
    }
    return render(request, "watch/rectifications.html", context)


def _scope(group: str, key: Any, period: Period) -> tuple[Period, dict[str, Any]]:
    """The rows of a line: of its organ or section in the period, or of its month as far as the period reaches."""
    if group == "month" and key is not None:
        after = date(key.year + key.month // 12, key.month % 12 + 1, 1)
        last = date.fromordinal(after.toordinal() - 1)
        return Period("range", max(key, period.since), min(last, period.until)), {}
    return period, {group: key if key is not None else 0}


def _cells(one: Figures, period: Period, scope: dict[str, Any]) -> list[Cell]:
    cells = []
    for _label, what, of in COLUMNS:
        count = getattr(one, what)
        if not of:
            cells.append(Cell(str(count), _rows(what, period, scope) if count else ""))
            continue
        base = getattr(one, of)
        text = f"{count / base:.1%}" if base else "—"
        cells.append(
            Cell(
                text, _rows(what, period, scope) if count else "", f"{count}/{base}" if base else "",
                _rows(of, period, scope) if base else "", short=what == "revisited" and count < base,
            )
        )  # fmt: skip
    return cells


def _rows(part: str, period: Period, scope: dict[str, Any]) -> str:
    asked = {"part": part, "since": period.since, "until": period.until, **scope}
    return f"{reverse('watch:rectification_rows')}?{urlencode(asked)}"


@desk(SEE, READ)
@require_safe
def rows(request: ActingRequest) -> HttpResponse:
    """What a figure counts, newest first."""
    get, today = request.GET, timezone.localdate()
    part = get.get("part", "")
    since, until = reading.day(get.get("since")), reading.day(get.get("until"))
    if part not in PARTS or since is None or until is None:
        raise Http404
    found = queries.figure_rows(
        request.acting, part, since, min(until, today), organ_id=reading.number(get.get("organ")),
        section_id=reading.number(get.get("section")), before=reading.number(get.get("before")),
        limit=queries.PAGE + 1,
    )  # fmt: skip
    listed = found[: queries.PAGE]
    context = {
        "part": PARTS[part],
        "since": since,
        "until": until,
        "rows": shown(listed, timezone.now()),
        "before": listed[-1].pk if len(found) > queries.PAGE else "",
    }
    return render(request, "watch/rectification_rows.html", context)


@desk(SEE, READ)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    """The table of the page: every count and every base in its own column."""
    if form not in ("csv", "xlsx"):
        raise Http404
    group, period = _group(request), asked_period(request, timezone.localdate())
    name = f"bad-ratings-{period.since:%Y%m%d}-{period.until:%Y%m%d}"
    table = _table(request, group, period)
    return csv_answer(table, name) if form == "csv" else xlsx_answer(table, name)


def _table(request: ActingRequest, group: str, period: Period) -> Table:
    found, called, whole = _figures(request, group, period)
    return _lines(found, called, whole, group)


def _lines(found: dict[Any, Figures], called: dict[Any, Name], whole: Figures, group: str) -> Iterator[list[Any]]:
    yield [str(GROUPS[group]), _("所属部门"), *(str(label) for label in PARTS.values())]
    for key, one in sorted(found.items(), key=lambda pair: str(pair[0])):
        name = called.get(key)
        said = [name.name, name.within] if name else [f"{key:%Y-%m}" if isinstance(key, date) else "", ""]
        yield [*said, *(getattr(one, part) for part in PARTS)]
    yield [_("合计"), "", *(getattr(whole, part) for part in PARTS)]
