"""预约时段: capacity and use by day and slot, schedules, extended service, and days that are closed."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import appointment_schedules as flow
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Days, Pattern, Place, Service
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.appointments.lists import chosen_hall, day_of, line, queue_names
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import NameSelect, day_field, name_of
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.frame.sentences import sentence

KEEP = Ability.KEEP_HALL
SHOWN_DAYS = 14
ENDED = {
    "came": gettext_lazy("按时来办"),
    "missed": gettext_lazy("未到"),
    "cancelled": gettext_lazy("取消"),
    "by_house": gettext_lazy("大厅取消"),
}


@desk(KEEP)
@require_safe
def schedule(request: ActingRequest) -> HttpResponse:
    hall, every = chosen_hall(request)
    on, today = day_of(request.GET.get("on", "")), timezone.localdate()
    context: dict[str, Any] = {"hall": hall, "halls": every, "on": on, "today": today}
    if hall is not None:
        names = queue_names(hall.code)
        until = today + timedelta(days=SHOWN_DAYS - 1)
        first, last = today - timedelta(days=30), today - timedelta(days=1)
        past, asked = queries.figures(hall.pk, first, last), reading.key(request, "past")
        before, found = reading.number(request.GET.get("before")), []
        if asked in ENDED:
            most = queries.LINES + 1
            found = queries.behind(request.acting, asked, hall.pk, first, last, before=before, limit=most)
        shown = found[: queries.LINES]
        context |= {
            "names": names,
            "loads": queries.loads(hall.pk, today, until),
            "lines": _by_queue(queries.slots_of_day(hall.pk, on), names),
            "schedules": [
                (row, words.SERVICES[row.service], words.DAYS[row.days], _week(row), names.get(row.queue_code))
                for row in queries.schedules(hall.pk)
            ],
            "closures": [(row, names.get(row.queue_code)) for row in queries.closures(hall.pk, today)],
            "past": past,
            "ended": [(name, label, getattr(past, name)) for name, label in ENDED.items()],
            "behind": ENDED.get(asked, ""),
            "rows": [line(row, names) for row in shown],
            "before": before or "",
            "next": shown[-1].pk if len(found) > len(shown) else "",
            "channels": [(words.CHANNELS.get(code, code), count) for code, count in past.by_channel.items()],
            "close_key": uuid4(),
        }
    return render(request, "desk/appointments/schedule.html", context)


def _by_queue(slots: list[Any], names: dict[str, Any]) -> list[dict[str, Any]]:
    """A day of a large hall has hundreds of slots: a line for each queue, its slots behind it."""
    lines = []
    for (place, code), found in groupby(slots, lambda slot: (slot.place, slot.queue_code)):
        own = list(found)
        lines.append(
            {
                "home": place == Place.HOME.value,
                "code": code,
                "queue": names.get(code),
                "slots": [(slot, words.SERVICES[slot.service]) for slot in own],
                "taken": sum(slot.taken for slot in own),
                "capacity": sum(slot.capacity for slot in own),
                "closed": all(slot.closed for slot in own),
            }
        )
    return lines


def _week(row: Any) -> list[Any]:
    return [words.WEEKDAYS[str(day)] for day in row.weekdays]


class ScheduleForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.ChoiceField(label=gettext_lazy("在哪里服务"), widget=forms.RadioSelect)
    queue = forms.ChoiceField(label=gettext_lazy("业务队列"), widget=NameSelect, required=False)
    service = forms.ChoiceField(
        label=gettext_lazy("服务时间"),
        help_text=gettext_lazy("延时、错时、节假日服务会同时登记为合法的非常规办公时间，大厅当天按更长的时间开放。"),
    )
    days = forms.ChoiceField(label=gettext_lazy("哪些日子"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("星期几"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选择一个星期几。")},
    )
    since = day_field(gettext_lazy("从哪天起"))
    until = day_field(gettext_lazy("到哪天止"))
    opens = forms.TimeField(label=gettext_lazy("从几点"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=gettext_lazy("到几点"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=gettext_lazy("每个时段几分钟"), min_value=1)
    capacity = forms.IntegerField(label=gettext_lazy("每个时段几人"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("公告的理由"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("延时、错时、节假日服务必须填写"),
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )

    def __init__(self, *args: Any, queues: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        choices: dict[str, list[Any]] = {
            "place": list(words.PLACES.items()),
            "queue": [("", _("上门服务不用选")), *((one.code, name_of(one)) for one in queues)],
            "service": list(words.SERVICES.items()),
            "days": list(words.DAYS.items()),
            "weekdays": list(words.WEEKDAYS.items()),
        }
        for name, given in choices.items():
            field: Any = self.fields[name]
            field.choices = given


BESIDE = {
    RefusalCode.SCHEDULE_NO_WEEKDAY: "weekdays",
    RefusalCode.SCHEDULE_HOURS_BACKWARD: "closes",
    RefusalCode.SCHEDULE_MINUTES: "minutes",
    RefusalCode.SCHEDULE_CAPACITY: "capacity",
    RefusalCode.SCHEDULE_EXTENDED_TOO_LONG: "until",
    RefusalCode.SCHEDULE_TOO_LONG: "until",
    RefusalCode.DATES_REVERSED: "until",
}


@desk(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    hall, _every = chosen_hall(request)
    if hall is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    today, queues = timezone.localdate(), halls.queues(hall.code)
    initial = {
        "key": uuid4(), "place": Place.HALL.value, "service": Service.NORMAL.value, "days": Days.WORKING.value,
        "weekdays": ["0", "1", "2", "3", "4"], "since": today, "until": date(today.year + 1, 12, 31), "opens": "09:00",
        "closes": "12:00", "minutes": 30, "capacity": 5, "queue": queues[0].code if queues else "",
    }  # fmt: skip
    form = ScheduleForm(request.POST or None, queues=queues, initial=initial)
    if form.is_valid():
        with refused_on(form, BESIDE):
            _open(request, hall, form.cleaned_data)
            messages.success(request, _("已安排，时段已放出。"))
            return redirect(f"/desk/schedule/?hall={hall.code}")
    context = {"form": form, "hall": hall}
    return render(request, "desk/appointments/schedule_new.html", context, status=422 if form.errors else 200)


def _open(request: ActingRequest, hall: Any, typed: dict[str, Any]) -> None:
    place = Place(typed["place"])
    if place is Place.HALL and not typed["queue"]:
        raise Refusal(RefusalCode.TEXT_REQUIRED, field="queue")
    pattern = Pattern(
        frozenset(int(one) for one in typed["weekdays"]), Days(typed["days"]), typed["since"], typed["until"]
    )
    session = Session(
        typed["opens"], typed["closes"], typed["minutes"], typed["capacity"], Service(typed["service"]), place
    )
    flow.open_schedule(
        str(typed["key"]), hall, typed["queue"], pattern, session, reason=typed["reason"], by=request.acting,
        at=timezone.now(),
    )  # fmt: skip


@desk(KEEP)
@require_POST
def end(request: ActingRequest, key: Any) -> HttpResponse:
    row = queries.schedule_for(str(key))
    reason = request.POST.get("reason", "").strip() or "预约安排调整"
    try:
        told = flow.end_schedule(row, reason, by=request.acting, at=timezone.now())
        messages.success(request, _ended(told))
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    return redirect(f"/desk/schedule/?hall={row.hall.code}")


@desk(KEEP)
@require_POST
def close(request: ActingRequest) -> HttpResponse:
    """停办 a day: nobody books it any more, and everybody booked is told."""
    hall, _every = chosen_hall(request)
    code = request.POST.get("hall", "").replace("\x00", "")
    hall = registry.hall_for(code) if code else hall
    on = reading.day(request.POST.get("on"))
    if on is None:
        messages.error(request, _("请选择日期。"))
        return redirect(f"/desk/schedule/?hall={hall.code}")
    key = str(_uuid(request.POST.get("key", "")))
    queue, reason = request.POST.get("queue", "").replace("\x00", ""), request.POST.get("reason", "")
    try:
        _closure, told = flow.close_day(key, hall, on, queue, reason, by=request.acting, at=timezone.now())
        messages.success(request, _ended(told))
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    return redirect(f"/desk/schedule/?hall={hall.code}&on={on.isoformat()}")


@desk(KEEP)
@require_POST
def lift(request: ActingRequest, key: Any) -> HttpResponse:
    row = queries.closure_for(str(key))
    flow.lift_closure(row, by=request.acting, at=timezone.now())
    messages.success(request, _("已取消停办，时段重新开放。已取消的预约不会自动恢复。"))
    return redirect(f"/desk/schedule/?hall={row.hall.code}&on={row.on.isoformat()}")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _ended(told: int) -> str:
    said = ngettext("已停止预约，告知了 %(n)d 位已预约的群众。", "已停止预约，告知了 %(n)d 位已预约的群众。", told)
    return said % {"n": told}
