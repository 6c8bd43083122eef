"""帮办代办: ask for an agent for a project, read what was done, take it back."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.appointments import agencies
from zhengtong.domains.appointments.actions.agency import Asked
from zhengtong.flows.agency_ended import withdraw_agency
from zhengtong.flows.agency_requested import request_agency
from zhengtong.rules.agency import AgencyState, AgencyStep, agency_steps
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.frame.sentences import sentence
from zhengtong.web.portal import keyset
from zhengtong.web.portal.appointments.places import asked_item
from zhengtong.web.portal.appointments.words import AGENCY_STATES


class Request(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    project = forms.CharField(
        label=gettext_lazy("项目名称"),
        max_length=200,
        error_messages={"required": gettext_lazy("请填写项目名称。")},
    )
    need = forms.CharField(
        label=gettext_lazy("需要帮办哪些事"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "data-most": 1000}),
        error_messages={"required": gettext_lazy("请写明需要帮办哪些事。")},
    )
    name = forms.CharField(
        label=gettext_lazy("联系人"),
        max_length=100,
        error_messages={"required": gettext_lazy("请填写联系人。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("请填写手机号。")},
    )


@never_cache
@citizen_door
@require_safe
def requests(request: ActingRequest) -> HttpResponse:
    before = keyset.before(request)
    found = agencies.my_requests(request.acting.id or 0, before=before, limit=agencies.PAGE + 1)
    shown = found[: agencies.PAGE]
    context = {
        "rows": [(row, AGENCY_STATES[row.state]) for row in shown],
        "next": shown[-1].pk if len(found) > agencies.PAGE else "",
        "before": before or "",
    }
    return render(request, "portal/appointments/agencies.html", context)


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    account: Any = request.user
    initial = {"key": uuid4(), "name": account.name, "phone": account.phone}
    form, item = Request(request.POST or None, initial=initial), asked_item(request)
    form.use_required_attribute = False
    if form.is_valid():
        given = form.cleaned_data
        with refused_on(form, {RefusalCode.CODE_MOBILE_FORM: "phone"}):
            asked = Asked(
                str(given["key"]), given["project"], given["need"], given["name"], given["phone"],
                request.acting.enterprise_id, item,
            )  # fmt: skip
            row = request_agency(asked, by=request.acting, at=timezone.now())
            messages.success(request, _("已提交。指派代办员后会告诉您。"))
            return redirect("portal:agency_request", row.key)
    context = {"form": form, "item": item}
    return render(request, "portal/appointments/agency_new.html", context, status=422 if form.errors else 200)


@never_cache
@citizen_door
@require_safe
def page(request: ActingRequest, key: Any) -> HttpResponse:
    row = agencies.request_for(request.acting, str(key))
    context = {
        "row": row,
        "state": AGENCY_STATES[row.state],
        "notes": agencies.notes_of(row),
        "may_withdraw": AgencyStep.WITHDRAW in agency_steps(AgencyState(row.state)),
    }
    return render(request, "portal/appointments/agency.html", context)


@never_cache
@citizen_door
@require_POST
def withdraw(request: ActingRequest, key: Any) -> HttpResponse:
    row = agencies.request_for(request.acting, str(key))
    try:
        withdraw_agency(row, request.POST.get("reason", ""), seen=None, by=request.acting, at=timezone.now())
        messages.success(request, _("已撤回。"))
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    return redirect("portal:agency_request", row.key)
