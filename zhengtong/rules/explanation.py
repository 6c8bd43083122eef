"""Why a limit ends where it ends: every day from the first to the last, counted or not, with the article that says so.

It walks the days one by one and shares only the calendar with `rules/counting.py`, so that each checks the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.period import OPEN_END, Due, Limit, Pause, Unit, end_of, local_date
from zhengtong.rules.refusal import Refusal, RefusalCode

_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why a day is counted, or is not."""

    START = "START"  # not counted: the day it began
    ON_THE_SPOT = "ON_THE_SPOT"  # a zero limit: the first day is the last
    WORKDAY = "WORKDAY"
    SWAP_WORK = "SWAP_WORK"  # counted: a weekend day worked by the notice
    NATURAL_DAY = "NATURAL_DAY"
    IMPOSED = "IMPOSED"  # shown, not ruled: the moment was set outside
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"
    SWAP_REST = "SWAP_REST"
    PAUSED = "PAUSED"
    END_ON_REST_DAY = "END_ON_REST_DAY"  # not counted: would be the last day, but is a rest day


ARTICLES: dict[Reason, str] = {
    Reason.START: "民法典第二百零一条",
    Reason.ON_THE_SPOT: "行政许可法第三十四条",
    Reason.WORKDAY: "行政许可法第八十二条",
    Reason.SWAP_WORK: "行政许可法第八十二条",
    Reason.NATURAL_DAY: "民法典第二百条",
    Reason.IMPOSED: "",
    Reason.WEEKEND: "行政许可法第八十二条",
    Reason.HOLIDAY: "行政许可法第八十二条",
    Reason.SWAP_REST: "行政许可法第八十二条",
    Reason.END_ON_REST_DAY: "民法典第二百零三条",
    # PAUSED is not here: each pause carries its own article.
}

_BY_KIND = {kind: Reason(kind.value) for kind in DayKind}


@dataclass(frozen=True, slots=True)
class DayLine:
    on: date
    kind: DayKind
    name: str  # the festival, in Chinese
    counted: bool
    number: int  # days counted up to and including this one
    reason: Reason
    article: str
    cause: str = ""  # of the pause, on a PAUSED line
    provisional: bool = False  # the year of this day has no notice yet


@dataclass(frozen=True, slots=True)
class Explanation:
    """`lines` has no gap; its last counted line is the due day, unless a pause holds the end open."""

    lines: tuple[DayLine, ...]
    due: Due


def explain(
    start: date,
    limit: Limit,
    pauses: Sequence[Pause],
    calendar: Calendar,
    *,
    until: date | None = None,
    moment: datetime | None = None,
) -> Explanation:
    """Every day from `start` to the due day.

    Under an open pause there is no due day; the lines then run to `until` (today, say), or without it to the day the
    pause began.
    """
    if limit.unit is Unit.MOMENT:
        return _imposed(start, moment, calendar)
    if limit.amount == 0:
        line = _line(calendar.day(start), calendar, Reason.ON_THE_SPOT, counted=True, number=0)
        return Explanation((line,), Due(start, end_of(start)))
    lines = [_line(calendar.day(start), calendar, Reason.START, counted=False, number=0)]
    number, on, provisional = 0, start, False
    while number < limit.amount:
        on += _DAY
        if (until is None or on > until) and _never_ends(on, pauses):
            return Explanation(tuple(lines), OPEN_END)
        pause = next((pause for pause in pauses if pause.covers(on)), None)
        day = calendar.day(on)
        is_last = number + 1 == limit.amount
        reason = _reason(day, limit.unit, is_last=is_last, paused=pause is not None)
        counted = reason in _COUNTED
        number += counted
        lines.append(_line(day, calendar, reason, counted=counted, number=number, pause=pause))
        # Natural days are the same in every calendar; only where the last one falls depends on a notice.
        if limit.unit is Unit.WORKING_DAY or is_last:
            provisional |= lines[-1].provisional
    return Explanation(tuple(lines), Due(on, end_of(on), provisional))


_COUNTED = frozenset({Reason.WORKDAY, Reason.SWAP_WORK, Reason.NATURAL_DAY})


def _reason(day: Day, unit: Unit, *, is_last: bool, paused: bool) -> Reason:
    if unit is Unit.WORKING_DAY:
        # A rest day inside a pause stays a rest day: PAUSED lines are then exactly the days the pause has cost.
        return Reason.PAUSED if paused and day.kind.works else _BY_KIND[day.kind]
    if paused:
        return Reason.PAUSED
    return Reason.END_ON_REST_DAY if is_last and not day.kind.works else Reason.NATURAL_DAY


def _never_ends(on: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.until is None and pause.since < on for pause in pauses)


def _line(
    day: Day, calendar: Calendar, reason: Reason, *, counted: bool, number: int, pause: Pause | None = None
) -> DayLine:
    paused = pause if reason is Reason.PAUSED else None
    return DayLine(
        on=day.on,
        kind=day.kind,
        name=day.name,
        counted=counted,
        number=number,
        reason=reason,
        article=paused.article if paused else ARTICLES[reason],
        cause=paused.cause if paused else "",
        provisional=not calendar.is_published(day.on.year),
    )


def _imposed(start: date, moment: datetime | None, calendar: Calendar) -> Explanation:
    """Plain days up to a moment set by somebody else; one line if that moment lies before the start."""
    if moment is None:
        raise Refusal(RefusalCode.CLOCK_MOMENT_MISSING)
    last = local_date(moment)
    first = min(start, last)
    lines = []
    for number in range((last - first).days + 1):
        begins = number == 0 and last > start
        lines.append(
            _line(
                calendar.day(first + number * _DAY),
                calendar,
                Reason.START if begins else Reason.IMPOSED,
                counted=not begins,
                number=number,
            )
        )
    return Explanation(tuple(lines), Due(last, moment))
