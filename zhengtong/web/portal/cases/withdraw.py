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

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue.queries import edition
from zhengtong.flows.withdraw import withdraw as withdrawn
from zhengtong.rules.procedure import State, Step, check_step
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.refusals import refused_on


class Withdrawing(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么撤回"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-most": 500}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActingRequest, number: str) -> HttpResponse:
    """A page of its own asks first: a case withdrawn is closed, and its time does not come back."""
    case = cases.case_for(request.acting, number)
    data: Any = request.POST if request.method == "POST" else None
    form = Withdrawing(data, initial={"seen": case.version})
    if form.is_valid():
        with refused_on(form):
            withdrawn(number, **form.cleaned_data, by=request.acting, at=timezone.now())
    else:
        check_step(Step.WITHDRAW, State(case.state))
    if form.is_bound and form.is_valid():
        messages.success(request, _("申请已撤回。撤件确认可以在文书里下载。"))
        return redirect("portal:case", number)
    context = {"case": case, "item": edition(case.item_version_id), "form": form}
    return render(request, "portal/cases/withdraw.html", context, status=422 if form.errors else 200)
