"""The working calendar of a year, its notices, and loading a new one: first what it would change, then the change."""

import base64
import binascii
import calendar as gregorian
from collections.abc import Iterator
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines.queries import moved_by
from zhengtong.base.journal.queries import entries_at, facts_of
from zhengtong.exchange.calendar_files import NoticeFile, read_notices
from zhengtong.flows.change_calendar import change_calendar, change_calendar_step_by_step
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.festivals import FIRST_YEAR, LAST_YEAR
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.sentences import sentence_html

KEEP = Ability.KEEP_CALENDAR
MOST_SILENT = 500  # open limits recomputed before the answer comes; beyond, the answer shows how far it is
GROWS_HERE = "<!-- grows here -->"
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
def load(request: ActingRequest) -> HttpResponseBase:
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


def _apply(request: ActingRequest, files: list[NoticeFile], source: str) -> HttpResponseBase:
    """Each year's notice is one transaction: all of it holds, or none."""
    at = timezone.now()
    touched = sum(_touched(file) for file in files)
    if touched > MOST_SILENT:
        return _shown_while_it_runs(request, files, source, at, touched)
    moved = 0
    for file in files:
        moved += change_calendar(file.year, file.days, source=source or file.source, by=request.acting, at=at)
    messages.success(request, _("放假安排已载入，%(count)s 个在办期限随之改动。") % {"count": moved})
    return redirect(_result_url(files[-1].year, at))


def _touched(file: NoticeFile) -> int:
    after, changed = calendar.foresee(file.year, file.days)
    return moved_by(changed, after, most=MOST_SILENT)[0]


def _result_url(year_number: int, at: datetime) -> str:
    """The page of the revision just loaded; the list, where the notice said what was known already."""
    latest = next((one for one in calendar.notices() if one.year == year_number and one.current), None)
    if latest is None or latest.loaded_at != at:
        return reverse("desk:calendar_notices")
    return reverse("desk:calendar_notice", args=[latest.year, latest.revision])


def _shown_while_it_runs(
    request: ActingRequest, files: list[NoticeFile], source: str, at: datetime, touched: int
) -> StreamingHttpResponse:
    """A page that grows while limits are recomputed. Closing it half-way undoes the notice being loaded."""
    page = render(request, "desk/house/calendar_progress.html", {"touched": touched, "most": MOST_SILENT})
    head, _mark, tail = page.content.decode().partition(GROWS_HERE)
    words = get_language()

    def grow() -> Iterator[str]:
        yield head
        # The language of a request is put back before its answer is streamed.
        with translation.override(words):
            try:
                for file in files:
                    steps = change_calendar_step_by_step(
                        file.year, file.days, source=source or file.source, by=request.acting, at=at
                    )
                    for moved in steps:
                        yield format_html("<li>{}</li>\n", _("%(count)s 个期限已重新计算") % {"count": moved})
                yield format_html(
                    '<li><a class="btn" href="{}">{}</a></li>', _result_url(files[-1].year, at), _("完成，看结果")
                )
            except Refusal as refusal:
                yield format_html('<li class="notice error" role="alert">{}</li>', sentence_html(refusal))
        yield tail

    return StreamingHttpResponse(grow())
