"""When a month is scored, locked, disputed and published; who stands where among their peers; who stands last twice.

Refuses to act on any of it: a list of suggestions is read by people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from zhengtong.rules.calendar import Calendar


class Month(NamedTuple):
    year: int
    month: int

    @property
    def since(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def until(self) -> date:
        return self.next().since - timedelta(days=1)

    def next(self) -> "Month":
        return self.moved(1)

    def moved(self, months: int) -> "Month":
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    @property
    def quarter(self) -> tuple[int, int]:
        return self.year, (self.month - 1) // 3 + 1

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


def month_of(on: date) -> Month:
    return Month(on.year, on.month)


def month_from(text: str) -> Month | None:
    """`2026-10`; None for anything else."""
    year, dash, month = text.partition("-")
    if not (dash and text.isascii() and year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2):
        return None
    return Month(int(year), int(month)) if 1 <= int(month) <= 12 and 2000 <= int(year) <= 2059 else None


@dataclass(frozen=True, slots=True)
class Dates:
    """`provisional` (暂定): a day of it leans on a year whose holiday notice is not out."""

    lock_on: date
    appeal_until: date
    publish_on: date
    provisional: bool


def dates_of(month: Month, calendar: Calendar, *, lock: int, appeal: int, publish: int) -> Dates:
    """Locked on the 5th working day of the next month, disputed for 3, published from the 10th (domain-rules §5.6).

    All three are working days: the tenth calendar day would often come before the fifth working day has passed.
    """
    lock_on = calendar.nth_working_day(month.until, lock)
    until = calendar.nth_working_day(lock_on, appeal)
    publish_on = max(calendar.nth_working_day(month.until, publish), calendar.nth_working_day(until, 1))
    years = {lock_on.year, until.year, publish_on.year}
    return Dates(lock_on, until, publish_on, not all(calendar.is_published(year) for year in years))


# --- places ----------------------------------------------------------------------------------------------------------


class Entrant(NamedTuple):
    key: str
    group: str  # "" belongs to no group
    total: Decimal | None
    finished: int


class Place(NamedTuple):
    rank: int | None  # None: ranked with nobody
    of: int


def places(entrants: Sequence[Entrant], least_finished: int) -> dict[str, Place]:
    """Ranks inside peer groups only, from 30 finished cases on (§5.9). Equal totals share a rank; one alone has none."""
    groups: dict[str, list[Entrant]] = {}
    for one in entrants:
        if one.group and one.total is not None and one.finished >= least_finished:
            groups.setdefault(one.group, []).append(one)
    found = {one.key: Place(None, len(groups.get(one.group, ()))) for one in entrants}
    for members in groups.values():
        if len(members) > 1:
            for one in members:
                better = sum(_total(other) > _total(one) for other in members)
                found[one.key] = Place(better + 1, len(members))
    return found


def _total(one: Entrant) -> Decimal:
    return Decimal(0) if one.total is None else one.total


# --- last twice (末位) -------------------------------------------------------------------------------------------------


class Quarter(NamedTuple):
    year: int
    number: int

    def previous(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(Month(self.year, self.number * 3 - 2 + at) for at in range(3))


class QuarterScore(NamedTuple):
    """A quarter is the mean of its months (§5.5 T1)."""

    key: str
    group: str
    total: Decimal | None
    satisfaction: Fraction | None  # None: not known


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`below_median` None: satisfaction is not known, and then nothing is suggested."""

    key: str
    group: str
    totals: tuple[Decimal, Decimal]  # the earlier quarter, the later
    below_median: bool | None

    @property
    def suggested(self) -> bool:
        return self.below_median is True


def last_twice(earlier: Sequence[QuarterScore], later: Sequence[QuarterScore]) -> list[Suggestion]:
    """Last of the group in two consecutive quarters, and less satisfying than the group's median (§5.9). A suggestion."""
    before = {one.key: one for one in _last(earlier)}
    satisfied = _medians(later)
    found = []
    for one in _last(later):
        past = before.get(one.key)
        if past is None or past.group != one.group or past.total is None or one.total is None:
            continue
        median = satisfied.get(one.group)
        known = None if one.satisfaction is None or median is None else one.satisfaction < median
        found.append(Suggestion(one.key, one.group, (past.total, one.total), known))
    return found


def _last(scores: Sequence[QuarterScore]) -> list[QuarterScore]:
    groups: dict[str, list[QuarterScore]] = {}
    for one in scores:
        if one.group and one.total is not None:
            groups.setdefault(one.group, []).append(one)
    last: list[QuarterScore] = []
    for members in groups.values():
        lowest = min(one.total for one in members if one.total is not None)
        if len(members) > 1 and any(one.total != lowest for one in members):
            last += [one for one in members if one.total == lowest]
    return last


def _medians(scores: Sequence[QuarterScore]) -> Mapping[str, Fraction]:
    groups: dict[str, list[Fraction]] = {}
    for one in scores:
        if one.satisfaction is not None:
            groups.setdefault(one.group, []).append(one.satisfaction)
    return {
        group: (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
        for group, members in groups.items()
        if (ordered := sorted(members))
    }
