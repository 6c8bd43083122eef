"""来信统计: what came in, how soon it was answered, what was late; by organ, kind, box, category, section; the letters
behind each figure. Tips about persons are in no figure of anybody but the integrity desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.letters import WITHIN
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import name_of
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.shown import rows as rows_shown
from zhengtong.web.frame.sheets import csv_answer, xlsx_answer
from zhengtong.web.watch.board import READ, SEE
from zhengtong.web.watch.periods import KINDS, Period, asked_period, neighbours

MEASURES: dict[str, Promise] = {
    "received": gettext_lazy("收到"),
    "replied": gettext_lazy("已答复"),
    "within_1": gettext_lazy("1 日内"),
    "within_5": gettext_lazy("5 日内"),
    "within_10": gettext_lazy("10 日内"),
    "within_15": gettext_lazy("15 日内"),
    "within_20": gettext_lazy("20 日内"),
    "late": gettext_lazy("超期"),
    "open": gettext_lazy("未答复"),
    "otherwise": gettext_lazy("移交、并件等"),
    "extended": gettext_lazy("延期"),
    "reopened": gettext_lazy("重新办理"),
    "revisited": gettext_lazy("已回访"),
    "satisfied": gettext_lazy("满意"),
    "confirmed": gettext_lazy("投诉属实"),
    "urged": gettext_lazy("被催办"),
}
BASES = {f"within_{days}": "replied" for days in WITHIN} | {"satisfied": "revisited"}
GROUPS: dict[str, Promise] = {
    "organ": gettext_lazy("承办单位"),
    "section": gettext_lazy("科室"),
    "kind": gettext_lazy("来信类别"),
    "mailbox": gettext_lazy("渠道"),
    "category": gettext_lazy("内容分类"),
}
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    period: Period
    group: str
    organ: Any

    @property
    def narrowed(self) -> dict[str, Any]:
        return {"organ_id": self.organ.pk} if self.organ else {}

    def address(self, route: str, *args: str, **more: Any) -> str:
        told = {"group": self.group, "period": "range", "since": self.period.since, "until": self.period.until}
        if self.organ:
            told["organ"] = self.organ.code
        return f"{reverse(route, args=args)}?{urlencode({**told, **more})}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its words, its base (分母), the address of its letters."""

    text: str
    base: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: Any
    cells: list[Cell]


def asked(request: ActingRequest) -> Asked:
    code = reading.key(request, "organ")
    organ = registry.organ_by_code(code) if code else None
    if code and organ is None:
        raise Http404
    group = request.GET.get("group", "")
    return Asked(asked_period(request, timezone.localdate()), group if group in GROUPS else "organ", organ)


@desk(SEE, READ, Ability.KEEP_LETTERS)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    wanted, today = asked(request), timezone.localdate()
    found, total = _counted(request, wanted)
    called = _names(wanted.group, [one["key"] for one in found])
    earlier, later = neighbours(wanted.period, today)
    context = {
        "wanted": wanted,
        "kinds": KINDS.items(),
        "groups": GROUPS.items(),
        "group_label": GROUPS[wanted.group],
        "organs": list(registry.organs()),
        "earlier": earlier,
        "later": later,
        "today": today,
        "tiles": [(MEASURES[name], _cell(name, total, wanted, None)) for name in _TILES],
        "columns": list(MEASURES.values()),
        "lines": [
            Line(called[one["key"]], [_cell(name, one, wanted, one["key"], keyed=True) for name in MEASURES])
            for one in found
        ],
        "total": [_cell(name, total, wanted, None) for name in MEASURES],
        "csv": wanted.address("watch:letters_export", "csv"),
        "xlsx": wanted.address("watch:letters_export", "xlsx"),
    }
    return render(request, "watch/letters.html", context)


FOUND = "found"  # complaints found true in the period, whenever they came in: what scores count
ROWS = MEASURES | {FOUND: gettext_lazy("本期查实的投诉")}
_TILES = ("received", "replied", "within_5", "within_10", "late", "open", "satisfied", "confirmed")


def _counted(request: ActingRequest, wanted: Asked) -> tuple[list[dict[str, Any]], dict[str, int]]:
    period, at = wanted.period, timezone.now()
    found = letters.figures(request.acting, period.since, period.until, group=wanted.group, at=at, **wanted.narrowed)
    found.sort(key=lambda one: (-one["received"], str(one["key"])))
    return found, {name: sum(one[name] for one in found) for name in MEASURES}


def _cell(name: str, one: Mapping[str, Any], wanted: Asked, key: Any, *, keyed: bool = False) -> Cell:
    count, base = one[name], one[BASES[name]] if name in BASES else None
    more = {"key": NOBODY if key is None else key} if keyed else {}
    said = ""
    if base is not None:
        said = (
            _("%(share)s，%(base)s 封中") % {"share": f"{100 * count / base:.1f}%", "base": f"{base:,}"} if base else ""
        )
    return Cell(f"{count:,}", said, wanted.address("watch:letters_rows", measure=name, **more) if count else "")


def _names(group: str, keys: Sequence[Any]) -> dict[Any, Any]:
    """What the groups are called; a group without any is said to be so."""
    missing = {"organ": _("还没有转办"), "section": _("未分科室"), "category": _("未分类")}.get(group, "")
    known: dict[Any, Any] = {None: missing}
    if group == "organ":
        known |= {organ.pk: name_of(organ) for organ in registry.organs()}
    elif group == "section":
        known |= {s.pk: f"{name_of(s.organ)} · {name_of(s)}" for s in registry.sections_of()}
    elif group == "category":
        known |= {one.pk: name_of(one) for one in letters.categories(retired=True)}
    else:
        known |= words.KINDS if group == "kind" else words.MAILBOXES
    return {key: known.get(key, str(key)) for key in keys}


@desk(SEE, READ, Ability.KEEP_LETTERS)
@require_safe
def rows(request: ActingRequest) -> HttpResponse:
    """The letters one figure counts, newest first."""
    wanted, measure = asked(request), request.GET.get("measure", "")
    if measure not in ROWS:
        raise Http404
    found = _behind(request, wanted, measure)
    shown = found[: letters.PAGE]
    context = {
        "wanted": wanted,
        "title": ROWS[measure],
        "rows": rows_shown(shown, timezone.now()),
        "before": letters.mark(shown[-1].received_at, shown[-1].number) if len(found) > letters.PAGE else "",
        "back": wanted.address("watch:letters"),
    }
    return render(request, "watch/letters_rows.html", context)


def _behind(request: ActingRequest, wanted: Asked, measure: str) -> list[letters.Letter]:
    since, until, before = wanted.period.since, wanted.period.until, reading.key(request, "before")
    if measure == FOUND:
        return letters.confirmed_rows(
            request.acting, since, until, before=before, limit=letters.PAGE + 1, **wanted.narrowed
        )
    key = reading.key(request, "key")
    return letters.rows_behind(
        request.acting, measure, since, until, at=timezone.now(), before=before, limit=letters.PAGE + 1,
        group=wanted.group if key else "", key=None if key == NOBODY else key, **wanted.narrowed,
    )  # fmt: skip


@desk(SEE, READ, Ability.KEEP_LETTERS)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    """The table of the page whole, with the base of every share."""
    if form not in ("csv", "xlsx"):
        raise Http404
    wanted = asked(request)
    found, total = _counted(request, wanted)
    called = _names(wanted.group, [one["key"] for one in found])
    heading = [str(GROUPS[wanted.group]), *(str(label) for label in MEASURES.values())]
    table = [heading]
    table += [[str(called[one["key"]]), *(str(one[name]) for name in MEASURES)] for one in found]
    table.append([_("合计"), *(str(total[name]) for name in MEASURES)])
    name = f"letters-{wanted.group}-{wanted.period.since:%Y%m%d}-{wanted.period.until:%Y%m%d}"
    return xlsx_answer(table, name) if form == "xlsx" else csv_answer(table, name)
