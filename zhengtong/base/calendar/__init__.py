"""The working calendar as data: each year's holiday notice, loaded by screen or file, and the calendar they make."""

from zhengtong.base.calendar.actions import foresee, load_notice, seed
from zhengtong.base.calendar.queries import (
    EDITION,
    current,
    days_ruled_by,
    missing_years,
    notice_days,
    notice_for,
    notices,
)
from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.notice import NoticeDay

__all__ = [
    "EDITION",
    "NoticeDay",
    "current",
    "days_ruled_by",
    "foresee",
    "load_notice",
    "missing_years",
    "notice_days",
    "notice_for",
    "notices",
    "seed",
    "shipped_calendar",
]
