"""试用名单: the numbers and addresses that receive while the house is on trial, and to which a template may be tried."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.domains.messaging import actions, queries
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.messages.outbox import masked
from zhengtong.web.frame.refusals import refused_on

KEEP = Ability.KEEP_MESSAGES


class Listing(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("手机号或邮箱"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请填写手机号或邮箱。")},
    )
    note = forms.CharField(label=gettext_lazy("是谁的"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


@desk(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: ActingRequest) -> HttpResponse:
    form = Listing(request.POST or None)
    if form.is_valid():
        address = form.cleaned_data["address"].strip()
        with refused_on(form, {RefusalCode.CODE_MOBILE_FORM: "address"}):
            if "@" in address:
                try:
                    validate_email(address)
                except forms.ValidationError as fault:
                    form.add_error("address", fault)
            else:
                check_mobile(address)
        if form.is_valid():
            actions.list_guest(
                address, note=form.cleaned_data["note"], key=uuid4().hex, by=request.acting, at=timezone.now()
            )
            messages.success(request, _("已加入名单。"))
            return redirect("desk:guests")
    rows = queries.guests(request.acting)
    context = {
        "form": form,
        "rows": [(row, masked("mail" if "@" in row.address else "sms", row.address)) for row in rows],
        "trial": settings.MESSAGES_TRIAL,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "desk/messages/guests.html", context, status=status)


@desk(KEEP)
@require_POST
def strike(request: ActingRequest, guest: str) -> HttpResponse:
    actions.strike_guest(guest, by=request.acting, at=timezone.now())
    messages.success(request, _("已从名单里去掉。"))
    return redirect("desk:guests")
