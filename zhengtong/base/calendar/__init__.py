"""The working calendar as data: each year's holiday notice, loaded by screen or file, and the calendar they make."""

from zhengtong.base.calendar.actions import load_notice, seed
from zhengtong.base.calendar.queries import EDITION, current, missing_years, notice_days, notices
from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.notice import NoticeDay

__all__ = [
    "EDITION",
    "NoticeDay",
    "current",
    "load_notice",
    "missing_years",
    "notice_days",
    "notices",
    "seed",
    "shipped_calendar",
]
