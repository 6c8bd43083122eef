"""Routing rules, categories and reply templates: what the letter desk keeps in order."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import letter_kept
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.act_form import CHINESE, text_field
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import NameSelect, name_of
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.form import category_choices, place_choices, place_of
from zhengtong.web.frame.refusals import refused_on

KEEP = Ability.KEEP_LETTERS


class RuleForm(forms.Form):
    region = forms.ChoiceField(label=gettext_lazy("来信涉及的地区"), required=False, widget=NameSelect)
    category = forms.ChoiceField(label=gettext_lazy("内容分类"), required=False, widget=NameSelect)
    about = forms.ChoiceField(label=gettext_lazy("来信人指明的部门"), required=False, widget=NameSelect)
    place = forms.ChoiceField(label=gettext_lazy("转给"), widget=NameSelect)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        fields: Any = self.fields
        fields["region"].choices = [("", _("所有地区")), *registry.places()]
        fields["category"].choices = [("", _("所有分类")), *category_choices()[1:]]
        fields["about"].choices = [("", _("任何部门")), *((o.code, name_of(o)) for o in registry.organs())]
        fields["place"].choices = place_choices()


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def rules(request: ActingRequest) -> HttpResponse:
    form = RuleForm(request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        organ_id, section_id = place_of(asked["place"])
        with refused_on(form, {RefusalCode.LETTER_RULE_EXISTS: "category"}):
            letter_kept.save_rule(
                region=asked["region"], category=asked["category"], about=asked["about"],
                organ_code=registry.organ_for(organ_id).code, section_id=section_id, by=request.acting, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("转办规则已保存。"))
            return redirect("desk:letter_rules")
    context = {"form": form, "rows": letters.routing_rules(), "tab": "rules"}
    return render(request, "desk/letters/rules.html", context, status=_status(form))


@desk(KEEP)
@require_POST
def retire_rule(request: ActingRequest, rule_id: int) -> HttpResponse:
    letter_kept.retire_rule(rule_id, by=request.acting, at=timezone.now())
    messages.success(request, _("转办规则已停用。"))
    return redirect("desk:letter_rules")


class CategoryForm(forms.Form):
    parent = forms.ChoiceField(label=gettext_lazy("上级分类"), required=False, widget=NameSelect)
    name = forms.CharField(label=gettext_lazy("分类名称"), max_length=100, widget=forms.TextInput({"lang": CHINESE}))
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    retired = forms.BooleanField(label=gettext_lazy("停用"), required=False)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        field: Any = self.fields["parent"]
        field.choices = [("", _("第一级")), *category_choices()[1:]]


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def categories(request: ActingRequest) -> HttpResponse:
    """A category with `?edit=` in the address is renamed or put out of use; without, one is added."""
    rows = letters.categories(retired=True)
    code = reading.key(request, "edit")
    chosen = next((one for one in rows if one.code == code), None)
    if code and chosen is None:
        raise Http404
    start = {"name": chosen.name, "name_en": chosen.name_en, "retired": chosen.retired} if chosen else None
    form = CategoryForm(request.POST or None, initial=start)
    form.fields.pop("parent" if chosen else "retired")
    if form.is_valid():
        asked, by = form.cleaned_data, request.acting
        with refused_on(form, {RefusalCode.LETTER_CATEGORY_EXISTS: "name"}):
            if chosen is not None:
                letter_kept.change_category(
                    chosen.code, name=asked["name"], name_en=asked["name_en"], retired=asked["retired"], by=by
                )
            else:
                letter_kept.add_category(asked["name"], parent=asked["parent"], name_en=asked["name_en"], by=by)
            messages.success(request, _("分类已保存。"))
            return redirect("desk:letter_categories")
    context = {"form": form, "rows": rows, "chosen": chosen, "tab": "categories"}
    return render(request, "desk/letters/categories.html", context, status=_status(form))


class TemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("模板名称"), max_length=100, widget=forms.TextInput({"lang": CHINESE}))
    kind = forms.ChoiceField(label=gettext_lazy("用于"), required=False)
    text = text_field(
        gettext_lazy("模板内容"), 5000, rows=8,
        hint=gettext_lazy("{number}、{received}、{organ} 使用时自动填上编号、来信日期和承办单位。"),
    )  # fmt: skip
    retired = forms.BooleanField(label=gettext_lazy("停用"), required=False)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        field: Any = self.fields["kind"]
        kinds = [(kind, word) for kind, word in words.KINDS.items() if kind != LetterKind.TIP]
        field.choices = [("", _("所有来信")), *kinds]


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def templates(request: ActingRequest) -> HttpResponse:
    """A template with `?edit=` in the address is changed; without, one is added."""
    edit = reading.number(request.GET.get("edit"))
    chosen = letters.template_for(edit) if edit is not None else None
    start = (
        {"name": chosen.name, "kind": chosen.kind, "text": chosen.text, "retired": chosen.retired} if chosen else None
    )
    form = TemplateForm(request.POST or None, initial=start)
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.LETTER_TEMPLATE_EXISTS: "name"}):
            letter_kept.save_template(
                chosen.pk if chosen else None, name=asked["name"], kind=asked["kind"], text=asked["text"],
                retired=asked["retired"], by=request.acting, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("模板已保存。"))
            return redirect("desk:letter_templates")
    rows = [(one, words.KINDS.get(one.kind, _("所有来信"))) for one in letters.templates(retired=True)]
    context = {"form": form, "rows": rows, "chosen": chosen, "tab": "templates"}
    return render(request, "desk/letters/templates.html", context, status=_status(form))


def _status(form: forms.Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
