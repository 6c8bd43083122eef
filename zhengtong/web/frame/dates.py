"""Dates and times in the words of each language: 2026年9月28日, 28 Sep 2026. Always the wall clock of Shanghai."""

from datetime import date, datetime

from django.utils import timezone, translation

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def in_english() -> bool:
    return (translation.get_language() or "").startswith("en")


def local_day(value: date | datetime) -> date:
    """The date of an instant in Shanghai; a date is its own."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day_words(value: date | datetime, *, weekday: bool = False) -> str:
    day = local_day(value)
    if in_english():
        words = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{_WEEKDAYS_EN[day.weekday()]} {words}" if weekday else words
    words = f"{day.year}年{day.month}月{day.day}日"
    return f"{words} 星期{_WEEKDAYS_ZH[day.weekday()]}" if weekday else words


def month_words(on: date) -> str:
    return f"{_MONTHS[on.month - 1]} {on.year}" if in_english() else f"{on.year}年{on.month}月"


def short_day_words(value: date | datetime) -> str:
    """Without the year, for lists of what is current: 9月28日, 28 Sep."""
    day = local_day(value)
    return f"{day.day} {_MONTHS[day.month - 1]}" if in_english() else f"{day.month}月{day.day}日"


def moment_words(value: datetime, *, seconds: bool = False) -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{day_words(local)}, {clock}" if in_english() else f"{day_words(local)} {clock}"


def weekday_words(value: date | datetime) -> str:
    day = local_day(value)
    return _WEEKDAYS_EN[day.weekday()] if in_english() else f"星期{_WEEKDAYS_ZH[day.weekday()]}"
