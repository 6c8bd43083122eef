"""When a limit ends, by tables and not by walking: fast, because every list and every step asks it.

`rules/explanation.py` counts the same periods day by day, independently; the two must always agree.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.period import OPEN_END, Due, Limit, Pause, Unit, end_of, local_date
from zhengtong.rules.refusal import Refusal, RefusalCode

_DAY = timedelta(days=1)
_Stretch = tuple[date, date | None]  # days d with since < d <= until; until None: without end


def due(
    start: date, limit: Limit, pauses: Sequence[Pause], calendar: Calendar, *, moment: datetime | None = None
) -> Due:
    """The last lawful instant of a limit that runs from `start`.

    A zero limit ends on the day it starts, even on a rest day: 当场 (art. 34) means the sitting, and who accepts on a
    rest day is at work then. A calendar-day limit ends on a working day (民法典 art. 203). A pause begun on or after
    the due day no longer moves it; an imposed moment is moved by nothing.
    """
    amount, unit = limit.amount, limit.unit
    if unit is Unit.MOMENT:
        if moment is None:
            raise Refusal(RefusalCode.CLOCK_MOMENT_MISSING)
        return Due(local_date(moment), moment)
    if amount == 0:
        return Due(start, end_of(start))
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
    return Due(on, end_of(on), _leans_on_unpublished(looked_at_from, on, calendar))


def elapsed(start: date, until: date, unit: Unit, pauses: Sequence[Pause], calendar: Calendar) -> int:
    """Days used by the end of `until`; an open pause lasts beyond it. For MOMENT plain days, whatever was paused."""
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
