"""One version of an item: what the rules say of it, its preview, what changed, and its way to publication."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.catalogue import actions, queries
from zhengtong.exchange.item_words import finding_sentence, label, place
from zhengtong.rules import linter
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.differences import differences
from zhengtong.web.desk.house.document_form import control_name
from zhengtong.web.desk.house.items import CHECK, EDIT, may_edit
from zhengtong.web.desk.house.parts import PARTS, page_of
from zhengtong.web.frame.fields import control_id
from zhengtong.web.frame.refusals import refused_on, status_of
from zhengtong.web.frame.sentences import sentence_html


def found_in_words(findings: list[linter.Finding], code: str, number: int, *, linked: bool) -> list[dict[str, Any]]:
    """Findings as rows: rule, sentence, place, and where to mend it."""
    rows = []
    for finding in findings:
        url = reverse("desk:item_edit", args=[code, number, page_of(finding.path)])
        rows.append(
            {
                "rule": finding.rule,
                "is_error": finding.severity is linter.Severity.ERROR,
                "sentence": finding_sentence(finding),
                "place": place(finding.path),
                "url": f"{url}#{control_id(control_name(finding.path))}" if linked else "",
                "page": page_of(finding.path),
                "id": control_id(control_name(finding.path)),
            }
        )
    return rows


def context_of(request: ActingRequest, version: Any) -> dict[str, Any]:
    """What every page about a version shows in its head."""
    return {
        "item": version.item,
        "version": version,
        "parts": PARTS,
        "is_editor": may_edit(request.acting, version.item.organ_id),
        "is_checker": request.acting.can(CHECK),
        "editable": not version.frozen and may_edit(request.acting, version.item.organ_id),
    }


@desk(EDIT, CHECK)
@require_safe
def version(request: ActingRequest, code: str, number: int) -> HttpResponse:
    return _page(request, queries.version_numbered(code, number))


def _page(
    request: ActingRequest, shown: Any, form: forms.Form | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    context = context_of(request, shown)
    document = queries.document(shown.pk)
    findings = linter.lint(document, on=timezone.localdate())
    rows = found_in_words(findings, shown.item.item_code, shown.number, linked=context["editable"])
    context |= {
        "errors": [row for row in rows if row["is_error"]],
        "warnings": [row for row in rows if not row["is_error"]],
        "disclosed": [(label(key), filled) for key, filled in linter.disclosed(document).items()],
        "own_work": request.acting.id in (shown.edited_by_id, shown.drafted_by_id),
        "older": shown.number - 1,
        "form": form or Check(initial={"seen": shown.item.version}),
        "refused": sentence_html(refusal) if refusal else "",
    }
    status = HTTPStatus.OK
    if refusal is not None:
        status = HTTPStatus(status_of(refusal.code))
    elif form is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "desk/house/version.html", context, status=status)


# --- to publication ---------------------------------------------------------------------------------------------


class Check(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    opinion = forms.CharField(
        label=gettext_lazy("审核意见"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("退回时必须写明要改什么。"),
    )


@desk(EDIT)
@require_POST
def send(request: ActingRequest, code: str, number: int) -> HttpResponse:
    shown = queries.version_numbered(code, number)
    try:
        actions.send_to_check(shown.pk, by=request.acting, at=timezone.now(), seen=reading.seen(request))
    except Refusal as refusal:
        return _page(request, queries.version_numbered(code, number), refusal=refusal)
    messages.success(request, _("已提交合法性审核，由另一位同事审核。"))
    return redirect("desk:item_version", code, number)


@desk(CHECK)
@require_POST
def check(request: ActingRequest, code: str, number: int) -> HttpResponse:
    shown = queries.version_numbered(code, number)
    passed = request.POST.get("do") == "pass"
    form = Check(request.POST)
    if form.is_valid():
        with refused_on(form, {RefusalCode.ITEM_REASON_MISSING: "opinion"}):
            actions.check(
                shown.pk,
                passed=passed,
                opinion=form.cleaned_data["opinion"],
                by=request.acting,
                at=timezone.now(),
                seen=reading.seen(request),
            )
    if not form.is_valid():
        return _page(request, queries.version_numbered(code, number), form=form)
    messages.success(request, _("审核通过，可以发布。") if passed else _("已退回起草人。"))
    return redirect("desk:item_version", code, number)


@desk(EDIT, CHECK)
@require_POST
def publish(request: ActingRequest, code: str, number: int) -> HttpResponse:
    shown = queries.version_numbered(code, number)
    try:
        actions.publish(shown.pk, by=request.acting, at=timezone.now(), seen=reading.seen(request))
    except Refusal as refusal:
        return _page(request, queries.version_numbered(code, number), refusal=refusal)
    messages.success(request, _("已发布。新的申请按这一版办理，在办的仍按原来的版本。"))
    return redirect("desk:item", code)


# --- looking ----------------------------------------------------------------------------------------------------


@desk(EDIT, CHECK)
@require_safe
def changes(request: ActingRequest, code: str, older: int, newer: int) -> HttpResponse:
    before, after = queries.version_numbered(code, older), queries.version_numbered(code, newer)
    context = {
        "item": after.item,
        "before": before,
        "after": after,
        "groups": differences(
            queries.changes(before.pk, after.pk), queries.document(before.pk), queries.document(after.pk)
        ),
    }
    return render(request, "desk/house/changes.html", context)


@desk(EDIT, CHECK)
@require_http_methods(["GET"])
def preview(request: ActingRequest, code: str, number: int) -> HttpResponse:
    """The guide and the form as an applicant will meet them. Nothing typed here goes anywhere."""
    shown = queries.version_numbered(code, number)
    edition = queries.edition(shown.pk)
    context = context_of(request, shown) | {"edition": edition, "document": edition.document}
    return render(request, "desk/house/preview.html", context)
