"""The catalogue's lists, and one item: what it is, its versions, its history, and taking it out of force."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting
from zhengtong.domains.catalogue import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.exchange.item_words import label
from zhengtong.rules import item_document, linter
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import NameSelect, name_of
from zhengtong.web.desk.house.history import told
from zhengtong.web.desk.house.words import ITEM_STATUS, choices
from zhengtong.web.frame.refusals import refused_on

EDIT, CHECK = Ability.EDIT_CATALOGUE, Ability.CHECK_CATALOGUE
PAGE = 50


def own_organs(by: Acting) -> list[int] | None:
    """Organs whose items this person keeps; None: all, as the legal checker sees all."""
    return None if by.can(CHECK) else sorted(by.organs(EDIT))


def may_edit(by: Acting, organ_id: int) -> bool:
    return organ_id in by.organs(EDIT)


@desk(EDIT, CHECK)
@require_safe
def items(request: ActingRequest) -> HttpResponse:
    status = request.GET.get("status", "")
    status = status if status in ITEM_STATUS else ""
    organ = registry.organ_by_code(code) if (code := reading.key(request, "organ")) else None
    found = queries.desk_items(
        organs=[organ.pk] if organ else own_organs(request.acting) if not request.GET.get("all") else None,
        status=status or None,
        text=reading.words(request),
        after=reading.key(request, "after") or None,
        limit=PAGE,
    )
    context = {
        "found": found,
        "q": reading.words(request),
        "status": status,
        "statuses": choices(ITEM_STATUS),
        "organ": organ,
        "organs": registry.organs(),
        "all": bool(request.GET.get("all")),
        "is_editor": request.acting.can(EDIT),
    }
    return render(request, "desk/house/items.html", context)


@desk(EDIT, CHECK)
@require_safe
def checks(request: ActingRequest) -> HttpResponse:
    after = reading.number(request.GET.get("after")) or 0
    rows = queries.awaiting_check(after=after, limit=PAGE + 1)
    more = rows[PAGE - 1].pk if len(rows) > PAGE else 0
    return render(request, "desk/house/checks.html", {"versions": rows[:PAGE], "after": more})


@desk(EDIT, CHECK, Ability.SEE_ALL)
@require_safe
def completeness(request: ActingRequest) -> HttpResponse:
    rows = [
        {"row": row, "asked": row.items * linter.DISCLOSED_ELEMENTS, "percent": round(row.share * 100, 1)}
        for row in sorted(queries.disclosure_completeness(), key=lambda row: (row.share, row.organ_name))
    ]
    elements = [label(key) for key in linter.DISCLOSED]
    return render(request, "desk/house/completeness.html", {"rows": rows, "elements": elements})


# --- one item ---------------------------------------------------------------------------------------------------


@desk(EDIT, CHECK)
@require_safe
def item(request: ActingRequest, code: str) -> HttpResponse:
    found = queries.item_for(code)
    versions = list(queries.versions(found))
    context = {
        "item": found,
        "versions": versions,
        "open": next((version for version in versions if not version.frozen), None),
        "history": told(list(entries_of("item", found.item_code))),
        "is_editor": may_edit(request.acting, found.organ_id),
        "may_end": may_edit(request.acting, found.organ_id) or request.acting.can(CHECK),
        "of_eight": linter.DISCLOSED_ELEMENTS,
    }
    return render(request, "desk/house/item.html", context)


class NewItem(forms.Form):
    item_code = forms.CharField(
        label=gettext_lazy("事项编码"),
        max_length=50,
        help_text=gettext_lazy("字母、数字和 . _ -，不超过 50 位。以后不能改。"),
    )
    name = forms.CharField(label=gettext_lazy("事项名称"), max_length=200)
    organ = forms.ChoiceField(label=gettext_lazy("实施主体"), widget=NameSelect)

    def __init__(self, *args: Any, by: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = by.organs(EDIT)
        rows = [(organ.code, name_of(organ)) for organ in registry.organs() if organ.pk in own]
        organ = self.fields["organ"]
        assert isinstance(organ, forms.ChoiceField)
        organ.choices = rows if len(rows) == 1 else [("", _("请选择")), *rows]


CODE_REFUSALS = {
    RefusalCode.ITEM_EXISTS: "item_code",
    RefusalCode.ITEM_DOCUMENT_INVALID: "item_code",
    RefusalCode.ITEM_ORGAN_UNKNOWN: "organ",
    RefusalCode.PERMISSION_MISSING: "organ",
}


@desk(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    form = NewItem(request.POST or None, by=request.acting)
    if form.is_valid():
        asked = form.cleaned_data
        document = {"item_code": asked["item_code"], "name": asked["name"], "implementing_org": asked["organ"]}
        with refused_on(form, CODE_REFUSALS):
            actions.create_draft(item_document_with_usual_parts(document), by=request.acting, at=timezone.now())
    if form.is_valid():
        return redirect("desk:item_edit", form.cleaned_data["item_code"], 1, "basics")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/item_new.html", {"form": form}, status=status)


def item_document_with_usual_parts(document: dict[str, Any]) -> dict[str, Any]:
    """The five stages stand in every procedure; to start from them saves typing."""
    return {**document, "procedure": {"stages": [{"stage": stage} for stage in item_document.STAGES]}}


@desk(EDIT)
@require_http_methods(["GET", "POST"])
def clone(request: ActingRequest, code: str) -> HttpResponse:
    source = queries.item_for(code)
    form = NewItem(request.POST or None, by=request.acting, initial={"name": source.name})
    del form.fields["name"]
    if form.is_valid():
        with refused_on(form, CODE_REFUSALS):
            actions.clone(
                code,
                form.cleaned_data["item_code"],
                organ_code=form.cleaned_data["organ"],
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        return redirect("desk:item_edit", form.cleaned_data["item_code"], 1, "basics")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/item_new.html", {"form": form, "source": source}, status=status)


@desk(EDIT)
@require_POST
def open_draft(request: ActingRequest, code: str) -> HttpResponse:
    version = actions.open_draft(code, by=request.acting, at=timezone.now())
    messages.success(request, _("已从现行版本起草第 %(number)s 版。") % {"number": version.number})
    return redirect("desk:item_edit", code, version.number, "basics")


# --- out of force -----------------------------------------------------------------------------------------------


class Reason(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class Retirement(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    basis = forms.CharField(
        label=gettext_lazy("取消依据"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("写明文件名称、文号和条款，会公开在事项页面上。"),
    )
    successor = forms.CharField(
        label=gettext_lazy("替代事项的编码"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("申请人会被引导到这个事项；没有就留空。"),
    )


@desk(EDIT, CHECK)
@require_http_methods(["GET", "POST"])
def suspend(request: ActingRequest, code: str) -> HttpResponse:
    found = queries.item_for(code)
    form = Reason(request.POST or None, initial={"seen": found.version})
    if form.is_valid():
        with refused_on(form):
            actions.suspend(
                code,
                reason=form.cleaned_data["reason"],
                by=request.acting,
                at=timezone.now(),
                seen=reading.seen(request),
            )
    if form.is_valid():
        messages.success(request, _("已暂停受理。在办的继续办理。"))
        return redirect("desk:item", code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "item": found, "act": "suspend"}
    return render(request, "desk/house/item_end.html", context, status=status)


@desk(EDIT, CHECK)
@require_POST
def resume(request: ActingRequest, code: str) -> HttpResponse:
    actions.resume(code, by=request.acting, at=timezone.now(), seen=reading.seen(request))
    messages.success(request, _("已恢复受理。"))
    return redirect("desk:item", code)


@desk(EDIT, CHECK)
@require_http_methods(["GET", "POST"])
def retire(request: ActingRequest, code: str) -> HttpResponse:
    found = queries.item_for(code)
    form = Retirement(request.POST or None, initial={"seen": found.version})
    if form.is_valid():
        with refused_on(form, {RefusalCode.ITEM_UNKNOWN: "successor"}):
            actions.retire(
                code,
                basis=form.cleaned_data["basis"],
                successor=form.cleaned_data["successor"].strip(),
                by=request.acting,
                at=timezone.now(),
                seen=reading.seen(request),
            )
    if form.is_valid():
        messages.success(request, _("已取消。指南页面保留，并注明取消依据。"))
        return redirect("desk:item", code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "item": found, "act": "retire"}
    return render(request, "desk/house/item_end.html", context, status=status)
