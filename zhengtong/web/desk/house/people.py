"""Officers: who is there, who comes, who leaves. What somebody may do are posts; those stand in `posts`."""

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
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.registry import actions, queries
from zhengtong.flows import hand_over
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability, Role
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import NameSelect, day_field, name_of
from zhengtong.web.desk.house.history import told
from zhengtong.web.desk.house.posts import GivePost, Substitute
from zhengtong.web.frame.refusals import refused_on

KEEP, DISPATCH = Ability.KEEP_PEOPLE, Ability.DISPATCH
PAGE = 50
# Without letters and digits that are mistaken for each other when read out.
CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """Four groups of four: 79 bits, and can be read to somebody over a counter."""
    return "-".join("".join(secrets.choice(CHARACTERS) for _n in range(4)) for _g in range(4))


@desk(KEEP, DISPATCH)
@require_safe
def people(request: ActingRequest) -> HttpResponse:
    organ = queries.organ_by_code(code) if (code := reading.key(request, "organ")) else None
    rows = queries.officers(
        organ_id=organ.pk if organ else None,
        text=reading.words(request),
        after=reading.key(request, "after"),
        limit=PAGE + 1,
    )
    shown = rows[:PAGE]
    held = queries.posts_in_force([officer.pk for officer in shown], timezone.localdate())
    context = {
        "rows": [(officer, held.get(officer.pk, [])) for officer in shown],
        "after": shown[-1].staff_no if len(rows) > PAGE else "",
        "q": reading.words(request),
        "organ": organ,
        "organs": queries.organs(),
        "keeps": request.acting.can(KEEP),
    }
    return render(request, "desk/house/people.html", context)


@desk(KEEP, DISPATCH)
@require_safe
def officer(request: ActingRequest, staff_no: str) -> HttpResponse:
    return officer_page(request, staff_no)


def officer_page(
    request: ActingRequest,
    staff_no: str,
    *,
    post_form: forms.Form | None = None,
    substitute_form: forms.Form | None = None,
) -> HttpResponse:
    found = queries.officer_for(staff_no)
    today = timezone.localdate()
    context = {
        "officer": found,
        "posts": queries.posts_of(found.pk),
        "substitutions": queries.substitutions_of(found.pk),
        "history": told(list(entries_of("officer", found.staff_no))),
        "keeps": request.acting.can(KEEP),
        "is_self": request.acting.id == found.pk,
        "post_form": post_form or GivePost(initial={"organ": found.organ_id, "since": today}),
        "substitute_form": substitute_form or Substitute(principal=found, initial={"since": today}),
        "today": today,
    }
    bad = any(form is not None and form.errors for form in (post_form, substitute_form))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK
    return render(request, "desk/house/officer.html", context, status=status)


@desk(KEEP)
@require_POST
def give_post(request: ActingRequest, staff_no: str) -> HttpResponse:
    officer = queries.officer_for(staff_no)
    form = GivePost(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.SECTION_OF_OTHER_ORGAN: "section", RefusalCode.POST_HELD: "role"}):
            actions.give_post(
                officer,
                role=Role(asked["role"]),
                organ=queries.organ_for(asked["organ"]),
                section=queries.section_for(asked["section"]) if asked["section"] else None,
                since=asked["since"],
                by=request.acting,
                at=timezone.now(),
            )
    if not form.is_valid():
        return officer_page(request, staff_no, post_form=form)
    messages.success(request, _("已安排岗位。"))
    return redirect("desk:officer", staff_no)


class OfficerForm(forms.Form):
    staff_no = forms.CharField(
        label=gettext_lazy("工号"), max_length=30, help_text=gettext_lazy("用它登录，以后不能改。")
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100)
    organ = forms.TypedChoiceField(label=gettext_lazy("所属部门"), coerce=int, widget=NameSelect)
    window = forms.TypedChoiceField(
        label=gettext_lazy("窗口"), coerce=int, required=False, empty_value=None, widget=NameSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs: Any = self.fields["organ"]
        organs.choices = [("", _("请选择")), *((organ.pk, name_of(organ)) for organ in queries.organs())]
        windows: Any = self.fields["window"]
        windows.choices = [("", _("不在窗口")), *((one.pk, f"{one.hall} {one}") for one in queries.windows())]


@desk(KEEP)
@never_cache
@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Appoints somebody; their first password is shown on the answer, this once, and kept nowhere in clear."""
    form = OfficerForm(request.POST or None)
    password = first_password()
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.STAFF_NO_TAKEN: "staff_no", RefusalCode.TEXT_CONTROL_CHARACTER: "name"}):
            actions.appoint_with_account(
                staff_no=asked["staff_no"],
                name=asked["name"],
                organ=queries.organ_for(asked["organ"]),
                window=queries.window_for(asked["window"]) if asked["window"] else None,
                password=password,
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        found = queries.officer_for(form.cleaned_data["staff_no"].strip())
        return render(
            request, "desk/house/officer_password.html", {"officer": found, "password": password, "new": True}
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/officer_form.html", {"form": form}, status=status)


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def change(request: ActingRequest, staff_no: str) -> HttpResponse:
    found = queries.officer_for(staff_no)
    start = {"name": found.name, "organ": found.organ_id, "window": found.window_id, "seen": found.version}
    form = OfficerForm(request.POST or None, initial=start)
    del form.fields["staff_no"]
    if form.is_valid():
        asked = form.cleaned_data
        found.version = reading.seen(request)
        with refused_on(form, field=None):
            actions.change_officer(
                found,
                name=asked["name"],
                organ=queries.organ_for(asked["organ"]),
                window=queries.window_for(asked["window"]) if asked["window"] else None,
                by=request.acting,
                at=timezone.now(),
            )
    if form.is_valid():
        messages.success(request, _("已保存。"))
        return redirect("desk:officer", staff_no)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "officer": queries.officer_for(staff_no)}
    return render(request, "desk/house/officer_form.html", context, status=status)


@desk(KEEP)
@never_cache
@sensitive_variables("password")
@require_POST
def password(request: ActingRequest, staff_no: str) -> HttpResponse:
    """A new first password for somebody who has lost theirs; every session they had ends with the old one."""
    found = queries.officer_for(staff_no)
    new_password = first_password()
    actions.renew_password(found, password=new_password, by=request.acting, at=timezone.now())
    return render(request, "desk/house/officer_password.html", {"officer": found, "password": new_password})


class Leaving(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    last_day = day_field(gettext_lazy("最后在岗日"))


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def leave(request: ActingRequest, staff_no: str) -> HttpResponse:
    """Leaving ends all posts and puts what the officer holds back into the pool of its section."""
    found = queries.officer_for(staff_no)
    form = Leaving(request.POST or None, initial={"last_day": timezone.localdate(), "seen": found.version})
    moved = 0
    if form.is_valid():
        found.version = reading.seen(request)
        with refused_on(form):
            moved = hand_over.leave(found, last_day=form.cleaned_data["last_day"], by=request.acting, at=timezone.now())
    if form.is_valid():
        messages.success(request, _("已办离岗，%(count)s 件在手的办件退回待领。") % {"count": moved})
        return redirect("desk:officer", staff_no)
    held = cases.handed_over(found.pk, limit=PAGE + 1)
    context = {"form": form, "officer": found, "held": held[:PAGE], "more": len(held) > PAGE}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/officer_leave.html", context, status=status)
