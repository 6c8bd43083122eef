"""Which days an authority works: weekends, the yearly notice, and the law's own days where no notice is out yet.

Refuses to know where notices are kept and what day it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate

from zhengtong.rules.festivals import FIRST_YEAR, LAST_YEAR, statutory_days
from zhengtong.rules.refusal import Refusal, RefusalCode

_SATURDAY = 5


class DayKind(StrEnum):
    WORKDAY = "WORKDAY"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"  # a statutory day
    SWAP_REST = "SWAP_REST"  # 调休放假: a further day off by the notice
    SWAP_WORK = "SWAP_WORK"  # 周末上班

    @property
    def works(self) -> bool:
        return self in _WORKING_KINDS


_WORKING_KINDS = frozenset({DayKind.WORKDAY, DayKind.SWAP_WORK})


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    kind: DayKind
    name: str = ""  # the festival, in Chinese; empty for plain days


class _Year:
    """The working days of one year, counted once."""

    __slots__ = ("counted", "days", "first_ordinal")

    def __init__(self, first_ordinal: int, days: tuple[date, ...], length: int) -> None:
        self.first_ordinal = first_ordinal
        self.days = days
        working = {day.toordinal() - first_ordinal for day in days}
        # counted[k]: working days among the first k days of the year
        self.counted = list(accumulate((index in working for index in range(length)), initial=0))


class Calendar:
    """An immutable working calendar (行政许可法 art. 82; 全国年节及纪念日放假办法).

    `exceptions` are the days named in published notices. A year outside `published` is weekends plus the 13 statutory
    days, and every date computed in it is provisional (暂定); exceptions still hold there, because a notice may name
    days of the year before or after its own. Years outside 2000–2060 are refused.
    """

    __slots__ = ("_exceptions", "_published", "_years")

    def __init__(self, exceptions: Mapping[date, Day], published: Collection[int]) -> None:
        self._exceptions = dict(exceptions)
        self._published = frozenset(published)
        self._years: dict[int, _Year] = {}

    @property
    def published(self) -> frozenset[int]:
        return self._published

    def is_published(self, year: int) -> bool:
        return year in self._published

    def day(self, on: date) -> Day:
        if (exception := self._exceptions.get(on)) is not None:
            return exception
        year = on.year
        if year not in self._published:
            self._in_range(year)
            if (name := statutory_days(year).get(on)) is not None:
                return Day(on, DayKind.HOLIDAY, name)
        return Day(on, DayKind.WEEKEND if on.weekday() >= _SATURDAY else DayKind.WORKDAY)

    def is_workday(self, on: date) -> bool:
        table = self._year(on.year)
        index = on.toordinal() - table.first_ordinal
        return table.counted[index + 1] != table.counted[index]

    def working_days(self, after: date, until: date) -> int:
        """Working days d with after < d <= until; 0 when `until` is not later than `after`."""
        if until <= after:
            return 0
        first, last = after.year, until.year
        from_table = self._year(first)
        skipped = from_table.counted[after.toordinal() - from_table.first_ordinal + 1]
        if first == last:
            return from_table.counted[until.toordinal() - from_table.first_ordinal + 1] - skipped
        until_table = self._year(last)
        between = sum(len(self._year(year).days) for year in range(first, last))
        return between - skipped + until_table.counted[until.toordinal() - until_table.first_ordinal + 1]

    def nth_working_day(self, after: date, n: int) -> date:
        """The nth working day later than `after`; a negative n counts back from it; n = 0 is `after` itself."""
        if n == 0:
            return after
        year = after.year
        table = self._year(year)
        if n > 0:
            index = table.counted[after.toordinal() - table.first_ordinal + 1] + n - 1
            while index >= len(table.days):
                index -= len(table.days)
                year += 1
                table = self._year(year)
            return table.days[index]
        index = table.counted[after.toordinal() - table.first_ordinal] + n
        while index < 0:
            year -= 1
            table = self._year(year)
            index += len(table.days)
        return table.days[index]

    def _year(self, year: int) -> _Year:
        # Filled when first asked for; two threads may both fill it, with equal tables.
        return self._years.get(year) or self._fill(year)

    def _fill(self, year: int) -> _Year:
        self._in_range(year)
        first = date(year, 1, 1).toordinal()
        length = date(year, 12, 31).toordinal() - first + 1
        dates = (date.fromordinal(first + index) for index in range(length))
        table = _Year(first, tuple(on for on in dates if self.day(on).kind.works), length)
        self._years[year] = table
        return table

    @staticmethod
    def _in_range(year: int) -> None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refusal(RefusalCode.CALENDAR_YEAR_OUT_OF_RANGE, year=year, first=FIRST_YEAR, last=LAST_YEAR)
