"""预约登记: the day's appointments of a hall, and booking for somebody at the desk or on the phone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions import Booking
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.appointment_booked import book
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Place
from zhengtong.web.desk.appointments import export, words
from zhengtong.web.desk.appointments.lists import chosen_hall, day_of, line, queue_names
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.refusals import refused_on

BOOK, KEEP = Ability.BOOK, Ability.KEEP_HALL
HOME = "home"  # in place of a queue: a home visit


@desk(BOOK, KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def bookings(request: ActingRequest) -> HttpResponse:
    """A search is posted: a caller's phone number stands in no address and in no server's log."""
    hall, every = chosen_hall(request)
    on, asked = day_of(request.GET.get("on", "")), request.POST.get("q", "").strip()[:40]
    names = queue_names(hall.code) if hall else {}
    after = reading.number(request.GET.get("after"))
    whole_day = hall is not None and not asked
    found = _searched(request, asked) if asked else []
    if whole_day:
        found = queries.of_days(request.acting, hall.pk, on, on, after=after, limit=queries.LINES + 1)
    shown, objections = found[: queries.LINES], queries.objections(limit=queries.PAGE + 1)
    context = {
        "hall": hall,
        "halls": every,
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "today": timezone.localdate(),
        "q": asked,
        "rows": [line(row, names) for row in shown],
        "total": queries.count_of_days(request.acting, hall.pk, on, on) if whole_day else len(shown),
        "past": after or "",
        "next": shown[-1].pk if len(found) > len(shown) else "",
        "spans": export.SPANS.items(),
        "forms": export.FORMS,
        "objections": [line(row) for row in objections[: queries.PAGE]],
        "more_objections": len(objections) > queries.PAGE,
    }
    return render(request, "desk/appointments/bookings.html", context)


def _searched(request: ActingRequest, asked: str) -> list[Appointment]:
    """By phone number, or by appointment code."""
    found = queries.of_phone(request.acting, asked)
    if found:
        return found
    try:
        return [queries.coded(asked)]
    except Refusal as refusal:
        if refusal.code is not RefusalCode.APPOINTMENT_UNKNOWN:
            raise
        return []


class ForSomebody(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    slot = forms.IntegerField(label=gettext_lazy("时间"), error_messages={"required": gettext_lazy("请选择时段。")})
    channel = forms.ChoiceField(label=gettext_lazy("怎样来的"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("来办事的人"), max_length=100)
    phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20, widget=forms.TextInput(attrs={"type": "tel"}))
    item = forms.CharField(
        label=gettext_lazy("事项编码"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("不知道可以不填，写要办什么事"),
    )
    matter = forms.CharField(label=gettext_lazy("要办什么事"), max_length=200, required=False)
    address = forms.CharField(label=gettext_lazy("上门地址"), max_length=300, required=False)

    def __init__(self, *args: Any, channels: list[str], home: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field: Any = self.fields["channel"]
        field.choices = [(code, words.CHANNELS[code]) for code in channels]
        if not home:
            del self.fields["address"]


@desk(BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """One page: hall, queue and day in the address; slot and person below."""
    hall, every = chosen_hall(request)
    if hall is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    offered = halls.queues(hall.code)
    queue_code = reading.key(request, "queue") or (offered[0].code if offered else HOME)
    place = Place.HOME if queue_code == HOME else Place.HALL
    at = timezone.now()
    days = queries.open_days(hall.pk, "" if place is Place.HOME else queue_code, at, place=place)
    on = next((one.on for one in days if one.on.isoformat() == request.GET.get("on", "")), None)
    on = on or (days[0].on if days else None)
    slots = queries.slots(hall.code, "" if place is Place.HOME else queue_code, on, place=place) if on else []
    form = ForSomebody(
        request.POST or None,
        channels=_channels(request),
        home=place is Place.HOME,
        initial={"key": uuid4(), "channel": _channels(request)[0]},
    )
    if form.is_valid():
        beside = {RefusalCode.CODE_MOBILE_FORM: "phone", RefusalCode.ITEM_UNKNOWN: "item"}
        with refused_on(form, {**beside, RefusalCode.SLOT_FULL: "slot", RefusalCode.SLOT_CLOSED: "slot"}):
            row = _booked(request, form.cleaned_data)
            messages.success(request, _("已预约，预约码 %(code)s 已用短信告知。") % {"code": row.code})
            return redirect("desk:booking", row.key)
    context = {
        "form": form, "hall": hall, "halls": every, "queues": offered, "queue_code": queue_code, "home": HOME,
        "days": days, "on": on, "chosen": request.POST.get("slot", ""),
        "slots": [(slot, words.SERVICES[slot.service]) for slot in slots if slot.starts > at],
    }  # fmt: skip
    return render(request, "desk/appointments/new.html", context, status=422 if form.errors else 200)


def _booked(request: ActingRequest, typed: dict[str, Any]) -> Appointment:
    code = typed["item"].strip()
    wanted = Booking(
        key=str(typed["key"]),
        person_name=typed["name"],
        phone=typed["phone"].strip(),
        channel=typed["channel"],
        item=catalogue.item_for(code) if code else None,
        matter=typed["matter"],
        account_id=_account_of(typed["phone"]),
        address=typed.get("address", ""),
    )
    return book(typed["slot"], wanted, by=request.acting, at=timezone.now())


def _account_of(phone: str) -> int | None:
    """Whoever has verified this phone finds the appointment in the portal too."""
    account = registry.account_by_phone(phone.strip())
    return account.pk if account else None


def _channels(request: HttpRequest) -> list[str]:
    acting: Any = request.acting  # type: ignore[attr-defined]  # behind the desk's door
    if acting.can(Ability.FILE_FOR_OTHERS):
        return [Appointment.VILLAGE]
    return [Appointment.PHONE, Appointment.DESK]
