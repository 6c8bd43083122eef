"""对我的评价: an officer's own counts by whole months, with the words that were published; never whose."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.domains.ratings import queries
from zhengtong.rules.ratings_figures import Counts
from zhengtong.rules.ratings_publication import may_detail
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.rating_words import LEVELS

MONTHS = 12


@never_cache
@desk()
@require_safe
def own(request: ActingRequest) -> HttpResponse:
    today = timezone.localdate()
    me, least = request.acting.officer_id, queries.least(today)
    months = queries.own_figures(me, MONTHS, on=today)
    total = sum((counts for _month, counts in months), Counts())
    context = {
        "months": [
            (month, counts, list(zip(LEVELS.values(), counts.levels, strict=True)) if may_detail(counts, least) else [])
            for month, counts in months
        ],
        "total": total,
        "detailed": may_detail(total, least),
        "levels": LEVELS.values(),
        "least": least,
        "newest": queries.published_month(today),
        "comments": [(LEVELS[one.level], one) for one in queries.own_comments(me, on=today)],
    }
    return render(request, "desk/ratings/own.html", context)
