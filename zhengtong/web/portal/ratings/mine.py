"""我的评价: what I may rate, what I have rated, and one word more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.ratings import queries
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.rules.ratings import MOST_TEXT, Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.rating_words import KINDS, LEVELS, reason_words
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.portal import keyset
from zhengtong.web.portal.ratings.asking import HowForm

PAGE = 20


@never_cache
@citizen_door
@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    before, at = keyset.before(request), timezone.now()
    nodes = queries.my_nodes(request.acting, before=before, limit=PAGE + 1)
    rows = [_row(node, request.acting, at) for node in nodes[:PAGE]]
    following = f"?before={nodes[PAGE - 1].pk}" if len(nodes) > PAGE else ""
    context = {"rows": rows, "following": following, "first": "?" if before else ""}
    return render(request, "portal/ratings/mine.html", context)


def _row(node: Any, by: Any, at: Any) -> dict[str, Any]:
    rating = queries.own_rating(node, by)
    return {
        "node": node,
        "kind": KINDS[node.kind],
        "rating": rating,
        "level": LEVELS[rating.level] if rating else "",
        "follow_level": LEVELS[rating.follow_level] if rating and rating.follow_level else "",
        "open": node.state != "RATED" and at <= node.closes_at,
        "more": rating is not None and rating.followed_at is None and at <= queries.follow_up_until(rating),
    }


@never_cache
@citizen_door
@require_safe
def done(request: ActingRequest, key: str) -> HttpResponse:
    """What was said, and what happens with it now."""
    node = queries.node_for(request.acting, key)
    if node.level is None:
        return redirect("portal:rate", key)
    row = _row(node, request.acting, timezone.now())
    rating = row["rating"]
    reasons = [reason_words(rating.level)[code] for code in rating.reasons] if rating else []
    bad = rating is not None and Level(max(rating.level, rating.follow_level or 0)).bad
    mending = rectifications.for_ratings([rating.number]).get(rating.number) if bad and rating else None
    context = row | {"reasons": reasons, "bad": bad, "mending": mending}
    return render(request, "portal/ratings/done.html", context)


class MoreForm(HowForm):
    text = forms.CharField(
        label=gettext_lazy("追加的话"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-most": MOST_TEXT}),
    )


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: ActingRequest, key: str) -> HttpResponse:
    """追评, once. What was said before stays: the worse of the two counts."""
    node = queries.node_for(request.acting, key)
    rating = queries.own_rating(node, request.acting)
    if rating is None:
        raise Refusal(RefusalCode.RATING_NOT_GIVEN)
    form = MoreForm(request.POST or None, initial={"level": rating.level})
    if form.is_valid():
        with refused_on(form, {code: "text" for code in RefusalCode if code.value.startswith("text.")}):
            follow_up(key, **form.cleaned_data, by=request.acting, at=timezone.now())
        if form.is_valid():
            messages.success(request, _("追评已经记下，原来的评价也保留着。"))
            return redirect("portal:rated", key)
    context = {"node": node, "form": form, "level": LEVELS[rating.level], "until": queries.follow_up_until(rating)}
    return render(request, "portal/ratings/more.html", context, status=422 if form.errors else 200)
