"""Posts given and ended, and who stands in for whom. The second is every officer's own to arrange."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.domains.registry import actions, queries
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import NameSelect, day_field, name_of
from zhengtong.web.desk.house.words import ROLES, SUBSTITUTION_KINDS, choices
from zhengtong.web.frame.refusals import refused_on

KEEP = Ability.KEEP_PEOPLE


class GivePost(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    organ = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=int, widget=NameSelect)
    section = forms.TypedChoiceField(
        label=gettext_lazy("科室"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=NameSelect,
        help_text=gettext_lazy("不选就是全部门的岗位。"),
    )
    since = day_field(gettext_lazy("从哪天起"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["role"].choices = [("", _("请选择")), *choices(ROLES)]
        fields["organ"].choices = [(organ.pk, name_of(organ)) for organ in queries.organs()]
        fields["section"].choices = [
            ("", _("不分科室")),
            *((one.pk, f"{name_of(one.organ)} {name_of(one)}") for one in queries.sections_of()),
        ]


class EndPost(forms.Form):
    last_day = day_field(gettext_lazy("最后一天"))


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def end(request: ActingRequest, staff_no: str, post: int) -> HttpResponse:
    found = queries.post_for(staff_no, post)
    form = EndPost(request.POST or None, initial={"last_day": timezone.localdate()})
    if form.is_valid():
        with refused_on(form, {RefusalCode.DATES_REVERSED: "last_day"}):
            actions.end_post(found, last_day=form.cleaned_data["last_day"], by=request.acting, at=timezone.now())
    if form.is_valid():
        messages.success(request, _("岗位已结束。"))
        return redirect("desk:officer", staff_no)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/post_end.html", {"form": form, "post": found}, status=status)


# --- AB 岗 and delegation ---------------------------------------------------------------------------------------


class Substitute(forms.Form):
    deputy = forms.CharField(
        label=gettext_lazy("代理人的工号"), max_length=30, help_text=gettext_lazy("从同部门的名单里选，或输入工号。")
    )
    kind = forms.ChoiceField(label=gettext_lazy("方式"))
    role = forms.ChoiceField(label=gettext_lazy("代理哪个岗位"), required=False)
    since = day_field(gettext_lazy("从哪天起"))
    until = day_field(gettext_lazy("到哪天止"))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)

    def __init__(self, *args: Any, principal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = choices(SUBSTITUTION_KINDS)
        fields["role"].choices = [("", _("全部岗位")), *choices(ROLES)]
        self.colleagues = [
            one for one in queries.officers(organ_id=principal.organ_id, limit=200) if one.pk != principal.pk
        ]
        fields["deputy"].widget.attrs.update({"list": "colleagues", "autocomplete": "off"})


REFUSALS = {
    RefusalCode.DATES_REVERSED: "until",
    RefusalCode.SUBSTITUTE_ONESELF: "deputy",
    RefusalCode.NOT_FOUND: "deputy",
}


@desk()
@require_http_methods(["GET", "POST"])
def substitution(request: ActingRequest) -> HttpResponse:
    """For oneself; or, with `?for=`, for a colleague, by who keeps people or dispatches."""
    other = reading.key(request, "for")
    principal = queries.officer_for(other) if other else queries.officer_by_id(request.acting.id)
    if principal.pk != request.acting.id:
        request.acting.check(KEEP, Ability.DISPATCH)
    form = Substitute(request.POST or None, principal=principal, initial={"since": timezone.localdate()})
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, REFUSALS):
            deputy = queries.officer_for(asked["deputy"].strip())
            actions.substitute(
                principal,
                deputy,
                since=asked["since"],
                until=asked["until"],
                reason=asked["reason"],
                role=asked["role"],
                kind=asked["kind"],
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        messages.success(request, _("已安排，代理人在起止日期内可以办您的岗位。"))
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "principal": principal,
        "is_self": principal.pk == request.acting.id,
        "rows": queries.substitutions_of(principal.pk),
        "today": timezone.localdate(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/substitution.html", context, status=status)


@desk()
@require_POST
def end_substitution(request: ActingRequest, row: int) -> HttpResponse:
    found = queries.substitution_for(row)
    try:
        actions.end_substitution(found, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code is not RefusalCode.PERMISSION_MISSING:
            raise
        raise Refusal(RefusalCode.NOT_FOUND) from None  # whose it is, is nobody else's business
    messages.success(request, _("代理已结束。"))
    if found.principal_id == request.acting.id:
        return redirect("desk:substitution")
    return redirect("desk:officer", found.principal.staff_no)
