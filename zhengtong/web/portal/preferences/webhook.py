"""An enterprise's own system: where it is told of its cases, and the secret that signs what it is told."""

import secrets
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.messaging import actions, queries
from zhengtong.exchange.webhook import check_url
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.refusals import refused_on


class Address(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("回调地址"),
        help_text=gettext_lazy("办件有进展时，我们用 POST 把签了名的消息送到这个地址"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}),
        error_messages={"required": gettext_lazy("请填写回调地址。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: ActingRequest) -> HttpResponse:
    """Only for who acts for an enterprise now. A changed address gets a new secret, shown once."""
    enterprise = request.acting.enterprise_id
    if enterprise is None:
        raise Refusal(RefusalCode.MANDATE_MISSING)
    row = queries.webhook_of(enterprise)
    if request.POST.get("do") == "drop":
        actions.drop_webhook(enterprise)
        messages.success(request, _("已停止回调。"))
        return redirect("portal:webhook")
    form = Address(request.POST if request.method == "POST" else None, initial={"url": row.url if row else ""})
    secret = ""
    if form.is_valid():
        with refused_on(form, {RefusalCode.MESSAGE_WEBHOOK_ADDRESS: "url"}):
            url = check_url(form.cleaned_data["url"])
        if form.is_valid():
            secret = secrets.token_urlsafe(32)
            row = actions.set_webhook(enterprise, url, secret=secret, at=timezone.now())
    context = {"form": form, "row": row, "secret": secret}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "portal/preferences/webhook.html", context, status=status)
