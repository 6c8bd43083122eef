"""The statutory clock (行政许可法 arts. 42, 45, 82; 民法典 arts. 200–204), all of it under one name.

One convention runs through it: the day on which something begins is not counted (民法典 art. 201), be it the
acceptance or a pause. Refuses to know the present, the case, and who sets a limit.
"""

from zhengtong.rules.counting import due, elapsed
from zhengtong.rules.explanation import DayLine, Explanation, Reason, explain
from zhengtong.rules.lights import (
    DEFAULT_RULE,
    SIGNALS,
    Level,
    Light,
    Signal,
    SignalRule,
    Timeliness,
    level_at,
    light,
    next_signal,
    signals,
    timeliness,
    warn_at,
)
from zhengtong.rules.period import MOST_DAYS, SHANGHAI, Due, Limit, Pause, Unit, end_of, local_date, start_of

__all__ = [
    "DEFAULT_RULE",
    "MOST_DAYS",
    "SHANGHAI",
    "SIGNALS",
    "DayLine",
    "Due",
    "Explanation",
    "Level",
    "Light",
    "Limit",
    "Pause",
    "Reason",
    "Signal",
    "SignalRule",
    "Timeliness",
    "Unit",
    "due",
    "elapsed",
    "end_of",
    "explain",
    "level_at",
    "light",
    "local_date",
    "next_signal",
    "signals",
    "start_of",
    "timeliness",
    "warn_at",
]
