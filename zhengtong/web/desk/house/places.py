"""Sections, windows, and which section handles what."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.actions import dispatching
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import actions, queries
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import NameSelect, name_of
from zhengtong.web.frame.refusals import refused_on

KEEP, CALENDAR, DISPATCH = Ability.KEEP_PEOPLE, Ability.KEEP_CALENDAR, Ability.DISPATCH


def _organs(field: Any, empty: str) -> None:
    field.choices = [("", empty), *((organ.pk, name_of(organ)) for organ in queries.organs())]


class SectionForm(forms.Form):
    organ = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=int, widget=NameSelect)
    name = forms.CharField(label=gettext_lazy("科室名称"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _organs(self.fields["organ"], _("请选择"))


@desk(KEEP, DISPATCH)
@require_http_methods(["GET", "POST"])
def sections(request: ActingRequest) -> HttpResponse:
    """A section with `?edit=` in the address is renamed; without, one is added."""
    chosen = reading.number(request.GET.get("edit"))
    section = queries.section_for(chosen) if chosen is not None else None
    start = {"organ": section.organ_id, "name": section.name, "name_en": section.name_en} if section else None
    form = SectionForm(request.POST or None, initial=start)
    if section:
        del form.fields["organ"]
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.SECTION_EXISTS: "name"}):
            actions.keep_section(
                section,
                organ=section.organ if section else queries.organ_for(asked["organ"]),
                name=asked["name"],
                name_en=asked["name_en"],
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        messages.success(request, _("已保存。"))
        return redirect("desk:sections")
    context = {"form": form, "section": section, "rows": queries.sections_of(), "keeps": request.acting.can(KEEP)}
    return render(request, "desk/house/sections.html", context, status=_status(form))


class WindowForm(forms.Form):
    hall = forms.ChoiceField(label=gettext_lazy("大厅"), widget=NameSelect)
    number = forms.CharField(label=gettext_lazy("窗口号"), max_length=10)
    name = forms.CharField(label=gettext_lazy("窗口名称"), max_length=100)
    organ = forms.TypedChoiceField(
        label=gettext_lazy("部门"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=NameSelect,
        help_text=gettext_lazy("综合窗口不选部门，为大厅里所有部门收件。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _organs(self.fields["organ"], _("综合窗口"))
        field: Any = self.fields["hall"]
        field.choices = [(hall.code, name_of(hall)) for hall in queries.halls()]


@desk(KEEP, CALENDAR, DISPATCH)
@require_http_methods(["GET", "POST"])
def windows(request: ActingRequest) -> HttpResponse:
    chosen = reading.number(request.GET.get("edit"))
    window = queries.window_for(chosen) if chosen is not None else None
    start = (
        {"hall": window.hall.code, "number": window.number, "name": window.name, "organ": window.organ_id}
        if window
        else None
    )
    form = WindowForm(request.POST or None, initial=start)
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.WINDOW_EXISTS: "number"}):
            actions.keep_window(
                window,
                hall=queries.hall_for(asked["hall"]),
                number=asked["number"],
                name=asked["name"],
                organ=queries.organ_for(asked["organ"]) if asked["organ"] else None,
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        messages.success(request, _("已保存。"))
        return redirect("desk:windows")
    context = {"form": form, "window": window, "rows": queries.windows(), "keeps": request.acting.can(KEEP, CALENDAR)}
    return render(request, "desk/house/windows.html", context, status=_status(form))


class RuleForm(forms.Form):
    section = forms.TypedChoiceField(label=gettext_lazy("承办科室"), coerce=int, widget=NameSelect)
    item = forms.CharField(
        label=gettext_lazy("事项编码"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("留空：该部门没有单独规定的事项都由这个科室承办。"),
    )

    def __init__(self, *args: Any, organs: list[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.sections_of(organs)
        field: Any = self.fields["section"]
        field.choices = [("", _("请选择")), *((one.pk, f"{name_of(one.organ)} {name_of(one)}") for one in rows)]


@desk(KEEP, DISPATCH)
@require_http_methods(["GET", "POST"])
def dispatch(request: ActingRequest) -> HttpResponse:
    """A head of section rules over their own organs; who keeps people, and the centre, over all."""
    by = request.acting
    organs = None if by.can(KEEP) or by.everywhere(DISPATCH) else sorted(by.organs(DISPATCH))
    form = RuleForm(None, organs=organs)
    if request.method == "POST" and (gone := reading.number(request.POST.get("remove"))) is not None:
        dispatching.drop_rule(gone, by=by, at=timezone.now())
        messages.success(request, _("规则已删去。"))
        return redirect("desk:dispatch_rules")
    if request.method == "POST":
        form = RuleForm(request.POST, organs=organs)
        if form.is_valid():
            with refused_on(form, {RefusalCode.ITEM_UNKNOWN: "item", RefusalCode.RULE_OTHER_ORGAN: "item"}):
                _keep_rule(request, form)
        if form.is_valid():
            messages.success(request, _("已保存。以后的新办件按它分派。"))
            return redirect("desk:dispatch_rules")
    context = {"form": form, "rows": cases.dispatch_rules(organs)}
    return render(request, "desk/house/dispatch.html", context, status=_status(form))


def _keep_rule(request: ActingRequest, form: forms.Form) -> None:
    section = queries.section_for(form.cleaned_data["section"])
    code = form.cleaned_data["item"].strip()
    item = catalogue.item_for(code) if code else None
    dispatching.keep_rule(section, item, by=request.acting, at=timezone.now())


def _status(form: forms.Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
