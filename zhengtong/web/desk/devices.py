"""大厅设备: pair a machine by the code it shows, see which are silent and who calls for help, move, revoke; notices."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.base.journal.queries import entries_of
from zhengtong.base.parameters import queries as parameters
from zhengtong.domains.devices import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.device_asked import ask_for_rating
from zhengtong.rules.devices import AT_WINDOW, DeviceKind
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house.choosing import NameSelect, day_field, name_of
from zhengtong.web.devices.door import forget
from zhengtong.web.devices.words import KINDS
from zhengtong.web.frame.acts import Act, who
from zhengtong.web.frame.language import either
from zhengtong.web.frame.refusals import refused_on

KEEP, HELP = Ability.KEEP_HALL, (Ability.KEEP_HALL, Ability.BOOK)
REFUSALS = {
    RefusalCode.DEVICE_CODE_WRONG: "code",
    RefusalCode.DEVICE_CODE_TAKEN: "code",
    RefusalCode.DEVICE_WINDOW_MISSING: "window",
    RefusalCode.DEVICE_WINDOW_ELSEWHERE: "window",
}
ACTS = {
    Kind.DEVICE_PAIRED: gettext_lazy("登记配对"),
    Kind.DEVICE_PAIRED_AGAIN: gettext_lazy("已重新配对"),
    Kind.DEVICE_CONNECTED: gettext_lazy("设备已连上"),
    Kind.DEVICE_MOVED: gettext_lazy("改动位置或名称"),
    Kind.DEVICE_REVOKED: gettext_lazy("停用"),
    Kind.DEVICE_HELP_CALLED: gettext_lazy("有人求助"),
    Kind.DEVICE_HELP_ANSWERED: gettext_lazy("已去帮助"),
    Kind.DEVICE_RATING_ASKED: gettext_lazy("手动请评价"),
}


class PlaceForm(forms.Form):
    """Where a machine stands. A window is asked of those that speak of one."""

    hall = forms.ChoiceField(label=gettext_lazy("大厅"), widget=NameSelect)
    window = forms.TypedChoiceField(
        label=gettext_lazy("窗口"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=NameSelect,
        help_text=gettext_lazy("窗口屏和评价器要选，其他设备不用。"),
    )
    name = forms.CharField(label=gettext_lazy("设备名称"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        halls = list(registry.halls())
        fields["hall"].choices = [(hall.code, name_of(hall)) for hall in halls]
        named = {hall.pk: name_of(hall) for hall in halls}
        fields["window"].choices = [
            ("", _("不对应窗口")),
            *((one.pk, f"{named[one.hall_id]} {one.number} {one.name}") for one in registry.windows()),
        ]


class PairForm(PlaceForm):
    code = forms.CharField(
        label=gettext_lazy("配对码"),
        max_length=12,
        help_text=gettext_lazy("设备屏幕上的八位字母和数字。"),
        widget=forms.TextInput({"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("设备类型"), choices=[*KINDS.items()])
    field_order = ("code", "kind", "hall", "window", "name")


class AgainForm(forms.Form):
    code = PairForm.base_fields["code"]


class NoticeForm(forms.Form):
    hall = forms.ChoiceField(label=gettext_lazy("大厅"), widget=NameSelect)
    text = forms.CharField(label=gettext_lazy("公告"), max_length=actions.MOST_NOTICE)
    text_en = forms.CharField(label=gettext_lazy("英文公告"), max_length=actions.MOST_NOTICE, required=False)
    since = day_field(gettext_lazy("从哪天起"))
    until = day_field(gettext_lazy("到哪天止"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["hall"].choices = [(hall.code, name_of(hall)) for hall in registry.halls()]


@desk(*HELP)
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: ActingRequest) -> HttpResponse:
    """The machines in use, who calls for help first; and a new one, by the code it shows."""
    at, keeps = timezone.now(), request.acting.can(KEEP)
    if request.method == "POST":
        request.acting.check(KEEP)
    form = PairForm(_sent(request))
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, REFUSALS):
            actions.pair(
                asked["code"],
                uid=uuid4(),
                kind=DeviceKind(asked["kind"]),
                hall_code=asked["hall"],
                window_id=asked["window"],
                name=asked["name"],
                by=request.acting,
                at=at,
            )
    if form.is_valid():
        messages.success(request, _("已登记。设备会在几秒内自己进入工作页面。"))
        return redirect("desk:devices")
    revoked = request.GET.get("revoked") == "1"
    rows = [_row(one, at) for one in queries.devices(revoked=revoked)]
    context = {"form": form, "rows": rows, "keeps": keeps, "revoked": revoked, "tab": "devices"}
    return render(request, "desk/devices.html", context, status=_status(form))


def _row(device: Any, at: Any) -> dict[str, Any]:
    return {"device": device, "kind": KINDS[device.kind], "lamp": _lamp(device, at)}


def _lamp(device: Any, at: Any) -> tuple[str, Any]:
    """(light, its word)."""
    if device.revoked_at is not None:
        return "done", _("停用")
    if device.help_since is not None:
        return "late", _("有人求助")
    if not device.token_hash:
        waits = device.pairing_until is not None and device.pairing_until > at
        return ("soon", _("等设备连上")) if waits else ("late", _("没有连上"))
    silent = timedelta(minutes=int(parameters.value("device.silent.minutes", timezone.localdate(at))))
    return ("late", _("失联")) if queries.is_silent(device, at, silent) else ("ok", _("在线"))


@desk(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: ActingRequest, uid: UUID) -> HttpResponse:
    """One machine: where it stands, and all that was done to it."""
    found, at = queries.device_for(uid), timezone.now()
    start = {"hall": found.hall.code, "window": found.window_id, "name": found.name}
    form = PlaceForm(_sent(request), initial=start)
    if found.kind not in AT_WINDOW:
        del form.fields["window"]
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, REFUSALS):
            actions.move(
                found,
                hall_code=asked["hall"],
                window_id=asked.get("window"),
                name=asked["name"],
                by=request.acting,
                at=at,
            )
    if form.is_valid():
        forget()
        messages.success(request, _("已保存，设备马上会换成新的位置。"))
        return redirect("desk:device", uid)
    context = {"form": form, "again": AgainForm(), **_about(found, at)}
    return render(request, "desk/device.html", context, status=_status(form))


def _about(found: Any, at: Any) -> dict[str, Any]:
    entries = list(entries_of(found.journal_kind, found.journal_key))
    return {
        **_row(found, at),
        "acts": [Act(ACTS[Kind(entry.kind)], entry.at, who(entry)) for entry in reversed(entries)],
    }


@desk(KEEP)
@require_POST
def again(request: ActingRequest, uid: UUID) -> HttpResponse:
    """Another machine takes this place, or the same one after it lost its memory."""
    found, at = queries.device_for(uid), timezone.now()
    form = AgainForm(request.POST)
    if form.is_valid():
        with refused_on(form, REFUSALS):
            actions.pair_again(found, form.cleaned_data["code"], by=request.acting, at=at)
    if form.is_valid():
        forget()
        messages.success(request, _("已登记。设备会在几秒内自己进入工作页面。"))
        return redirect("desk:device", uid)
    start = {"hall": found.hall.code, "window": found.window_id, "name": found.name}
    context = {"form": PlaceForm(initial=start), "again": form, **_about(found, at)}
    return render(request, "desk/device.html", context, status=_status(form))


@desk(KEEP)
@require_POST
def revoke(request: ActingRequest, uid: UUID) -> HttpResponse:
    actions.revoke(queries.device_for(uid), by=request.acting, at=timezone.now())
    forget()
    messages.success(request, _("已停用。设备会回到配对页。"))
    return redirect("desk:devices")


@desk(*HELP)
@require_POST
def helped(request: ActingRequest, uid: UUID) -> HttpResponse:
    actions.answer_help(queries.device_for(uid), by=request.acting, at=timezone.now())
    forget()
    messages.success(request, _("已记下：有人过去了。"))
    return redirect("desk:devices")


@desk(Ability.CALL_TICKETS, KEEP)
@require_POST
def ask(request: ActingRequest, window_id: int) -> HttpResponse:
    """请评价, by hand, from the calling page or from here."""
    ticket = ask_for_rating(window_id, by=request.acting, at=timezone.now())
    forget()
    messages.success(request, _("评价器正在请 %(label)s 号评价。") % {"label": ticket.label})
    return redirect("desk:devices" if request.POST.get("from") == "devices" else "desk:call")


@desk(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: ActingRequest) -> HttpResponse:
    """What runs over the boards."""
    today = timezone.localdate()
    form = NoticeForm(_sent(request), initial={"since": today, "until": today + timedelta(days=7)})
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.DATES_REVERSED: "until"}):
            actions.post_notice(
                asked["hall"],
                uid=uuid4(),
                text=asked["text"],
                text_en=asked["text_en"],
                since=asked["since"],
                until=asked["until"],
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        messages.success(request, _("已发布，一分钟内出现在大屏上。"))
        return redirect("desk:hall_notices")
    rows = [
        (hall, either(hall.name, hall.name_en), found)
        for hall in registry.halls()
        if (found := queries.notices_kept(hall.code, today))
    ]
    context = {"form": form, "rows": rows, "today": today, "tab": "notices"}
    return render(request, "desk/hall_notices.html", context, status=_status(form))


@desk(KEEP)
@require_POST
def take_down(request: ActingRequest, uid: UUID) -> HttpResponse:
    actions.take_down_notice(queries.notice_for(uid), by=request.acting, at=timezone.now())
    messages.success(request, _("已撤下。"))
    return redirect("desk:hall_notices")


def _sent(request: ActingRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
