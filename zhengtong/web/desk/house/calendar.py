"""The working calendar of a year, its notices, and loading a new one: first what it would change, then the change."""

import base64
import binascii
import calendar as gregorian
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines.queries import moved_by
from zhengtong.base.journal.queries import entries_at, facts_of
from zhengtong.exchange.calendar_files import NoticeFile, read_notices
from zhengtong.flows.change_calendar import change_calendar
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.festivals import FIRST_YEAR, LAST_YEAR
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.sentences import sentence_html

KEEP = Ability.KEEP_CALENDAR
MOST_COUNTED = 20_000  # open limits a preview computes one by one; beyond, it says how many are touched
PAGE = 50


@desk()
@require_safe
def year(request: ActingRequest) -> HttpResponse:
    """Every officer may look at the calendar their limits run by."""
    today = timezone.localdate()
    chosen = reading.number(request.GET.get("year")) or today.year
    if not FIRST_YEAR <= chosen <= LAST_YEAR:
        raise Http404
    known = calendar.current()
    context = {
        "year": chosen,
        "months": [_month(known, chosen, month, today) for month in range(1, 13)],
        "published": known.is_published(chosen),
        "missing": calendar.missing_years(today, known),
        "working": known.working_days(date(chosen - 1, 12, 31), date(chosen, 12, 31)),
        "before": chosen - 1 if chosen > FIRST_YEAR else 0,
        "after": chosen + 1 if chosen < LAST_YEAR else 0,
        "keeps": request.acting.can(KEEP),
    }
    return render(request, "desk/house/calendar.html", context)


def _month(known: Calendar, chosen: int, month: int, today: date) -> dict[str, Any]:
    weeks = [
        [(known.day(on), on == today) if on.month == month else None for on in week]
        for week in gregorian.Calendar(firstweekday=0).monthdatescalendar(chosen, month)
    ]
    return {"first": date(chosen, month, 1), "weeks": weeks}


@desk()
@require_safe
def notices(request: ActingRequest) -> HttpResponse:
    context = {"notices": calendar.notices(), "keeps": request.acting.can(KEEP)}
    return render(request, "desk/house/calendar_notices.html", context)


@desk()
@require_safe
def notice(request: ActingRequest, year_number: int, revision: int) -> HttpResponse:
    """One revision: its days, and the limits that moved in the moment it was loaded."""
    found = calendar.notice_for(year_number, revision)
    after = reading.number(request.GET.get("after")) or 0
    rows = entries_at(Kind.CASE_DEADLINE_MOVED.value, found.loaded_at, after=after, limit=PAGE + 1)
    moved = [(entry, facts_of(entry)) for entry in rows[:PAGE]]
    context = {
        "notice": found,
        "days": calendar.days_ruled_by(found),
        "moved": [(entry.subject_key, facts, _day(facts.get("was")), _day(facts.get("due"))) for entry, facts in moved],
        "after": rows[PAGE - 1].pk if len(rows) > PAGE else 0,
        "first_page": not after,
    }
    return render(request, "desk/house/calendar_notice.html", context)


def _day(value: Any) -> date | None:
    return reading.day(value) if isinstance(value, str) else None


# --- loading ----------------------------------------------------------------------------------------------------


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def load(request: ActingRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "desk/house/calendar_import.html", {"text": ""})
    name, content = _brought(request)
    text, source = request.POST.get("text", ""), request.POST.get("source", "").strip()
    context: dict[str, Any] = {"text": text, "source": source}
    if not content:
        return _refused(request, context, _("请选择文件，或把放假安排粘贴到文本框里。"))
    try:
        files = read_notices(content, name)
        if request.POST.get("do") == "apply":
            return _apply(request, files, source)
        context |= {
            "previews": [_preview(file) for file in files],
            "content": base64.b64encode(content).decode(),
            "name": name,
            "source": source or files[0].source,
        }
    except Refusal as refusal:
        return _refused(request, context, sentence_html(refusal))
    return render(request, "desk/house/calendar_import.html", context)


def _refused(request: HttpRequest, context: dict[str, Any], sentence: str) -> HttpResponse:
    context["refused"] = sentence
    return render(request, "desk/house/calendar_import.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _brought(request: HttpRequest) -> tuple[str, bytes]:
    """(name, content) of the file, of the pasted text, or of what a preview carried along."""
    if file := request.FILES.get("file"):
        return str(file.name)[:100], file.read()
    if carried := request.POST.get("content"):
        try:
            return request.POST.get("name", "")[:100], base64.b64decode(carried, validate=True)
        except (binascii.Error, ValueError):
            return "", b""
    return _("粘贴的文本"), request.POST.get("text", "").strip().encode()


def _preview(file: NoticeFile) -> dict[str, Any]:
    before = calendar.current()
    after, changed = calendar.foresee(file.year, file.days)
    touched, moved = moved_by(changed, after, most=MOST_COUNTED)
    days = [(on, before.day(on), after.day(on)) for on in changed if before.day(on) != after.day(on)]
    return {
        "year": file.year,
        "newly": not before.is_published(file.year),
        "days": days,
        "named": len(file.days),
        "same": not changed,
        "touched": touched,
        "moved": moved,
        "most": MOST_COUNTED,
    }


def _apply(request: ActingRequest, files: list[NoticeFile], source: str) -> HttpResponse:
    """Each year's notice is one transaction: all of it holds, or none."""
    at = timezone.now()
    moved = 0
    for file in files:
        moved += change_calendar(file.year, file.days, source=source or file.source, by=request.acting, at=at)
    messages.success(request, _("放假安排已载入，%(count)s 个在办期限随之改动。") % {"count": moved})
    latest = next((one for one in calendar.notices() if one.year == files[-1].year and one.current), None)
    if latest is None or latest.loaded_at != at:
        return redirect("desk:calendar_notices")
    return redirect("desk:calendar_notice", latest.year, latest.revision)
