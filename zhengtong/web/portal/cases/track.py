"""查进度 with the slip: number and query code, no sign-in. Reading only, and the applicant's name is masked."""

from contextlib import suppress
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.ratings import names
from zhengtong.domains.ratings import queries as ratings
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.rating_code import rating_code
from zhengtong.web.frame.rating_words import KINDS
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.portal.cases import tracking
from zhengtong.web.portal.cases.case import standing

SLIPS = "slips"  # in the session: number → query code shown here
MOST_SLIPS = 20
WINDOW = 10 * 60
# A whole hall goes out through one address, so it may err more often than one number may be guessed at.
MOST_BY_NUMBER, MOST_BY_ADDRESS = 10, 40


class Slip(forms.Form):
    number = forms.CharField(
        label=_("办件编号"),
        help_text=_("在收件凭证上，22 位"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": _("请填写办件编号。")},
    )
    code = forms.CharField(
        label=_("查询码"),
        help_text=_("在办件编号下面"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "short"}
        ),
        error_messages={"required": _("请填写查询码。")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    form = Slip(request.POST if request.method == "POST" else None, initial={"number": request.GET.get("number", "")})
    form.use_required_attribute = False
    if form.is_valid():
        number, code = (form.cleaned_data[name].strip().upper() for name in ("number", "code"))
        if _spent(request, number):
            form.add_error(None, _("试得太多了。请十分钟后再试，或登录后在“我的办件”里查看。"))
            return render(request, "portal/cases/track.html", {"form": form}, status=429)
        with refused_on(form):
            try:
                case = cases.case_by_slip(number, code)
            except Refusal:
                _count(request, number)
                raise
            slips = {**request.session.get(SLIPS, {}), case.number: code}
            request.session[SLIPS] = dict(list(slips.items())[-MOST_SLIPS:])
            return redirect("portal:tracked", case.number)
    return render(request, "portal/cases/track.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    case = _known(request, number)
    context = standing(case, own=False) | {
        "masked_name": mask_name(case.applicant_name),
        "may": {},
        "codes": _codes(request, number),
    }
    return render(request, "portal/cases/case.html", context)


def _codes(request: HttpRequest, number: str) -> list[Any]:
    """By the slip one may ask for the link; whether the service is one's own is asked there."""
    found = []
    for node in ratings.open_about(("case", number), at=timezone.now()):
        token = names.token(node.key, names.SLIP)
        found.append((KINDS[node.kind], token, rating_code(request, token)))
    return found


@never_cache
@require_safe
def tracked_clock(request: HttpRequest, number: str) -> HttpResponse:
    case, today = _known(request, number), timezone.localdate()
    every = tracking.clocks(deadlines_of("case", number), cases.law_for(case).calendar, today)
    return render(request, "portal/cases/clock.html", {"case": case, "clocks": every, "today": today, "own": False})


def _known(request: HttpRequest, number: str) -> Any:
    code = request.session.get(SLIPS, {}).get(number)
    if code is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return cases.case_by_slip(number, code)


def _keys(request: HttpRequest, number: str) -> tuple[tuple[str, int], ...]:
    address = request.META.get("REMOTE_ADDR", "")
    safe = "".join(c for c in number if c.isascii() and c.isalnum())
    return ((f"track:number:{safe}", MOST_BY_NUMBER), (f"track:address:{address}", MOST_BY_ADDRESS))


def _spent(request: HttpRequest, number: str) -> bool:
    return any(cache.get(key, 0) >= most for key, most in _keys(request, number))


def _count(request: HttpRequest, number: str) -> None:
    for key, _most in _keys(request, number):
        if not cache.add(key, 1, WINDOW):
            with suppress(ValueError):  # it ran out between the two lines: nothing is left to count on
                cache.incr(key)
