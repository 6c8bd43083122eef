"""The services behind a figure of 好差评: what, where and how, never whose. Nobody shall find one's own visitor among them.

Rows of a stretch of time say the month, as the figure does, and name an item only where enough people rated it.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.domains.ratings import queries
from zhengtong.domains.ratings.labels import labels
from zhengtong.rules.ratings_figures import Counts
from zhengtong.rules.ratings_publication import may_detail, told_apart, told_within
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.dates import month_words
from zhengtong.web.frame.rating_words import CHANNELS, KINDS, LEVELS
from zhengtong.web.watch.periods import Period
from zhengtong.web.watch.ratings import GROUPS, MEASURES, WORDS, Asked, asked
from zhengtong.web.watch.reads import READ, SEE

PAGE, MOST_PAGES = 50, 2000
ALL_ALIKE = frozenset({"nodes", "rated", "defaulted"})  # what says of a service only whether it was rated
RATED = dict.fromkeys(LEVELS, gettext_lazy("已评价"))


@never_cache
@desk(SEE, READ)
@require_safe
def rows(request: ActingRequest) -> HttpResponse:
    """The services one figure counts: what, where, when by the day, and how; never whose."""
    measure = request.GET.get("measure", "")
    since, until = reading.day(request.GET.get("since")), reading.day(request.GET.get("until"))
    if measure not in MEASURES or since is None or until is None:
        raise Http404
    wanted = asked(request, Period("range", since, until))
    period = wanted.period
    group, key = request.GET.get("group", ""), reading.key(request, "key")
    if group not in GROUPS or not key:
        group, key = "", ""
    if group and group not in ("hall", "platform", "channel") and reading.number(key) is None:
        raise Http404
    number = min(reading.number(request.GET.get("page")) or 0, MOST_PAGES)
    counts, told = _behind(wanted, group, key)
    hidden = counts.rated > 0 and not told and measure not in ALL_ALIKE
    found = [] if hidden else queries.rows(
        measure, period.since, period.until, cut=group, key=key, organ_ids=wanted.organ_ids, page=number, limit=PAGE + 1
    )  # fmt: skip
    named = _items_told(wanted, group)
    context = {
        "wanted": wanted,
        "title": MEASURES[measure],
        "period": period,
        "hidden": hidden,
        "one_day": period.since == period.until,
        "name": labels(group, [key]).get(key) if group else None,
        "label": WORDS.get(group, {}).get(key, ""),
        "rows": [
            (
                one, month_words(one.on), KINDS[one.kind], str(one.item_id) in named,
                (LEVELS if told else RATED).get(one.level or 0, ""), CHANNELS.get(one.channel, "") if told else "",
            )
            for one in found[:PAGE]
        ],
        "count": 0 if hidden else counts.count(measure),
        "page_number": number,
        "following": number + 1 if len(found) > PAGE else "",
        "previous": number - 1 if number else "",
    }  # fmt: skip
    return render(request, "watch/ratings_rows.html", context)


def _behind(wanted: Asked, group: str, key: str) -> tuple[Counts, bool]:
    """What a figure counts, from facts (a million rows would take seconds), and whether its levels are told apart."""
    period = wanted.period
    by = (GROUPS[group][0],) if group else ()
    found = queries.figures(period.since, period.until, by=by, organ_ids=wanted.organ_ids)
    if not group:
        total = found.get((), Counts())
        return total, may_detail(total, wanted.least)
    apart = told_apart({one: counts for (one,), counts in found.items()}, wanted.least)
    return found.get((key,), Counts()), key in apart


def _items_told(wanted: Asked, group: str) -> frozenset[str]:
    """The items that rows may name: of a whole, and of an organ. A person's or a window's may have been one visitor's."""
    if group not in ("", "organ", "item"):
        return frozenset()
    period = wanted.period
    found = queries.figures(period.since, period.until, by=("organ_id", "item_id"), organ_ids=wanted.organ_ids)
    return told_within(found, wanted.least)
