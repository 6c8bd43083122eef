"""Knows when a schedule holds sessions, how a session is cut into slots, and when no-shows pause online booking.

Refuses to know the hall, the clock on the wall, and who has booked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from zhengtong.rules.calendar import Calendar, DayKind
from zhengtong.rules.clock import SHANGHAI
from zhengtong.rules.refusal import Refusal, RefusalCode

WORKWEEK = frozenset(range(5))  # Monday is 0
LEAST_MINUTES, MOST_MINUTES = 5, 240
MOST_CAPACITY = 500
MOST_DAYS = 1100  # three years: the calendar beyond is nobody's to promise
MOST_EXTENDED_DAYS = 92  # extended service is announced for a season, not for ever


class Service(StrEnum):
    """What kind of hours a schedule keeps (domain-rules §2.7). All but NORMAL are registered as lawful after-hours work."""

    NORMAL = "normal"
    EXTENDED = "extended"  # 延时服务
    STAGGERED = "staggered"  # 错时服务
    HOLIDAY = "holiday"  # 节假日服务


class Place(StrEnum):
    HALL = "hall"
    HOME = "home"  # 上门服务: an officer comes to the person


class Days(StrEnum):
    """Which days of the working calendar a schedule holds on, beside its days of the week."""

    WORKING = "working"
    REST = "rest"
    ANY = "any"


class Status(StrEnum):
    BOOKED = "BOOKED"
    CHECKED_IN = "CHECKED_IN"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"
    DONE = "DONE"  # a home visit that was made
    FAILED = "FAILED"  # a home visit that came to nothing


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a schedule holds: days of the week, days of the calendar, from a day to a day, both included."""

    weekdays: frozenset[int]
    days: Days
    since: date
    until: date


def held_on(pattern: Pattern, on: date, calendar: Calendar) -> bool:
    """A 调休 working Saturday takes the hours of a schedule that holds all week: it stands in for a day of the week."""
    if not pattern.since <= on <= pattern.until:
        return False
    if pattern.days is Days.ANY:
        return on.weekday() in pattern.weekdays
    working = calendar.is_workday(on)
    if pattern.days is Days.REST:
        return not working and on.weekday() in pattern.weekdays
    stands_in = calendar.day(on).kind is DayKind.SWAP_WORK and pattern.weekdays >= WORKWEEK
    return working and (on.weekday() in pattern.weekdays or stands_in)


def held_days(pattern: Pattern, since: date, until: date, calendar: Calendar) -> list[date]:
    first, last = max(since, pattern.since), min(until, pattern.until)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if held_on(pattern, day, calendar)]


def cut(opens: time, closes: time, minutes: int) -> Iterator[tuple[time, time]]:
    """The slots of one session; what is left at the end and shorter than a slot is no slot."""
    start, end = minute_of(opens), minute_of(closes)
    for begin in range(start, end - minutes + 1, minutes):
        yield _time(begin), _time(begin + minutes)


def instant(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, SHANGHAI)


def minute_of(clock: time) -> int:
    """Of the day."""
    return clock.hour * 60 + clock.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Minutes of a day as few spans: what touches or overlaps is one."""
    whole: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if whole and opens <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(closes, whole[-1][1]))
        else:
            whole.append((opens, closes))
    return whole


def less(spans: Iterable[tuple[int, int]], gone: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of minutes of a day when others are taken out of them."""
    left = sorted(spans)
    for start, end in gone:
        parts = (part for opens, closes in left for part in ((opens, min(closes, start)), (max(opens, end), closes)))
        left = [(opens, closes) for opens, closes in parts if opens < closes]
    return left


def check_schedule(pattern: Pattern, opens: time, closes: time, minutes: int, capacity: int, service: Service) -> None:
    if not pattern.weekdays or not pattern.weekdays <= frozenset(range(7)):
        raise Refusal(RefusalCode.SCHEDULE_NO_WEEKDAY)
    if pattern.since > pattern.until:
        raise Refusal(RefusalCode.DATES_REVERSED, since=pattern.since, until=pattern.until)
    if (pattern.until - pattern.since).days > MOST_DAYS:
        raise Refusal(RefusalCode.SCHEDULE_TOO_LONG, most=MOST_DAYS)
    if opens >= closes:
        raise Refusal(RefusalCode.SCHEDULE_HOURS_BACKWARD)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES or minutes > minute_of(closes) - minute_of(opens):
        raise Refusal(RefusalCode.SCHEDULE_MINUTES, least=LEAST_MINUTES, most=MOST_MINUTES)
    if not 1 <= capacity <= MOST_CAPACITY:
        raise Refusal(RefusalCode.SCHEDULE_CAPACITY, most=MOST_CAPACITY)
    if service is not Service.NORMAL and (pattern.until - pattern.since).days >= MOST_EXTENDED_DAYS:
        raise Refusal(RefusalCode.SCHEDULE_EXTENDED_TOO_LONG, most=MOST_EXTENDED_DAYS)


# --- no-shows (domain-rules §10: three in thirty days pause online booking for seven) ---------------------------


def paused_until(missed: Iterable[date], on: date, *, count: int, within: int, days: int) -> date | None:
    """The last day on which online booking is paused for this person, or None when it is open on `on`.

    `count` no-shows on days less than `within` days apart pause it, from the last of them for the `days` days after it.
    No-shows that have brought a pause are spent: the next pause asks for as many new ones. The counter stays open.
    """
    fresh: list[date] = []
    until: date | None = None
    for day in sorted(day for day in missed if day <= on):
        if until is not None and day <= until:
            continue  # of an appointment made before the pause: it brings no second one
        fresh = [one for one in fresh if (day - one).days < within] + [day]
        if len(fresh) >= count:
            until, fresh = day + timedelta(days=days), []
    return until if until is not None and on <= until else None


# --- one slot ----------------------------------------------------------------------------------------------------


def check_time(starts: datetime, at: datetime, *, notice: int = 0) -> None:
    """`notice`: minutes before the slot from which it is no longer given online; the counter may give it to the end."""
    if at >= starts - timedelta(minutes=notice):
        raise Refusal(RefusalCode.SLOT_TOO_LATE, minutes=notice)


def check_in_time(starts: datetime, ends: datetime, at: datetime, *, before: int) -> None:
    """Checking in begins `before` minutes ahead of the slot and ends with it."""
    opens = starts - timedelta(minutes=before)
    if at < opens:
        raise Refusal(RefusalCode.CHECK_IN_TOO_EARLY, opens=opens)
    if at > ends:
        raise Refusal(RefusalCode.CHECK_IN_TOO_LATE, ended=ends)
