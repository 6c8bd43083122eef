"""Counts by organ, section, person, window, item, hall, channel and platform, read from facts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Sum

from zhengtong.base.law import current_law
from zhengtong.domains.ratings.models import Fact
from zhengtong.domains.ratings.sums import MEASURES
from zhengtong.rules.ratings_figures import Counts, Rate
from zhengtong.rules.ratings_publication import last_month, may_detail

DELAY = "rating.staff_delay.days"

CUTS = {
    (): "organ",
    ("organ_id",): "organ",
    ("organ_id", "section_id"): "section",
    ("organ_id", "officer_id"): "person",
    ("organ_id", "window_id"): "window",
    ("organ_id", "item_id"): "item",
    ("organ_id", "hall_code"): "hall",
    ("organ_id", "channel"): "channel",
    ("organ_id", "platform"): "platform",
    ("section_id",): "section",
    ("officer_id",): "person",
    ("window_id",): "window",
    ("item_id",): "item",
    ("hall_code",): "hall",
    ("channel",): "channel",
    ("platform",): "platform",
}


def figures(
    since: date, until: date, *, by: tuple[str, ...] = ("organ_id",), organ_ids: Iterable[int] | None = None
) -> dict[tuple[str, ...], Counts]:
    """Counts of the services given from `since` to `until`, both included, by the cuts named in `CUTS`.

    Keys hold the cut's values as text, "" where a service has none: figures(…, by=("organ_id",)) → {("7",): Counts}.
    Read from facts: whole months by month, the rest by day.
    """
    cut = CUTS[by]
    found: dict[tuple[str, ...], Counts] = {}
    for organ_id, own_key, nodes, one, two, three, four, five, defaulted, excluded in _facts(
        cut, since, until, organ_ids
    ):
        key = tuple(str(organ_id) if name == "organ_id" else own_key for name in by)
        counts = Counts(nodes, (one, two, three, four, five), defaulted, excluded)
        found[key] = found.get(key, Counts()) + counts
    return found


def _facts(cut: str, since: date, until: date, organ_ids: Iterable[int] | None) -> Iterable[tuple[Any, ...]]:
    rows = Fact.objects.filter(_period(since, until), cut=cut)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=list(organ_ids))
    sums = {f"sum_{name}": Sum(name) for name in MEASURES}
    return rows.values("organ_id", "key").annotate(**sums).values_list("organ_id", "key", *sums)


def _period(since: date, until: date) -> Q:
    first = since if since.day == 1 else next_month(since)
    after = (until + timedelta(days=1)).replace(day=1)  # the first month that is not whole
    if first >= after:
        return Q(grain=Fact.DAY, day__gte=since, day__lte=until)
    return (
        Q(grain=Fact.MONTH, day__gte=first, day__lt=after)
        | Q(grain=Fact.DAY, day__gte=since, day__lt=first)
        | Q(grain=Fact.DAY, day__gte=after, day__lte=until)
    )


def next_month(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)


def published_month(on: date) -> date:
    """First day of the newest month whose ratings are published."""
    return last_month(on, current_law().value(DELAY, on))


def own_figures(officer_id: int, months: int, *, on: date) -> list[tuple[date, Counts]]:
    """An officer's own counts by month, newest first. Whole months only: day by day, one would see who it was."""
    newest = published_month(on)
    first = (newest - timedelta(days=31 * (months - 1))).replace(day=1)
    found = Fact.objects.filter(
        cut="person", grain=Fact.MONTH, day__gte=first, day__lte=newest, key=str(officer_id)
    ).order_by("-day")
    totals: dict[date, Counts] = {}
    for row in found:
        totals[row.day] = totals.get(row.day, Counts()) + _counts(row)
    return list(totals.items())


def item_satisfaction(item_id: int, *, on: date) -> Rate | None:
    """How a year's published ratings of an item were, for its page; None where too few would be told apart.

    Of whole months that may be told apart themselves: from one month to the next the year would tell a month of one.
    """
    law = current_law()
    newest = last_month(on, law.value(DELAY, on))
    found = Fact.objects.filter(
        cut="item", grain=Fact.MONTH, day__gt=newest.replace(year=newest.year - 1), day__lte=newest, key=str(item_id)
    )
    fewest = law.value("rating.publication.least", on)
    total = sum((counts for row in found if may_detail(counts := _counts(row), fewest)), Counts())
    return total.satisfaction if may_detail(total, fewest) else None


def _counts(row: Fact) -> Counts:
    levels = (row.level_1, row.level_2, row.level_3, row.level_4, row.level_5)
    return Counts(row.nodes, levels, row.defaulted, row.excluded)


def least(on: date) -> int:
    """Below how many ratings levels are not published one by one."""
    return int(current_law().value("rating.publication.least", on))


def weight(on: date) -> int:
    """Below how many ratings a score is drawn to its group."""
    return int(current_law().value("rating.shrink.count", on))
