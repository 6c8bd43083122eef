"""Time as an office counts it: only the hours it is open, only on working days, one after another without a gap.

When it is open is read from when its people acted. Refuses to know who works when: an office has one day for all.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import SHANGHAI, start_of

EPOCH = date(2000, 1, 3)
NIGHT_SHARE = 0.02  # so few acts in the longest quiet stretch are overtime
_DAY = 24


@dataclass(frozen=True, slots=True)
class Hours:
    """`opens` o'clock in Shanghai, for `length` hours. A day that runs past midnight belongs to the day it began."""

    opens: int = 9
    length: int = 8


def hours_of(acts: Iterable[datetime]) -> Hours:
    """The complement of the longest stretch of the clock in which hardly anything was done; 9 to 17 where all is still."""
    counts = [0] * _DAY
    for act in acts:
        counts[act.astimezone(SHANGHAI).hour] += 1
    allowed = sum(counts) * NIGHT_SHARE
    if not any(counts):
        return Hours()
    best, night = 0, 0
    for begins in range(_DAY):
        acted = hours = 0
        while hours < _DAY - 1 and acted + counts[(begins + hours) % _DAY] <= allowed:
            acted += counts[(begins + hours) % _DAY]
            hours += 1
        if hours > night:
            best, night = begins, hours
    return Hours((best + night) % _DAY, _DAY - night)


@dataclass(frozen=True, slots=True)
class Office:
    hours: Hours
    calendar: Calendar

    def at(self, moment: datetime) -> float:
        """Open hours since the epoch; outside them the office's clock stands still."""
        shifted = moment.astimezone(SHANGHAI) - timedelta(hours=self.hours.opens)
        on = shifted.date()
        days = self.calendar.working_days(EPOCH, on)
        if not self.calendar.is_workday(on):
            return float(days * self.hours.length)
        since = (shifted - start_of(on)).total_seconds() / 3600
        return (days - 1) * self.hours.length + min(since, float(self.hours.length))

    def moment(self, hours: float) -> datetime:
        """The instant of so many open hours; where one day's end is the next one's beginning, the end."""
        days = max(math.ceil(hours / self.hours.length - 1e-9), 1)
        on = self.calendar.nth_working_day(EPOCH, days)
        rest = hours - (days - 1) * self.hours.length
        return start_of(on) + timedelta(hours=self.hours.opens + rest)
