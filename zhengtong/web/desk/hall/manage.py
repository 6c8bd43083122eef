"""大厅管理: the hall as it runs, for who keeps it; its queues, its hours and the days that are different."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import ticket_house, ticket_window
from zhengtong.flows.ticket_house import QueueForm
from zhengtong.rules import queue_hours
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.act_form import CHINESE
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.hall import history, words
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.language import either
from zhengtong.web.frame.refusals import refused_on, status_of
from zhengtong.web.frame.sentences import sentence_html


def chosen(request: ActingRequest) -> Any:
    """The hall an address asks for, else the first; None while there is none."""
    code = reading.key(request, "hall")
    return registry.hall_for(code) if code else registry.halls().first()


def _way(name: str) -> str:
    """The address of a room that may not be built yet."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@desk(Ability.KEEP_HALL)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    place, at = chosen(request), timezone.now()
    if place is None:
        return render(request, "desk/hall/none.html")
    board = hall.board(place.code, at)
    on = reading.day(request.GET.get("on")) or local_date(at)
    sitting = hall.sittings_open(place.pk)
    context = {
        "hall": place,
        "halls": registry.halls(),
        "board": board,
        "windows": [
            (one, sitting.get(one.window.pk), words.STATES.get(one.state, ""), words.LAMPS.get(one.state, ""))
            for one in board.windows
        ],
        "lines": [(line, words.about(line.estimate)) for line in board.lines],
        "open_windows": sum(one.open for one in board.windows),
        "busy": sum(bool(one.label) for one in board.windows),
        "on": on,
        "acts": history.sitting_acts(place.pk, on),
        "passed": hall.passed_lately(place.pk, at - timedelta(minutes=30)),
        "ways": [
            (_way("desk:schedule"), _("预约时段和延时服务")),
            (_way("desk:devices"), _("大厅设备")),
            (_way("watch:hall"), _("大厅运行统计")),
        ],
    }
    return render(request, "desk/hall/hall.html", context)


@desk(Ability.KEEP_HALL)
@require_POST
def shut(request: ActingRequest, window_id: int) -> HttpResponse:
    """A window somebody forgot to close."""
    window = registry.window_for(window_id)
    ticket_window.close_window(window.pk, by=request.acting, at=timezone.now())
    messages.success(request, _("窗口已关。"))
    return redirect(f"{reverse('desk:hall')}?hall={window.hall.code}")


# --- queues ---


class QueueEditor(forms.Form):
    code = forms.RegexField(
        r"^[A-Za-z0-9_-]{1,20}$", label=gettext_lazy("代码"), help_text=gettext_lazy("字母和数字，建好后不能改。")
    )
    letter = forms.RegexField(
        r"^[A-Za-z]$", label=gettext_lazy("号的字母"), help_text=gettext_lazy("例如 A，叫号时读 A032。")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, widget=forms.TextInput(attrs={"lang": CHINESE}))
    name_en = forms.CharField(
        label=gettext_lazy("英文名称"), max_length=60, required=False, widget=forms.TextInput(attrs={"lang": "en"})
    )
    expected_minutes = forms.IntegerField(
        label=gettext_lazy("预计每位几分钟"),
        min_value=1,
        help_text=gettext_lazy("办过几位以后，按实际用时估算。"),
    )
    position = forms.IntegerField(label=gettext_lazy("排列次序"), min_value=0, required=False)
    active = forms.BooleanField(label=gettext_lazy("现在可以取号"), required=False)
    windows = forms.MultipleChoiceField(
        label=gettext_lazy("由哪些窗口办"), required=False, widget=forms.CheckboxSelectMultiple
    )
    organs = forms.MultipleChoiceField(
        label=gettext_lazy("办哪些部门的事"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不选，就是什么事都可以在这里排。"),
    )
    items = forms.CharField(
        label=gettext_lazy("只办这些事项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": CHINESE}),
        help_text=gettext_lazy("每行一个事项编码；不填，按部门。"),
    )

    def __init__(self, data: Any = None, *, place: Any, queue: Any = None) -> None:
        super().__init__(data, initial=_initial(queue), use_required_attribute=False)
        self.fields["windows"].choices = [  # type: ignore[attr-defined]  # a MultipleChoiceField
            (str(one.pk), one.name) for one in hall.windows_of(place.pk)
        ]  # fmt: skip
        self.fields["organs"].choices = [(str(one.pk), either(one.name, one.name_en)) for one in registry.organs()]  # type: ignore[attr-defined]
        if queue is not None:
            del self.fields["code"]

    def read(self) -> QueueForm:
        told = self.cleaned_data
        return QueueForm(
            letter=told["letter"],
            name=told["name"],
            name_en=told["name_en"],
            expected_minutes=told["expected_minutes"],
            position=told["position"] or 0,
            active=told["active"],
            organ_ids=[int(one) for one in told["organs"]],
            item_ids=catalogue_ids(told["items"]),
            window_ids=[int(one) for one in told["windows"]],
        )


def catalogue_ids(text: str) -> list[int]:
    """Ids of the items named line by line; Refusal(ITEM_UNKNOWN) for a code that names none."""
    return [catalogue.item_for(code).pk for code in text.split()]


def _initial(queue: Any) -> dict[str, Any]:
    if queue is None:
        return {"expected_minutes": 10, "active": True, "position": 0}
    return {
        "letter": queue.letter,
        "name": queue.name,
        "name_en": queue.name_en,
        "expected_minutes": queue.expected_minutes,
        "position": queue.position,
        "active": queue.active,
        "windows": [str(one.pk) for one in queue.windows.all()],
        "organs": [str(one.pk) for one in queue.organs.all()],
        "items": "\n".join(one.item_code for one in queue.items.all()),
    }


FIELDS = {
    RefusalCode.QUEUE_CODE_TAKEN: "code",
    RefusalCode.QUEUE_LETTER_TAKEN: "letter",
    RefusalCode.QUEUE_WITHOUT_WINDOW: "windows",
    RefusalCode.ITEM_UNKNOWN: "items",
}


@desk(Ability.KEEP_HALL)
@require_http_methods(["GET", "HEAD", "POST"])
def queue_new(request: ActingRequest, hall_code: str) -> HttpResponse:
    place = registry.hall_for(hall_code)
    form = QueueEditor(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid():
        with refused_on(form, FIELDS):
            ticket_house.open_queue(
                hall_code, form.cleaned_data["code"], form.read(), by=request.acting, at=timezone.now()
            )
            messages.success(request, _("排队业务已建好。"))
            return redirect("desk:queues", hall_code=hall_code)
    return _queue_page(request, place, None, form)


@desk(Ability.KEEP_HALL)
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: ActingRequest, hall_code: str, queue_code: str) -> HttpResponse:
    place, known = registry.hall_for(hall_code), hall.queue_for(hall_code, queue_code)
    form = QueueEditor(request.POST if request.method == "POST" else None, place=place, queue=known)
    if request.method == "POST" and form.is_valid():
        with refused_on(form, FIELDS):
            ticket_house.change_queue(hall_code, queue_code, form.read(), by=request.acting, at=timezone.now())
            messages.success(request, _("已保存。"))
            return redirect("desk:queues", hall_code=hall_code)
    return _queue_page(request, place, known, form)


def _queue_page(request: ActingRequest, place: Any, known: Any, form: QueueEditor) -> HttpResponse:
    acts = history.queue_acts(known) if known is not None else []
    context = {"hall": place, "queue": known, "form": form, "acts": acts}
    return render(request, "desk/hall/queue.html", context, status=422 if form.is_bound else 200)


@desk(Ability.KEEP_HALL)
@require_safe
def queues(request: ActingRequest, hall_code: str) -> HttpResponse:
    place = registry.hall_for(hall_code)
    context = {"hall": place, "queues": hall.queues(hall_code, every=True)}
    return render(request, "desk/hall/queues.html", context)


# --- hours ---


@desk(Ability.KEEP_HALL)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: ActingRequest, hall_code: str) -> HttpResponse:
    """The week of the hall, or of one window (`?window=`), and the days ahead that are different."""
    place, at = registry.hall_for(hall_code), timezone.now()
    asked = reading.number(request.POST.get("window") or request.GET.get("window"))
    window = registry.window_for(asked) if asked is not None else None
    week = {weekday: request.POST.get(f"day{weekday}", "") for weekday in range(7)}
    refused: Any = ""
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "day":
                _set_day(request, hall_code)
            else:
                ticket_house.set_hours(
                    hall_code, week, window_id=window.pk if window else None, by=request.acting, at=at
                )
        except Refusal as refusal:
            refused, status = sentence_html(refusal), status_of(refusal.code)
        else:
            messages.success(request, _("已保存。"))
            return redirect(request.get_full_path())
    known, windows, today = hall.weeks(place.pk), hall.windows_of(place.pk), local_date(at)
    if not refused or request.POST.get("do") == "day":
        week = _week(known, window.pk if window else None)
    context = {
        "hall": place,
        "window": window,
        "windows": windows,
        "acts": history.hours_acts(place.code, windows),
        "own": known.keys(),
        "week": [(weekday, words.WEEKDAYS[weekday], week[weekday]) for weekday in range(7)],
        "days": hall.special_days(place.pk, today),
        "today": today,
        "now": hall.hours_of(place.pk, today),
        "refused": refused,
        "typed": request.POST if refused else {},
    }
    return render(request, "desk/hall/hours.html", context, status=status)


def _week(known: Mapping[int | None, Mapping[int, Any]], window_id: int | None) -> dict[int, str]:
    """As it is kept; a hall that has said nothing keeps the usual hours, a window none of its own."""
    own = known.get(window_id, queue_hours.USUAL if window_id is None else {})
    return {weekday: queue_hours.written(own.get(weekday, ())) for weekday in range(7)}


def _set_day(request: ActingRequest, hall_code: str) -> None:
    on = reading.day(request.POST.get("on"))
    if on is None:
        raise Refusal(RefusalCode.FORM_DATE, field="on")
    keeps = request.POST.get("kind") != "usual"
    ticket_house.set_special_day(
        hall_code,
        on,
        (request.POST.get("hours", "") if request.POST.get("kind") == "other" else "") if keeps else None,
        note=request.POST.get("note", ""),
        note_en=request.POST.get("note_en", ""),
        by=request.acting,
        at=timezone.now(),
    )
