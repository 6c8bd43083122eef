from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from zhengtong.base import editions, journal
from zhengtong.base.calendar.models import CalendarDay, HolidayNotice
from zhengtong.base.calendar.queries import EDITION, current
from zhengtong.base.calendar.shipped import shipped_notices
from zhengtong.base.journal import Event
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.kinds import Kind
from zhengtong.rules.notice import NoticeDay, days_of
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line


@transaction.atomic
def load_notice(
    year: int,
    days: Iterable[NoticeDay],
    *,
    source: str,
    by: Acting,
    at: datetime,
    title: str = "",
    document_no: str = "",
) -> list[date]:
    """Replaces a year's notice. Returns the days on which limits may now fall otherwise, in order.

    Those are the days that became working or free; and all days of a year that had no notice before, because what was
    provisional is firm now. Empty when the notice says what was known already: then nothing is written.
    """
    by.check(Ability.KEEP_CALENDAR)
    before = current()
    ruled = days_of(year, [_cleaned(day) for day in days])
    if before.is_published(year) and _already_said(year, ruled):
        return []
    _check_claims(year, ruled)
    revision = HolidayNotice.objects.filter(year=year).aggregate(last=Max("revision"))["last"] or 0
    CalendarDay.objects.filter(current=True, notice__year=year).update(current=False)
    HolidayNotice.objects.filter(year=year, current=True).update(current=False)
    notice = HolidayNotice(
        year=year,
        revision=revision + 1,
        title=clean_line(title, 200, "title") or _usual_title(year),
        document_no=clean_line(document_no, 60, "document_no"),
        source=clean_line(source, 500, "source"),
    )
    _insert([(notice, ruled)], by=by, at=at)
    editions.bump(EDITION)
    return _changed(before, current(), year)


@transaction.atomic
def seed(*, at: datetime) -> int:
    """Adds the notices of 2004–2026 that are missing. Returns how many were added; deadlines are not recomputed."""
    known = set(HolidayNotice.objects.values_list("year", flat=True))
    missing = [told for told in shipped_notices() if told.year not in known]
    _insert(
        [
            (
                HolidayNotice(year=told.year, revision=1, title=_usual_title(told.year), source=told.source),
                days_of(told.year, told.days),
            )
            for told in missing
        ],
        by=SYSTEM,
        at=at,
    )
    if missing:
        editions.bump(EDITION)
    return len(missing)


def _insert(notices: Sequence[tuple[HolidayNotice, Sequence[Day]]], *, by: Acting, at: datetime) -> None:
    """The journal keeps every day of a notice: the evidence for each due date that was computed from it."""
    for notice, _ in notices:
        notice.loaded_at, notice.loaded_by = at, by.name
    told = [
        (notice, [Event(Kind.CALENDAR_LOADED, {"days": [[day.on, day.kind, day.name] for day in ruled]})])
        for notice, ruled in notices
    ]
    journal.insert_all(told, by=by, at=at)
    CalendarDay.objects.bulk_create(
        CalendarDay(notice=notice, on=day.on, kind=day.kind.value, name=day.name)
        for notice, ruled in notices
        for day in ruled
    )


def _cleaned(day: NoticeDay) -> NoticeDay:
    return NoticeDay(day.on, day.off, clean_line(day.name, 20, "name"))


def _usual_title(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def _already_said(year: int, ruled: Iterable[Day]) -> bool:
    known = CalendarDay.objects.filter(current=True, notice__year=year).values_list("on", "kind", "name")
    return set(known) == {(day.on, day.kind.value, day.name) for day in ruled}


def _check_claims(year: int, ruled: Iterable[Day]) -> None:
    claimed = (
        CalendarDay.objects.filter(current=True, on__in=[day.on for day in ruled])
        .exclude(notice__year=year)
        .values_list("on", "notice__year")
        .first()
    )
    if claimed is not None:
        raise Refusal(RefusalCode.CALENDAR_DATE_CLAIMED, year=year, date=claimed[0], other_year=claimed[1])


def _changed(before: Calendar, after: Calendar, year: int) -> list[date]:
    first, last = date(year - 1, 12, 20), date(year + 1, 1, 10)
    newly_firm = not before.is_published(year)
    span = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [on for on in span if (newly_firm and on.year == year) or before.is_workday(on) != after.is_workday(on)]


def foresee(year: int, days: Iterable[NoticeDay]) -> tuple[Calendar, list[date]]:
    """What `load_notice` would make of a notice, without writing: the calendar then, and the days that change.

    Refuses whatever loading would refuse.
    """
    ruled = days_of(year, [_cleaned(day) for day in days])
    _check_claims(year, ruled)
    before = current()
    others = CalendarDay.objects.filter(current=True).exclude(notice__year=year).values_list("on", "kind", "name")
    then = {on: Day(on, DayKind(kind), name) for on, kind, name in others} | {day.on: day for day in ruled}
    after = Calendar(then, before.published | {year})
    return after, _changed(before, after, year)
