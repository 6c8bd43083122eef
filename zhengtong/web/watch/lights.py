"""The lights of every organ, and the cases behind each figure. Read only; nothing here changes a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import queries as deadlines
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.masking import mask_name
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.lamps import SOON_DAYS, Lamp, lamp, soon_on
from zhengtong.web.watch.reads import READ, SEE, own_organs
from zhengtong.web.watch.words import LIGHTS

KEPT_SECONDS = 30  # counting a million open limits takes about a second; nobody's decision hangs on thirty
KEY = "zhengtong.watch.board"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    organ: Any
    lights: deadlines.OrganLights


def counted() -> tuple[datetime, list[deadlines.OrganLights]]:
    """(when, figures of every organ), not older than KEPT_SECONDS."""
    kept: tuple[datetime, list[deadlines.OrganLights]] | None = cache.get(KEY)
    if kept is None:
        at = timezone.now()
        kept = (at, deadlines.lights_by_organ(at=at, soon_until=soon_on(at, calendar.current())))
        cache.set(KEY, kept, KEPT_SECONDS)
    return kept


@desk(SEE, READ)
@require_safe
def table(request: ActingRequest) -> HttpResponse:
    at, figures = counted()
    mine = own_organs(request.acting)
    organs = {organ.pk: organ for organ in registry.organs()}
    rows = [
        Row(organs[one.organ_id], one)
        for one in figures
        if one.organ_id in organs and one.open and (mine is None or one.organ_id in mine)
    ]
    rows.sort(key=lambda row: (-row.lights.over_legal, -row.lights.late, -row.lights.soon, row.organ.name))
    total = {name: sum(getattr(row.lights, name) for row in rows) for name in ("open", *deadlines.LIGHTS)}
    context = {
        "rows": rows,
        "total": total,
        "counted_at": at,
        "kept_seconds": KEPT_SECONDS,
        "soon_days": SOON_DAYS,
        "quiet": len(organs) - len(rows) if mine is None else 0,
        "missing": calendar.missing_years(timezone.localdate()),
    }
    return render(request, "watch/lights.html", context)


@dataclass(frozen=True, slots=True)
class LimitRow:
    case: Any
    limit: Any
    lamp: Lamp
    applicant: str


@desk(SEE, READ)
@require_safe
def limits(request: ActingRequest) -> HttpResponse:
    """The cases behind one figure, most urgent first."""
    light = request.GET.get("light", "late")
    if light not in LIGHTS:
        raise Http404
    mine = own_organs(request.acting)
    code = reading.key(request, "organ")
    organ = registry.organ_by_code(code) if code else None
    if request.GET.get("organ") and (organ is None or (mine is not None and organ.pk not in mine)):
        raise Http404
    at, known = timezone.now(), calendar.current()
    found, after = deadlines.running_limits(
        light,
        organ_ids=[organ.pk] if organ else None if mine is None else sorted(mine),
        at=at,
        soon_until=soon_on(at, known),
        after=reading.key(request, "after"),
        limit=PAGE,
    )
    numbers = [row.subject_key for row in found if row.subject_kind == "case"]
    by_number = cases.cases_by_numbers(numbers)
    open_limits = deadlines.open_deadlines("case", numbers)
    rows = []
    for row in found:
        case = by_number.get(row.subject_key)
        if case is not None:
            applicant = case.applicant_name if case.enterprise_id else mask_name(case.applicant_name)
            rows.append(LimitRow(case, row, lamp(case, open_limits.get(case.number, {}), at, known), applicant))
    context = {
        "rows": rows,
        "light": light,
        "lights": [(name, words) for name, words in LIGHTS.items()],
        "organ": organ,
        "after": after,
        "at": at,
    }
    return render(request, "watch/limits.html", context)
