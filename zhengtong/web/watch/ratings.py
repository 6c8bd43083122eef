"""好差评: how services were rated, live, by day and month; by organ, section, person, window, item, hall, platform, channel.

Who reads every organ sees them at once, by the day; everybody else month by month, when a month is published. No page
shows whose service it was, and among too few nobody's level is told apart: neither in a table nor in the rows behind it.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.domains.ratings import queries
from zhengtong.domains.ratings.labels import Label, labels
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.ratings_figures import Counts, Rate
from zhengtong.rules.ratings_publication import may_detail, told_apart
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import charts
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.rating_words import CHANNELS, LEVELS, PLATFORMS
from zhengtong.web.frame.sheets import csv_answer, xlsx_answer
from zhengtong.web.watch.periods import KINDS as PERIODS
from zhengtong.web.watch.periods import Period, asked_period, neighbours
from zhengtong.web.watch.reads import READ, SEE, own_organs

GROUPS: dict[str, tuple[str, Promise]] = {
    "organ": ("organ_id", gettext_lazy("部门")),
    "section": ("section_id", gettext_lazy("科室")),
    "person": ("officer_id", gettext_lazy("人员")),
    "window": ("window_id", pgettext_lazy("place", "窗口")),
    "item": ("item_id", gettext_lazy("事项")),
    "hall": ("hall_code", gettext_lazy("大厅")),
    "platform": ("platform", gettext_lazy("平台")),
    "channel": ("channel", gettext_lazy("渠道")),
}
WORDS: dict[str, Mapping[str, Promise | str]] = {"platform": PLATFORMS, "channel": CHANNELS}
RATES: dict[str, tuple[Promise, str]] = {
    "active": (gettext_lazy("主动评价率"), "rated"),
    "satisfaction": (gettext_lazy("满意率"), "good"),
    "strict": (gettext_lazy("满意率（四星及以上）"), "strict"),
    "bad": (gettext_lazy("差评率"), "bad"),
}
MEASURES: dict[str, Promise | str] = {
    "nodes": gettext_lazy("可以评价的服务"),
    "rated": gettext_lazy("收到的评价"),
    "good": gettext_lazy("基本满意及以上"),
    "strict": gettext_lazy("满意及以上"),
    "bad": gettext_lazy("差评"),
    "defaulted": gettext_lazy("到期未评"),
    "excluded": gettext_lazy("经复核不计"),
    **{f"level_{level}": word for level, word in LEVELS.items()},
}
DRAWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about; `organ_ids` and the last day never reach beyond what the person reads.

    `least`: below so many ratings a group's levels are not told apart (保护评价人信息).
    """

    period: Period
    group: str
    organ: Any
    organ_ids: list[int] | None
    latest: date
    least: int


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    base: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: Label | None
    label: Any
    cells: list[Cell]


def asked(request: ActingRequest, given: Period | None = None) -> Asked:
    """`given`: the days of a figure whose rows are asked for, in place of the period of a page."""
    mine = own_organs(request.acting)
    today = timezone.localdate()
    live = request.acting.can(SEE)
    latest = today if live else month_end(queries.published_month(today))
    code = reading.key(request, "organ")
    organ = registry.organ_by_code(code) if code else None
    if code and (organ is None or (mine is not None and organ.pk not in mine)):
        raise Http404
    group = request.GET.get("group", "")
    period = asked_period(request, latest) if given is None else replace(given, until=min(given.until, latest))
    # By the day, or as one stretch less another, who knows the services would know the ratings.
    if not live and period.since <= latest:
        period = Period("month", period.until.replace(day=1), month_end(period.until))
    return Asked(
        period=period,
        group=group if group in GROUPS else "item" if organ else "organ",
        organ=organ,
        organ_ids=[organ.pk] if organ else None if mine is None else sorted(mine),
        latest=latest,
        least=queries.least(today),
    )


def month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


@never_cache
@desk(SEE, READ)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    wanted = asked(request)
    found = _found(wanted)
    total = _total(wanted, found)
    earlier, later = neighbours(wanted.period, wanted.latest)
    lines = _lines(wanted, found, total)
    mine = own_organs(request.acting)
    live = request.acting.can(SEE)
    context = {
        "wanted": wanted,
        "kinds": [(kind, label) for kind, label in PERIODS.items() if live or kind == "month"],
        "groups": [(name, label) for name, (_by, label) in GROUPS.items()],
        "group_label": GROUPS[wanted.group][1],
        "organs": [one for one in registry.organs() if mine is None or one.pk in mine],
        "earlier": earlier,
        "later": later,
        "delayed": not live,
        "moderates": request.acting.can(Ability.KEEP_HALL),
        "columns": _columns(wanted.group),
        "lines": lines,
        "total": Line(
            None, _("合计"), _cells(wanted, total, total, "", weight=0, told=may_detail(total, wanted.least))
        ),
        "tiles": _tiles(wanted, total),
        "drawn": _bars(wanted, found),
        "counted": bool(total.nodes),
        "weight": queries.weight(wanted.latest),
    }
    return render(request, "watch/ratings.html", context)


def _tiles(wanted: Asked, total: Counts) -> list[tuple[Promise, Cell]]:
    told = may_detail(total, wanted.least)
    return [
        (label, _rate(wanted, total, name, "") if told or name == "active" else Cell("—"))
        for name, (label, _measure) in _rates(wanted.group).items()
    ]


def _found(wanted: Asked) -> dict[str, Counts]:
    period = wanted.period
    by = (GROUPS[wanted.group][0],)
    found = queries.figures(period.since, period.until, by=by, organ_ids=wanted.organ_ids)
    return {key: counts for (key,), counts in found.items()}


def _total(wanted: Asked, found: dict[str, Counts]) -> Counts:
    """A channel counts only what was rated: its base is taken from the whole."""
    if wanted.group != "channel":
        return sum(found.values(), Counts())
    whole = queries.figures(wanted.period.since, wanted.period.until, by=(), organ_ids=wanted.organ_ids)
    return whole.get((), Counts())


def _rates(group: str) -> dict[str, tuple[Promise, str]]:
    """A channel has no services of its own that nobody rated."""
    return {name: told for name, told in RATES.items() if not (group == "channel" and name == "active")}


def _columns(group: str) -> list[Promise | str]:
    counts: list[Promise | str] = [] if group == "channel" else [MEASURES["nodes"]]
    rest = [] if group == "channel" else [MEASURES["defaulted"]]
    return [
        *counts, MEASURES["rated"], *LEVELS.values(), *(label for label, _m in _rates(group).values()),
        gettext_lazy("得分"), *rest, MEASURES["excluded"],
    ]  # fmt: skip


def _lines(wanted: Asked, found: dict[str, Counts], total: Counts) -> list[Line]:
    called = labels(wanted.group, list(found))
    weight = queries.weight(wanted.latest)
    shown = told_apart(found, wanted.least)
    ranked = sorted(found.items(), key=lambda one: (-one[1].rated, -one[1].nodes, one[0]))
    return [
        Line(
            called.get(key),
            _label(wanted.group, key),
            _cells(wanted, counts, total, key, weight=weight, told=key in shown),
        )
        for key, counts in ranked
        if counts.nodes
    ]


def _label(group: str, key: str) -> str | Promise:
    return WORDS.get(group, {}).get(key, "") or _("未登记")


def _cells(wanted: Asked, counts: Counts, total: Counts, key: str, *, weight: int, told: bool) -> list[Cell]:
    """`told`: whether the levels of this line are told apart."""
    of_channel = wanted.group == "channel"
    cells = [] if of_channel else [_count(wanted, counts.nodes, "nodes", key)]
    cells.append(_count(wanted, counts.rated, "rated", key))
    if not told:
        hidden = Cell("—")
        cells += [hidden] * len(LEVELS)
        cells += [_rate(wanted, counts, n, key) if n == "active" else hidden for n in _rates(wanted.group)]
        rest = [] if of_channel else [_count(wanted, counts.defaulted, "defaulted", key)]
        return [*cells, hidden, *rest, hidden]
    cells += [_count(wanted, number, f"level_{level}", key) for level, number in enumerate(counts.levels, start=1)]
    cells += [_rate(wanted, counts, name, key) for name in _rates(wanted.group)]
    score = counts.score(total, weight) if weight else counts.plain_score
    cells.append(Cell("—" if score is None else f"{float(score):.1f}", ""))
    if not of_channel:
        cells.append(_count(wanted, counts.defaulted, "defaulted", key))
    cells.append(_count(wanted, counts.excluded, "excluded", key))
    return cells


def _count(wanted: Asked, number: int, measure: str, key: str) -> Cell:
    return Cell(f"{number:,}", "", _rows_url(wanted, measure, key) if number else "")


def _rate(wanted: Asked, counts: Counts, name: str, key: str) -> Cell:
    rate: Rate = getattr(counts, name)
    return Cell(share(rate), base_words(rate), _rows_url(wanted, RATES[name][1], key) if rate.base else "")


def share(rate: Rate) -> str:
    return f"{100 * rate.numerator / rate.base:.1f}%" if rate.base else "—"


def base_words(rate: Rate) -> str:
    return f"{rate.numerator:,} / {rate.base:,}" if rate.base else ""


def _rows_url(wanted: Asked, measure: str, key: str) -> str:
    query: dict[str, Any] = {"measure": measure, "since": wanted.period.since, "until": wanted.period.until}
    if wanted.organ:
        query["organ"] = wanted.organ.code
    if key:
        query |= {"group": wanted.group, "key": key}
    return f"{reverse('watch:rating_rows')}?{urlencode(query)}"


def _bars(wanted: Asked, found: dict[str, Counts]) -> Any:
    """Three parts, so that the red one is what was bad."""
    shown = told_apart(found, wanted.least)
    ranked = sorted(((k, c) for k, c in found.items() if k in shown), key=lambda one: -one[1].rated)[:DRAWN]
    called = labels(wanted.group, [key for key, _counts in ranked])
    rows = [
        (
            _drawn(called.get(key), _label(wanted.group, key)),
            [counts.strict.numerator, counts.bad.numerator, counts.levels[2]],
        )
        for key, counts in ranked
        if counts.rated
    ]
    parts = [MEASURES["strict"], MEASURES["bad"], LEVELS[3]]
    return charts.stacked(rows, parts, title=_("各级评价"), key="levels")


def _drawn(name: Label | None, label: str | Promise) -> str | Promise:
    if name is None:
        return label
    own = name.name_en if in_english() and name.name_en else name.name
    return f"{name.within} {own}" if name.within and not name.name_en and own.isdecimal() else own


@never_cache
@desk(SEE, READ)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    """The table of the page whole, with the two numbers of every rate."""
    if form not in ("csv", "xlsx"):
        raise Http404
    wanted = asked(request)
    name = f"ratings-{wanted.group}-{wanted.period.since:%Y%m%d}-{wanted.period.until:%Y%m%d}"
    return (csv_answer if form == "csv" else xlsx_answer)(_table(wanted), name)


def _table(wanted: Asked) -> list[list[Any]]:
    found = _found(wanted)
    total = _total(wanted, found)
    called = labels(wanted.group, list(found))
    weight = queries.weight(wanted.latest)
    shown = told_apart(found, wanted.least)
    rates = [word for label, _measure in RATES.values() for word in (str(label), _("%(rate)s的分母") % {"rate": label})]
    head = [
        str(GROUPS[wanted.group][1]), _("所属"), str(MEASURES["nodes"]), str(MEASURES["rated"]),
        *map(str, LEVELS.values()), *rates, _("得分"), str(MEASURES["defaulted"]), str(MEASURES["excluded"]),
    ]  # fmt: skip
    lines = [head]
    for key, counts in sorted(found.items(), key=lambda one: (-one[1].rated, one[0])):
        name = called.get(key)
        own = [name.name, name.within] if name else [str(_label(wanted.group, key)), ""]
        lines.append([*own, *_numbers(counts, counts.score(total, weight), told=key in shown)])
    return [*lines, [_("合计"), "", *_numbers(total, total.plain_score, told=may_detail(total, wanted.least))]]


def _numbers(counts: Counts, score: Any, *, told: bool) -> list[Any]:
    """Empty where too few would be told apart."""
    rates: list[Any] = []
    if not told:
        share_ = counts.active.share
        hidden = [""] * (2 * len(RATES) - 2)
        rates = [f"{float(share_):.4f}" if share_ is not None else "", counts.active.base, *hidden]
        return [counts.nodes, counts.rated, *[""] * len(LEVELS), *rates, "", counts.defaulted, ""]
    for name in RATES:
        rate: Rate = getattr(counts, name)
        rates += [f"{float(rate.share):.4f}" if rate.share is not None else "", rate.base]
    scored = "" if score is None else f"{float(score):.2f}"
    return [counts.nodes, counts.rated, *counts.levels, *rates, scored, counts.defaulted, counts.excluded]
