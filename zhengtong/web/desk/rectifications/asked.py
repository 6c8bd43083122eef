"""好评回访: of each month's good ratings a part drawn by the published seal is asked about by phone (domain-rules §6.6)."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from zhengtong.domains.authenticity import actions
from zhengtong.domains.authenticity import queries as authenticity
from zhengtong.rules.authenticity.months import month_before, month_of
from zhengtong.rules.authenticity.sampling import RATINGS_PERCENT
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence, sentence_html

DRAWERS = (Ability.SUPERVISE, Ability.KEEP_HALL)
SEERS = (Ability.SEE_ALL, Ability.REVISIT)
MONTHS = 6  # back, that may still be drawn
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
RESULTS: dict[str, Promise] = {
    "same": gettext_lazy("说法一致"),
    "worse": gettext_lazy("说比原来差"),
    "not_mine": gettext_lazy("说没有评过"),
    "unreachable": gettext_lazy("没有联系上"),
}
ORIGINS: dict[str, Promise] = {"random": gettext_lazy("随机抽取"), "lead": gettext_lazy("来自线索")}


@desk(*SEERS)
@require_safe
def samples(request: ActingRequest) -> HttpResponse:
    return _list(request)


def _list(request: ActingRequest, refusal: Refusal | None = None) -> HttpResponse:
    drawn = authenticity.rating_samples()
    known, this = {sample.month for sample in drawn}, month_of(timezone.localdate())
    context = {
        "rows": drawn,
        "months": [m for m in (month_before(this, back) for back in range(1, MONTHS + 1)) if m not in known],
        "percent": RATINGS_PERCENT,
        "draws": request.acting.can(*DRAWERS),
        "refused": sentence_html(refusal) if refusal is not None else "",
    }
    return render(
        request, "desk/rectifications/samples.html", context, status=status_of(refusal.code) if refusal else 200
    )


@desk(*DRAWERS)
@require_POST
def draw(request: ActingRequest) -> HttpResponse:
    month = _month(request.POST.get("month", ""))
    try:
        actions.draw_ratings(month, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _list(request, refusal)
    messages.success(request, _("已抽取 %(month)s 的好评回访名单。") % {"month": month})
    return redirect("desk:rating_sample", month=month)


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise Http404
    return text


@desk(*SEERS)
@require_safe
def sample(request: ActingRequest, month: str) -> HttpResponse:
    return _sample(request, _month(month))


def _sample(request: ActingRequest, month: str, **shown: Any) -> HttpResponse:
    found = authenticity.rating_sample_for(request.acting, month)
    waiting = request.GET.get("all") != "1"
    rows = authenticity.asked_ratings(
        found, open_only=waiting, after=reading.number(request.GET.get("after")) or 0, limit=authenticity.PAGE
    )
    listed = rows[: authenticity.PAGE]
    context = {
        "sample": found,
        "waiting": waiting,
        "rows": [
            (row, ORIGINS[row.origin], RESULTS.get(row.result, ""), row.officer_id != request.acting.id)
            for row in listed
        ],
        "results": RESULTS.items(),
        "asks": request.acting.can(Ability.REVISIT),
        "after": listed[-1].pk if len(rows) > authenticity.PAGE else "",
        **shown,
    }
    return render(request, "desk/rectifications/sample.html", context)


@desk(Ability.REVISIT)
@require_POST
def reveal(request: ActingRequest, month: str, number: str) -> HttpResponse:
    """The page once more with whom to call. Not a redirect: what is revealed has no address."""
    row = authenticity.asked_rating_for(request.acting, _month(month), number)
    purpose = request.POST.get("purpose", "")
    shown: dict[str, Any] = {}
    try:
        shown["contact"] = actions.reveal_asked(row, purpose=purpose, by=request.acting, at=timezone.now())
        shown["contact_of"] = row.rating_number
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        messages.error(request, _("请写明查看的用途。") if not purpose.strip() else sentence(refusal))
    response = _sample(request, month, **shown)
    response["Cache-Control"] = "no-store"
    return response


@desk(Ability.REVISIT)
@require_POST
def tell(request: ActingRequest, month: str, number: str) -> HttpResponse:
    row = authenticity.asked_rating_for(request.acting, _month(month), number)
    try:
        actions.tell_asked(
            row, request.POST.get("result", ""), note=request.POST.get("note", ""), by=request.acting,
            at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("回访结果已登记。"))
    return redirect("desk:rating_sample", month=month)
