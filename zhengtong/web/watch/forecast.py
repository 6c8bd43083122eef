"""预测: which open cases will probably be late, and how often such forecasts came true. Read only; it issues nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.domains.forecast import queries
from zhengtong.domains.forecast.queries import CaseOutlook
from zhengtong.domains.insight import queries as insight
from zhengtong.domains.insight.queries import Choice
from zhengtong.rules.forecast_check import INTERVAL, LEAST_ENDED
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.charts import lines
from zhengtong.web.watch.board import READ, SEE, own_organs

KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Scope:
    """What the address asks for, within what this person reads. `organ_ids` None: everybody's."""

    item: Choice | None
    organ: Choice | None
    items: list[Choice]
    organs: list[Choice]
    organ_ids: frozenset[int] | None


def scope_of(request: ActingRequest) -> Scope:
    """A code that names nothing of what this person reads is no page."""
    mine = own_organs(request.acting)
    within = None if mine is None else frozenset(mine)
    organs, items = _choices(within)
    item, organ = _one(request, "item", items), _one(request, "organ", organs)
    return Scope(item, organ, items, organs, frozenset({organ.pk}) if organ else within)


def _choices(mine: frozenset[int] | None) -> tuple[list[Choice], list[Choice]]:
    """(organs, items) with cases; counting a million takes a moment, and the lists change slowly."""
    key = f"zhengtong.watch.forecast.{'all' if mine is None else '-'.join(map(str, sorted(mine)))}"
    kept: tuple[list[Choice], list[Choice]] | None = cache.get(key)
    if kept is None:
        kept = (insight.organs_with_cases(mine), insight.items_with_cases(mine))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _one(request: ActingRequest, parameter: str, choices: list[Choice]) -> Choice | None:
    code = reading.key(request, parameter)
    found = next((one for one in choices if one.code == code), None)
    if code and found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Row:
    case: Any
    out: CaseOutlook
    percent: int


@desk(SEE, READ)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    """Sorted by last night's forecast; each row shown as it stands now."""
    scope, at = scope_of(request), timezone.now()
    over = request.GET.get("over") == "1"
    item_id = scope.item.pk if scope.item else None
    found = queries.likely_late(
        organ_ids=scope.organ_ids, item_id=item_id, over=over, after=reading.key(request, "after")
    )
    looked = queries.forecasts([row.case.number for row in found.rows], at=at)
    rows = [
        Row(row.case, looked[row.case.number], round(looked[row.case.number].chance * 100))
        for row in found.rows
        if row.case.number in looked
    ]
    house = queries.fit_of("house")
    fifth = house.calibration["around_fifth"] if house and house.calibration else None
    totals = queries.totals(organ_ids=scope.organ_ids, item_id=item_id)
    context = {
        "scope": scope,
        "rows": rows,
        "after": found.after,
        "over": over,
        "totals": totals,
        "inside": totals.cases - totals.over,
        "fit": house,
        "fifth": fifth,
        "fifth_share": fifth["late"] / fifth["count"] * 100 if fifth else 0,
        "at": at,
    }
    return render(request, "watch/forecast.html", context)


@dataclass(frozen=True, slots=True)
class BandShown:
    words: str
    count: int
    forecast: float
    late: int
    observed: float
    least: float
    most: float


@desk(SEE, READ)
@require_safe
def accuracy(request: ActingRequest) -> HttpResponse:
    """How past forecasts came out: of the house, or of one organ or item."""
    mine = own_organs(request.acting)
    judged = queries.judged(mine)
    code = reading.key(request, "of")
    chosen = next((one for one in judged if f"{one.scope}-{one.code}" == code), None)
    if code and chosen is None:
        raise Http404
    fit = queries.fit_of(chosen.scope, chosen.pk) if chosen else queries.fit_of("house")
    found = fit.calibration if fit else None
    bands = [_band(one) for one in found["bands"]] if found else []
    context = {
        "judged": judged,
        "chosen": chosen,
        "code": code,
        "fit": fit,
        "found": found,
        "bands": bands,
        "fifth": _band(found["around_fifth"]) if found and found["around_fifth"] else None,
        "observed": found["late"] / found["forecasts"] * 100 if found else 0,
        "mean": found["mean"] * 100 if found else 0,
        "skill": (1 - found["brier"] / found["brier_base"]) * 100 if found and found["brier_base"] else None,
        "covered": found["covered"] / found["intervals"] * 100 if found and found["intervals"] else None,
        "first": _moment(found, "first"),
        "last": _moment(found, "last"),
        "chart": _chart(bands),
        "interval": round(INTERVAL * 100),
        "least_ended": LEAST_ENDED,
    }
    return render(request, "watch/forecast_accuracy.html", context)


def _band(told: dict[str, Any]) -> BandShown:
    return BandShown(
        words=f"{told['low'] * 100:.0f}%–{told['high'] * 100:.0f}%",
        count=told["count"],
        forecast=told["forecast"] * 100,
        late=told["late"],
        observed=told["late"] / told["count"] * 100,
        least=told["least"] * 100,
        most=told["most"] * 100,
    )


def _moment(found: dict[str, Any] | None, name: str) -> datetime | date | None:
    return parse_datetime(found[name]) if found else None


def _chart(bands: list[BandShown]) -> SafeString:
    return lines(
        [
            (_("预测的比例"), [round(one.forecast, 1) for one in bands]),
            (_("实际超期的比例"), [round(one.observed, 1) for one in bands]),
        ],
        [one.words for one in bands],
        title=_("预测与实际"),
        desc=_("两条线越近，预测越准。各点的件数见旁边的表。"),
        unit="%",
        most=100,
    )
