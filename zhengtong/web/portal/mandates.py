"""授权委托: who may act for me or for my enterprise, until when; taken back at any time."""

from datetime import timedelta
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

from zhengtong.domains.registry import actions, queries
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.refusals import refused_on

ONESELF = "self"
YEAR = timedelta(days=365)


class Giving(forms.Form):
    principal = forms.ChoiceField(
        label=gettext_lazy("以谁的名义授权"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择以谁的名义授权。")},
    )
    name = forms.CharField(
        label=gettext_lazy("代理人姓名"),
        max_length=100,
        error_messages={"required": gettext_lazy("请填写代理人姓名。")},
    )
    id_number = forms.CharField(
        label=gettext_lazy("代理人证件号码"),
        help_text=gettext_lazy("代理人须先在本平台登记实名信息"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请填写代理人证件号码。")},
    )
    since = forms.DateField(
        label=gettext_lazy("从哪天起"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": gettext_lazy("请填写日期。"), "invalid": gettext_lazy("没有这个日期。请改正。")},
    )
    until = forms.DateField(
        label=gettext_lazy("到哪天止"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": gettext_lazy("请填写日期。"), "invalid": gettext_lazy("没有这个日期。请改正。")},
    )
    scope = forms.CharField(
        label=gettext_lazy("可以办哪些事"),
        help_text=gettext_lazy("不填写就是全部事项"),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, principals: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field = self.fields["principal"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = principals


@never_cache
@citizen_door
@require_safe
def mandates(request: ActingRequest) -> HttpResponse:
    account_id, today = request.acting.id or 0, timezone.localdate()
    context = {
        "given": [
            (row, _standing(row, today), mask_name(row.agent.name)) for row in queries.mandates_given(account_id)
        ],
        "held": [(row, _standing(row, today)) for row in queries.mandates_held(account_id)],
        "has_identity": request.acting.person_id is not None,
    }
    return render(request, "portal/mandates.html", context)


def _standing(row: Any, today: Any) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if today < row.since:
        return "waiting"
    return "valid" if today <= row.until else "ended"


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: ActingRequest) -> HttpResponse:
    by, today = request.acting, timezone.localdate()
    if by.person_id is None:
        return redirect(f"/identity/?next={request.path}")
    mine = {
        str(one.pk): one
        for one in queries.enterprises_of(by.id or 0, today)
        if one.legal_representative_id == by.person_id
    }
    principals = [(ONESELF, _("我本人")), *((key, one.name) for key, one in mine.items())]
    initial = {"principal": ONESELF, "since": today, "until": today + YEAR}
    form = Giving(request.POST or None, principals=principals, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        with refused_on(form, {RefusalCode.DATES_REVERSED: "until"}, "id_number"):
            agent = queries.person_by_id_number(given["id_number"].strip().upper())
            if agent is None or agent.name != given["name"].strip():
                raise Refusal(RefusalCode.MANDATE_AGENT_UNKNOWN)
            enterprise = mine.get(given["principal"])
            actions.give_mandate(
                key=str(uuid4()),
                agent=agent,
                enterprise=enterprise,
                principal=None if enterprise else queries.person_of(by.id or 0),
                since=given["since"],
                until=given["until"],
                scope=given["scope"],
                by=by,
                at=timezone.now(),
            )
    if form.is_bound and form.is_valid():
        messages.success(request, _("授权已生效，对方登录后就能代办。"))
        return redirect("portal:mandates")
    return render(request, "portal/give_mandate.html", {"form": form}, status=422 if form.errors else 200)


@citizen_door
@require_POST
def revoke(request: ActingRequest, key: str) -> HttpResponse:
    account_id = request.acting.id or 0
    rows = [*queries.mandates_given(account_id), *queries.mandates_held(account_id)]
    row = next((one for one in rows if one.key == key), None)
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    actions.revoke_mandate(row, by=request.acting, at=timezone.now())
    messages.success(request, _("授权已收回，从现在起对方不能再代办。"))
    return redirect("portal:mandates")
