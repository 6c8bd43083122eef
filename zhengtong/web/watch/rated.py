"""好评差评 on the wall: how the services of today and of this month were rated, and the bad ratings not put right yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from zhengtong.base.permission import Acting
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.rules.ratings_figures import Counts, Rate
from zhengtong.web.watch.reads import SEE


@dataclass(frozen=True, slots=True)
class Share:
    """满意率 with its base and the ratings behind it; `text` "—" where nobody rated."""

    text: str
    base: int
    url: str


@dataclass(frozen=True, slots=True)
class Rated:
    """`today` None: this person sees ratings by published months, and `month` is the newest of them."""

    today: Share | None
    month: Share
    until: date
    open: int
    late: int


def rated(by: Acting, organ_ids: Sequence[int] | None, today: date, at: datetime) -> Rated:
    """Three queries. Who reads one organ only sees the newest published month: from day to day its sums would tell
    each rating (保护评价人信息)."""
    live = by.can(SEE)
    month = ratings.published_month(today)
    until = today if live else date.fromordinal(ratings.next_month(month).toordinal() - 1)
    found = rectifications.counts(by, at=at)
    return Rated(
        _share(today, today, organ_ids) if live else None, _share(until.replace(day=1), until, organ_ids), until,
        found["open"], found["late"],
    )  # fmt: skip


def _share(since: date, until: date, organ_ids: Sequence[int] | None) -> Share:
    rate: Rate = ratings.figures(since, until, by=(), organ_ids=organ_ids).get((), Counts()).satisfaction
    text = f"{100 * rate.numerator / rate.base:.1f}%" if rate.base else "—"
    return Share(text, rate.base, _rows(since, until) if rate.base else "")


def _rows(since: date, until: date) -> str:
    asked: dict[str, Any] = {"measure": "rated", "since": since, "until": until}
    return f"{reverse('watch:rating_rows')}?{urlencode(asked)}"
