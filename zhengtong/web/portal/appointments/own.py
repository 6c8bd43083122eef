"""我的预约: the list, one appointment with its slip, calendar file and steps; found by code and phone without account."""

import io
from contextlib import suppress
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.exchange.appointment_ics import Entry, calendar_file
from zhengtong.flows import appointment_cancelled, appointment_missed, appointment_moved
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Place, Status
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.language import in_english
from zhengtong.web.frame.refusals import refused_on, status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal import keyset
from zhengtong.web.portal.appointments import who
from zhengtong.web.portal.appointments.words import SERVICES, STATES, TAGS

WINDOW = 10 * 60
MOST_BY_CODE, MOST_BY_ADDRESS = 10, 40


@never_cache
@citizen_door
@require_safe
def appointments(request: ActingRequest) -> HttpResponse:
    account_id, at = request.acting.id or 0, timezone.now()
    before = keyset.before(request)
    found = queries.my_appointments(account_id, before=before, limit=queries.PAGE + 1)
    shown = found[: queries.PAGE]
    context = {
        "rows": [(row, STATES[row.state], TAGS.get(row.state, "grey")) for row in shown],
        "next": shown[-1].pk if len(found) > queries.PAGE else "",
        "before": before or "",
        "pause": who.pause_of(request, at),
        "others": queries.without_account(who.phone_of(request), at),
    }
    return render(request, "portal/appointments/mine.html", context)


@never_cache
@require_safe
def appointment(request: HttpRequest, key: Any) -> HttpResponse:
    _by, row = who.mine(request, key)
    return _page(request, row)


def _page(request: HttpRequest, row: Appointment, refused: Any = "", status: int = 200) -> HttpResponse:
    at = timezone.now()
    booked = row.state == Status.BOOKED.value
    context = {
        "row": row,
        "state": STATES[row.state],
        "tag": TAGS.get(row.state, "grey"),
        "service": SERVICES[row.slot.service],
        "home": row.place == Place.HOME.value,
        "booked": booked,
        "open": booked and row.starts > at,
        "may_object": row.state == Status.NO_SHOW.value and row.objected_at is None and row.answered_at is None,
        "again": _times_address(row),
        "pause": queries.pause(queries.Person(row.account_id, row.phone_hash), at),
        "picture": _qr(row),
        "refused": refused,
        "text": request.POST.get("text", ""),
    }
    return render(request, "portal/appointments/appointment.html", context, status=status)


@never_cache
@require_safe
def slip(request: HttpRequest, key: Any) -> HttpResponse:
    """预约单, for the printer."""
    _by, row = who.mine(request, key)
    context = {
        "row": row,
        "state": STATES[row.state],
        "booked": row.state == Status.BOOKED.value,
        "picture": _qr(row),
        "home": row.place == Place.HOME.value,
    }
    return render(request, "portal/appointments/slip.html", context)


@never_cache
@require_safe
def calendar(request: HttpRequest, key: Any) -> HttpResponse:
    """An event for the person's calendar; opened again after a change, it replaces the one before."""
    _by, row = who.mine(request, key)
    address = settings.PUBLIC_URL + reverse("portal:appointment", args=[row.key])
    home, hall = row.place == Place.HOME.value, row.hall.name
    if in_english():
        hall = row.hall.name_en or hall
    matter = row.item.name_en if row.item and in_english() and row.item.name_en else row.matter
    entry = Entry(
        uid=row.uid,
        sequence=row.sequence,
        starts=row.starts,
        ends=row.ends,
        changed_at=row.state_since,
        cancelled=row.state == Status.CANCELLED.value,
        summary=_("预约：%(matter)s") % {"matter": matter},
        description=f"{_('预约码')} {row.code}\n{_('请提前到场签到；不能来请先取消。')}\n{address}",
        location=_("上门服务") if home else f"{hall} {row.hall.address}".strip(),
        url=address,
        organiser=hall,
        organiser_url=settings.PUBLIC_URL or "https://localhost/",
    )
    answer = HttpResponse(calendar_file(entry), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="appointment-{row.code}.ics"'
    return answer


@never_cache
@require_POST
def move(request: HttpRequest, key: Any) -> HttpResponse:
    by, row = who.mine(request, key)
    wanted = request.POST.get("slot", "")
    try:
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= keyset.MOST_DIGITS):
            raise Refusal(RefusalCode.NOT_FOUND)
        appointment_moved.move(row, int(wanted), seen=None, by=by, at=timezone.now())
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, who.mine(request, key)[1], sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("已改期。预约码不变；日历文件请重新下载。"))
    return redirect("portal:appointment", row.key)


@never_cache
@require_POST
def cancel(request: HttpRequest, key: Any) -> HttpResponse:
    by, row = who.mine(request, key)
    try:
        appointment_cancelled.cancel(row, seen=None, by=by, at=timezone.now())
    except Refusal as refusal:
        return _page(request, who.mine(request, key)[1], sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("已取消，名额留给了别人。"))
    return redirect("portal:appointment", row.key)


@never_cache
@require_POST
def object_to(request: HttpRequest, key: Any) -> HttpResponse:
    by, row = who.mine(request, key)
    try:
        appointment_missed.object_to_miss(row, text=request.POST.get("text", ""), by=by, at=timezone.now())
    except Refusal as refusal:
        return _page(request, row, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("异议已提出，大厅核实后答复您。"))
    return redirect("portal:appointment", row.key)


class Shown(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("预约码"),
        help_text=gettext_lazy("在预约短信里，8 位"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "short"}
        ),
        error_messages={"required": gettext_lazy("请填写预约码。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("请填写手机号。")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = Shown(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")[:20]})
    form.use_required_attribute = False
    if form.is_valid():
        code = form.cleaned_data["code"].strip().upper()
        if any(cache.get(key, 0) >= most for key, most in _guesses(request, code)):
            form.add_error(None, _("试得太多了。请十分钟后再试，或致电大厅查询。"))
            return render(request, "portal/appointments/find.html", {"form": form}, status=429)
        with refused_on(form):
            try:
                row = queries.by_code(code, form.cleaned_data["phone"])
            except Refusal:
                _count(request, code)
                raise
            who.remember(request, row.key)
            return redirect("portal:appointment", row.key)
    return render(request, "portal/appointments/find.html", {"form": form}, status=422 if form.errors else 200)


def _guesses(request: HttpRequest, code: str) -> tuple[tuple[str, int], ...]:
    safe = "".join(c for c in code if c.isascii() and c.isalnum())
    address = request.META.get("REMOTE_ADDR", "")
    return ((f"appointment:code:{safe}", MOST_BY_CODE), (f"appointment:from:{address}", MOST_BY_ADDRESS))


def _count(request: HttpRequest, code: str) -> None:
    for key, _most in _guesses(request, code):
        if not cache.add(key, 1, WINDOW):
            with suppress(ValueError):  # it ran out between the two lines
                cache.incr(key)


def _times_address(row: Appointment) -> str:
    if row.place == Place.HOME.value:
        return reverse("portal:appointment_home", args=[row.hall.code])
    return reverse("portal:appointment_times", args=[row.hall.code, row.queue_code])


def _qr(row: Appointment) -> SafeString:
    """What the kiosk reads and a phone opens: the address of the finder with the code."""
    drawing = io.BytesIO()
    address = f"{settings.PUBLIC_URL}{reverse('portal:find_appointment')}?code={row.code}"
    segno.make(address, error="m").save(drawing, kind="svg", xmldecl=False, svgns=False, border=1, omitsize=True)
    return mark_safe(drawing.getvalue().decode())  # noqa: S308  (drawn by us from an address of ours)
