"""When a limit ends, and why: statutory periods counted day by day (行政许可法 arts. 42, 45, 82; 民法典 arts. 200–204).

Refuses to know the present, the case, and who sets a limit. One convention runs through all of it: the day on which
something begins is not counted (民法典 art. 201), be it the acceptance or a pause.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from zhengtong.rules.calendar import Calendar, DayKind
from zhengtong.rules.refusal import Refusal, RefusalCode

SHANGHAI = timezone(timedelta(hours=8))  # no daylight saving since 1992, so a fixed offset needs no zone database
MOST_DAYS = 3_660  # ten years: a longer limit is a slip of the keyboard

_DAY = timedelta(days=1)
_END_OF_DAY = time(23, 59, 59, 999_999, tzinfo=SHANGHAI)
_MIDNIGHT = time(0, tzinfo=SHANGHAI)


class Unit(StrEnum):
    WORKING_DAY = "WORKING_DAY"
    CALENDAR_DAY = "CALENDAR_DAY"
    MOMENT = "MOMENT"  # an instant imposed from outside, e.g. an imported log's own deadline


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days. An extension (art. 42) is the same start with a larger amount. 0 means on the spot (当场).

    For MOMENT the amount says nothing; write 0.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MOST_DAYS:
            raise Refusal(RefusalCode.CLOCK_LIMIT_OUT_OF_RANGE, amount=self.amount, most=MOST_DAYS)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days not counted: since < d <= until. `until` None is a pause still open.

    `article` is what makes it lawful: art. 45 unless a local rule of the item says otherwise.
    """

    since: date
    until: date | None
    cause: str
    article: str = "行政许可法第四十五条"

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise Refusal(RefusalCode.CLOCK_PAUSE_BACKWARDS, since=self.since, until=self.until)

    def covers(self, on: date) -> bool:
        return self.since < on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Due:
    """The last lawful day and instant; both None while a pause holds the end open.

    `provisional` (暂定): the date leans on a year whose notice is not out. No card may rest on it.
    """

    on: date | None
    at: datetime | None
    provisional: bool = False


OPEN_END = Due(None, None)


def end_of(on: date) -> datetime:
    """24:00 of a day, as the last instant still inside it (民法典 art. 203 para. 2)."""
    return datetime.combine(on, _END_OF_DAY)


def start_of(on: date) -> datetime:
    return datetime.combine(on, _MIDNIGHT)


def local_date(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def due(
    start: date, limit: Limit, pauses: Sequence[Pause], calendar: Calendar, *, moment: datetime | None = None
) -> Due:
    """The last lawful instant of a limit that runs from `start`.

    A zero limit ends on the day it starts, even on a rest day: 当场 (art. 34) means the sitting, and who accepts on a
    rest day is at work then. A calendar-day limit ends on a working day (民法典 art. 203). A pause begun on or after the
    due day no longer moves it; an imposed moment is moved by nothing.
    """
    amount, unit = limit.amount, limit.unit
    if unit is Unit.MOMENT:
        if moment is None:
            raise Refusal(RefusalCode.CLOCK_MOMENT_MISSING)
        return Due(local_date(moment), moment)
    if amount == 0:
        return Due(start, datetime.combine(start, _END_OF_DAY))
    stretches = _merged(start, pauses) if pauses else ()
    if unit is Unit.WORKING_DAY:
        on = _nth_working_day(start, amount, stretches, calendar)
        looked_at_from = start
    else:
        eve = _nth_natural_day(start, amount - 1, stretches)
        # The nth day must be a working day, or the first one after it (民法典 art. 203 para. 1).
        on = None if eve is None else _first_working_day(eve, stretches, calendar)
        looked_at_from = eve or start
    if on is None:
        return OPEN_END
    return Due(on, datetime.combine(on, _END_OF_DAY), _leans_on_unpublished(looked_at_from, on, calendar))


def elapsed(start: date, until: date, unit: Unit, pauses: Sequence[Pause], calendar: Calendar) -> int:
    """Days used by the end of `until`. An open pause counts as lasting beyond `until`. MOMENT: plain days, no pauses."""
    if until <= start:
        return 0
    if unit is Unit.MOMENT:
        return (until - start).days
    used = calendar.working_days(start, until) if unit is Unit.WORKING_DAY else (until - start).days
    for since, ended in _merged(start, pauses):
        if since >= until:
            break
        last = until if ended is None else min(ended, until)
        used -= calendar.working_days(since, last) if unit is Unit.WORKING_DAY else (last - since).days
    return used


_Stretch = tuple[date, date | None]


def _merged(start: date, pauses: Iterable[Pause]) -> Sequence[_Stretch]:
    """Pauses as disjoint stretches in order, cut off at `start`; at most the last one is open."""
    merged: list[_Stretch] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        since, until = max(pause.since, start), pause.until
        if until is not None and until <= since:
            continue
        if not merged:
            merged.append((since, until))
            continue
        last_since, last_until = merged[-1]
        if last_until is None:
            break
        if since > last_until:
            merged.append((since, until))
        elif until is None or until > last_until:
            merged[-1] = (last_since, until)
    return merged


def _nth_working_day(start: date, n: int, stretches: Sequence[_Stretch], calendar: Calendar) -> date | None:
    position = start
    for since, until in stretches:
        before = calendar.working_days(position, since)
        if before >= n:
            break
        if until is None:
            return None
        n -= before
        position = until
    return calendar.nth_working_day(position, n)


def _nth_natural_day(start: date, n: int, stretches: Sequence[_Stretch]) -> date | None:
    position = start
    for since, until in stretches:
        before = (since - position).days
        if before >= n:
            break
        if until is None:
            return None
        n -= before
        position = until
    return position + timedelta(days=n)


def _first_working_day(after: date, stretches: Sequence[_Stretch], calendar: Calendar) -> date | None:
    return _nth_working_day(after, 1, [(max(s, after), u) for s, u in stretches if u is None or u > after], calendar)


def _leans_on_unpublished(after: date, until: date, calendar: Calendar) -> bool:
    if after.year == until.year:
        return not calendar.is_published(until.year)
    first = (after + _DAY).year  # `after` itself is never looked at
    return any(not calendar.is_published(year) for year in range(first, until.year + 1))
