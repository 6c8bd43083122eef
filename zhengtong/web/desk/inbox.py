"""我的待办、待领、征求意见: the lists an officer lives in. Most urgent first, filters in the URL, acts without leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhengtong.base import calendar
from zhengtong.base.deadlines.queries import open_deadlines
from zhengtong.domains.cases import queries as cases
from zhengtong.flows import handle
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.procedure import Stage
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.desk import words
from zhengtong.web.desk.card_marks import Mark, card_marks
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.lamps import Lamp, lamp, soon_on
from zhengtong.web.desk.rail import AT_CASES, capped
from zhengtong.web.frame.sentences import sentence, sentence_html
from zhengtong.web.frame.whole import whole

LAMPS = ("late", "soon", "ok", "wait")


@dataclass(frozen=True, slots=True)
class Row:
    case: cases.Case
    lamp: Lamp
    stage: object
    instead: bool  # held for an absent colleague (AB岗)
    works: bool  # False: nothing to do but look (paused, waiting)
    card: Mark | None = None  # the highest card supervision has issued about it


def rows(found: Sequence[cases.Case], request: ActingRequest, at: datetime, days: Calendar | None = None) -> list[Row]:
    """Lamps and cards of a whole page; one query for each."""
    limits = open_deadlines("case", [case.number for case in found]) if found else {}
    marks = card_marks([case.number for case in found])
    days = days or calendar.current()
    drawn = [(case, lamp(case, limits.get(case.number, {}), at, days)) for case in found]
    return [
        Row(
            case,
            shown,
            words.word(words.STAGES, case.suspended_stage or case.stage),
            case.holder_id != request.acting.id and case.holder_id in request.acting.principals(),
            shown.css != "wait",
            marks.get(case.number),
        )
        for case, shown in drawn
    ]


@require_GET
@desk()
def inbox(request: ActingRequest) -> HttpResponse:
    at = timezone.now()
    days = calendar.current()
    soon = soon_on(at, days)
    chosen = _one_of(request, "lamp", LAMPS)
    stage = _one_of(request, "stage", tuple(Stage))
    page = cases.inbox(
        request.acting, after=request.GET.get("after", ""), stage=stage, lamp=chosen, at=at, soon_on=soon
    )
    counts = cases.inbox_counts(request.acting, at=at, soon_on=soon)
    context = {
        "rows": rows(page.cases, request, at, days),
        "after": page.after,
        "lamps": [(name, _lamp_words(name, counts[name]), name == chosen) for name in LAMPS if counts[name]],
        "filtered": bool(chosen or stage),
        "stages": words.STAGES.items(),
        "stage": stage,
        "pooled": capped(counts["pool"], cases.COUNT_CAP) if counts["pool"] else "",
        "tab": "inbox",
    }
    return render(request, "desk/inbox.html", context)


def _one_of(request: HttpRequest, name: str, allowed: Sequence[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in allowed else ""


def _lamp_words(name: str, count: int) -> str:
    said = {"late": _("超期 %s"), "soon": _("3 日内到期 %s"), "ok": _("在限 %s"), "wait": _("暂停 %s")}
    return said[name] % capped(count, cases.COUNT_CAP)


@require_GET
@desk(*AT_CASES)
def pool(request: ActingRequest) -> HttpResponse:
    page = cases.pool(request.acting, after=request.GET.get("after", ""))
    context = {
        "rows": rows(page.cases, request, timezone.now()),
        "after": page.after,
        "takes": any(case.stage != Stage.FINISH for case in page.cases),
        "tab": "pool",
    }
    return render(request, "desk/pool.html", context)


@require_POST
@desk(*AT_CASES)
def take(request: ActingRequest) -> HttpResponse:
    """One case or several; each is an act of its own, and one refused does not hold up the others."""
    taken, last = 0, ""
    for chosen in request.POST.getlist("case")[: cases.PAGE]:
        number, _sep, seen = chosen.partition(":")
        try:
            case = handle.take(number, seen=whole(seen), by=request.acting, at=timezone.now())
        except Refusal as refusal:
            messages.error(request, f"{number} {sentence(refusal)}")
        else:
            taken, last = taken + 1, case.number
    if taken:
        messages.success(
            request,
            ngettext("已领取 %(n)d 件，在“我的待办”里。", "已领取 %(n)d 件，在“我的待办”里。", taken) % {"n": taken},
        )
    if taken == 1 and request.POST.get("open"):
        return redirect("desk:case", number=last)
    return redirect("desk:pool")


@require_GET
@desk()  # any section may be asked, 法规科 as well
def consultations(request: ActingRequest) -> HttpResponse:
    return _consultations(request)


def _consultations(request: ActingRequest, **refused: Any) -> HttpResponse:
    asked = cases.open_consultations(request.acting)
    today = timezone.localdate()
    context = {"asked": asked, "today": today, "tab": "consultations", **refused}
    return render(request, "desk/consultations.html", context, status=422 if refused else 200)


@require_POST
@desk()  # any section may be asked, 法规科 as well
def answer(request: ActingRequest, consultation_id: int) -> HttpResponse:
    text, agrees = request.POST.get("text", ""), request.POST.get("agrees", "")
    if agrees not in ("yes", "no"):
        error: object = _("请先选择“同意”或“不同意”。")
    else:
        try:
            handle.answer(consultation_id, agrees=agrees == "yes", text=text, by=request.acting, at=timezone.now())
        except Refusal as refusal:
            if refusal.code is RefusalCode.NOT_FOUND:
                raise
            error = sentence_html(refusal)
        else:
            messages.success(request, _("意见已答复，承办人会看到。"))
            return redirect(reverse("desk:consultations"))
    return _consultations(request, refused_id=consultation_id, error=error, text=text, agrees=agrees)
