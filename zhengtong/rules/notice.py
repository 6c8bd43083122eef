"""What a yearly holiday notice (国务院办公厅关于…部分节假日安排的通知) may say, and what it makes of each day.

Refuses to know where a notice came from; a slip in it would move thousands of due dates, so each one is told apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhengtong.rules.calendar import Day, DayKind
from zhengtong.rules.festivals import FIRST_YEAR, LAST_YEAR, statutory_days
from zhengtong.rules.refusal import Refusal, RefusalCode

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day a notice names: a day off, or a weekend day at work."""

    on: date
    off: bool
    name: str = ""  # the festival it belongs to


def days_of(year: int, entries: Iterable[NoticeDay]) -> tuple[Day, ...]:
    """The days of a notice with their kinds, in order. Refuses what cannot be true of a notice.

    A notice may reach back into December and forward into January: the days around 元旦 belong to one arrangement.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(RefusalCode.CALENDAR_YEAR_OUT_OF_RANGE, year=year, first=FIRST_YEAR, last=LAST_YEAR)
    days: dict[date, Day] = {}
    for entry in sorted(entries, key=lambda entry: entry.on):
        if not date(year - 1, 12, 20) <= entry.on <= date(year + 1, 1, 10):
            raise Refusal(RefusalCode.CALENDAR_DATE_OUTSIDE_NOTICE, year=year, date=entry.on)
        if entry.on in days:
            raise Refusal(RefusalCode.CALENDAR_DATE_TWICE, year=year, date=entry.on)
        days[entry.on] = _day(entry)
    if not days:
        raise Refusal(RefusalCode.CALENDAR_NOTICE_EMPTY, year=year)
    for on, name in statutory_days(year).items():
        if on in days:
            continue
        if on.weekday() < _SATURDAY:  # a page of the notice is missing
            raise Refusal(RefusalCode.CALENDAR_NOTICE_INCOMPLETE, year=year, festival=name)
        days[on] = Day(on, DayKind.HOLIDAY, name)  # on a weekend notices do not always name it
    return tuple(sorted(days.values(), key=lambda day: day.on))


def _day(entry: NoticeDay) -> Day:
    on, weekend = entry.on, entry.on.weekday() >= _SATURDAY
    statutory = statutory_days(on.year).get(on) if FIRST_YEAR <= on.year <= LAST_YEAR else None
    if entry.off:
        kind = DayKind.HOLIDAY if statutory else DayKind.WEEKEND if weekend else DayKind.SWAP_REST
        return Day(on, kind, entry.name or statutory or "")
    if statutory:
        raise Refusal(RefusalCode.CALENDAR_MAKE_UP_ON_STATUTORY_DAY, date=on, name=statutory)
    if not weekend:
        raise Refusal(RefusalCode.CALENDAR_MAKE_UP_ON_WORKDAY, date=on)
    return Day(on, DayKind.SWAP_WORK, entry.name)
