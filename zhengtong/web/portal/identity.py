"""实名信息: whose name an application carries. Asked once, before the first application."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.registry import actions, queries
from zhengtong.rules.form_types import ID_KINDS
from zhengtong.rules.masking import mask_resident_id
from zhengtong.rules.refusal import RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.fields import ID_KIND_WORDS
from zhengtong.web.frame.refusals import refused_on

WHERE = {
    RefusalCode.CODE_RESIDENT_ID_FORM: "id_number",
    RefusalCode.CODE_RESIDENT_ID_REGION: "id_number",
    RefusalCode.CODE_RESIDENT_ID_BIRTH: "id_number",
    RefusalCode.CODE_RESIDENT_ID_CHECK: "id_number",
    RefusalCode.IDENTITY_TAKEN: "id_number",
    RefusalCode.TEXT_TOO_LONG: "name",
    RefusalCode.TEXT_CONTROL_CHARACTER: "name",
}


class Identity(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        help_text=gettext_lazy("与证件上的一字不差"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("请填写姓名。")},
    )
    id_kind = forms.ChoiceField(
        label=gettext_lazy("证件种类"),
        choices=[(kind, ID_KIND_WORDS[kind]) for kind in ID_KINDS],
        error_messages={"required": gettext_lazy("请选择证件种类。")},
    )
    id_number = forms.CharField(
        label=gettext_lazy("证件号码"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("请填写证件号码。")},
    )


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: ActingRequest) -> HttpResponse:
    account = cast("Any", request.user)
    person = queries.person_of(account.pk)
    target = request.POST.get("next") or request.GET.get("next") or ""
    target = target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""
    if person is not None:
        context = {"person": person, "masked": mask_resident_id(person.id_number), "next": target}
        return render(request, "portal/identity.html", context)
    form = Identity(request.POST or None, initial={"name": account.name, "id_kind": "111"})
    form.use_required_attribute = False
    if form.is_valid():
        with refused_on(form, WHERE):
            actions.claim_identity(account, key=str(uuid4()), **form.cleaned_data, by=request.acting, at=timezone.now())
    if form.is_bound and form.is_valid():
        messages.success(request, _("实名信息已登记。"))
        return redirect(target or "portal:my_cases")
    return render(request, "portal/identity.html", {"form": form, "next": target}, status=422 if form.errors else 200)
