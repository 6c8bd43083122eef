from datetime import date
from functools import lru_cache

from zhengtong.base import editions
from zhengtong.base.calendar.models import CalendarDay, HolidayNotice
from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.refusal import Refusal, RefusalCode

EDITION = "calendar"


def current(edition: int | None = None) -> Calendar:
    """The calendar in force, read again only when the law has moved.

    `edition` is the edition of the law already read with the case, so that a step asks the database nothing more.
    """
    return _by_edition(editions.number(editions.LAW) if edition is None else edition)


@lru_cache(maxsize=4)  # of the law, under whose edition the parameters are kept as well
def _by_edition(_edition: int) -> Calendar:
    rows = CalendarDay.objects.filter(current=True).values_list("on", "kind", "name")
    published = HolidayNotice.objects.filter(current=True).values_list("year", flat=True)
    return Calendar({on: Day(on, DayKind(kind), name) for on, kind, name in rows}, set(published))


def notices() -> list[HolidayNotice]:
    """All notices of all revisions, newest year first, for the screen."""
    return list(HolidayNotice.objects.order_by("-year", "-revision"))


def notice_days(year: int) -> list[CalendarDay]:
    """The days of a year's current notice; empty while there is none."""
    return list(
        CalendarDay.objects.filter(current=True, notice__current=True, notice__year=year)
        .select_related("notice")
        .order_by("on")
    )


def missing_years(today: date, calendar: Calendar | None = None) -> list[int]:
    """Years without a notice that limits already reach: an alarm wherever it is not empty.

    This year always; the next from 1 November, when notices come out and 45-day limits begin to cross over.
    """
    known = calendar or current()
    reached = [today.year, today.year + 1] if today.month >= 11 else [today.year]
    return [year for year in reached if not known.is_published(year)]


def notice_for(year: int, revision: int) -> HolidayNotice:
    notice = HolidayNotice.objects.filter(year=year, revision=revision).first()
    if notice is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return notice


def days_ruled_by(notice: HolidayNotice) -> list[CalendarDay]:
    """The days one revision names, also a replaced one's."""
    return list(CalendarDay.objects.filter(notice=notice).order_by("on"))
