"""The calendar as data: loading a notice, what it moves, what it refuses, and what is alarmed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from zhengtong.base import calendar, editions
from zhengtong.base.calendar.models import CalendarDay, HolidayNotice
from zhengtong.base.calendar.shipped import shipped_notices
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.models import Entry
from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.rules.calendar import DayKind
from zhengtong.rules.notice import NoticeDay
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MANAGER = Acting(ActorKind.OFFICER, 1, "钱中心", (PostHeld(Role.CENTRE_MANAGER, 1),))
HANDLER = Acting(ActorKind.OFFICER, 2, "孙承办", (PostHeld(Role.HANDLER, 1),))


def on(*days: str) -> list[date]:
    return [date.fromisoformat(day) for day in days]


def off(name: str, *days: str) -> list[NoticeDay]:
    return [NoticeDay(day, True, name) for day in on(*days)]


def at_work(name: str, *days: str) -> list[NoticeDay]:
    return [NoticeDay(day, False, name) for day in on(*days)]


# An invented notice for 2027: the law's own days, three days off more, two weekend days and one of December at work.
NOTICE_2027 = [
    *off("元旦", "2026-12-31", "2027-01-01", "2027-01-02"),
    *at_work("元旦", "2026-12-27"),
    *off("春节", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10"),
    *at_work("春节", "2027-01-31", "2027-02-20"),
    *off("清明节", "2027-04-05"),
    *off("劳动节", "2027-05-01", "2027-05-02"),
    *off("端午节", "2027-06-09"),
    *off("中秋节", "2027-09-15"),
    *off("国庆节", "2027-10-01", "2027-10-02", "2027-10-03"),
]


def load(days: Iterable[NoticeDay], year: int = 2027, by: Acting = MANAGER) -> list[date]:
    return calendar.load_notice(year, days, source="https://www.gov.cn/…", by=by, at=NOW)


def refusal(days: Iterable[NoticeDay], year: int = 2027) -> tuple[RefusalCode, dict[str, object]]:
    with pytest.raises(Refusal) as refused:
        load(days, year)
    assert not HolidayNotice.objects.filter(year=2027).exists()
    return refused.value.code, refused.value.facts


def test_the_shipped_notices_are_loaded_once() -> None:
    assert calendar.seed(at=NOW) == 23
    assert calendar.seed(at=NOW) == 0
    stored, shipped = calendar.current(), calendar.shipped_calendar()
    assert stored.published == shipped.published == set(range(2004, 2027))
    assert all(
        stored.day(day) == shipped.day(day)
        for day in (date.fromordinal(n) for n in range(date(2003, 12, 1).toordinal(), date(2028, 1, 1).toordinal()))
    )


def test_before_any_notice_the_law_alone_rules() -> None:
    empty = calendar.current()
    assert empty.published == frozenset()
    assert not empty.is_workday(date(2026, 10, 1))
    assert empty.is_workday(date(2026, 10, 7))  # free only by the notice


def test_a_notice_makes_a_year_firm_and_tells_the_changed_days() -> None:
    calendar.seed(at=NOW)
    assert not calendar.current().is_published(2027)
    changed = load(NOTICE_2027)
    now = calendar.current()
    assert now.is_published(2027)
    assert changed[:2] == on("2026-12-27", "2026-12-31")  # of the year before, only what turned round
    assert changed[2:] == [
        date.fromordinal(n) for n in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
    ]
    assert now.day(date(2027, 2, 10)).kind is DayKind.SWAP_REST
    assert now.day(date(2027, 2, 20)).kind is DayKind.SWAP_WORK
    assert now.day(date(2027, 2, 6)).kind is DayKind.HOLIDAY
    assert now.is_workday(date(2026, 12, 27))


def test_a_corrected_notice_replaces_the_old_one_and_keeps_it() -> None:
    calendar.seed(at=NOW)
    load(NOTICE_2027)
    corrected = [day for day in NOTICE_2027 if day.on not in on("2027-02-10", "2027-02-20")]
    assert load(corrected) == on("2027-02-10", "2027-02-20")
    assert calendar.current().is_workday(date(2027, 2, 10))
    told = HolidayNotice.objects.filter(year=2027).order_by("revision").values_list("revision", "current", "loaded_by")
    assert list(told) == [(1, False, "钱中心"), (2, True, "钱中心")]
    assert CalendarDay.objects.filter(on="2027-02-10").values_list("current", flat=True).get() is False
    assert [day.on for day in calendar.notice_days(2027)] == sorted(day.on for day in corrected)


def test_the_same_notice_again_changes_nothing() -> None:
    calendar.seed(at=NOW)
    load(NOTICE_2027)
    edition = editions.number(calendar.EDITION)
    assert load(reversed(NOTICE_2027)) == []
    assert editions.number(calendar.EDITION) == edition
    assert HolidayNotice.objects.filter(year=2027).count() == 1


def test_a_loaded_notice_stands_in_the_journal() -> None:
    load(NOTICE_2027)
    notice = HolidayNotice.objects.get(year=2027)
    entries = list(Entry.objects.filter(subject_kind="calendar", subject_key="2027-1"))
    assert [entry.kind for entry in entries] == ["calendar.loaded"]
    assert '["2027-02-20","SWAP_WORK","春节"]' in entries[0].facts
    assert check_subject(notice, entries) == []


def test_only_who_keeps_the_calendar_may_load_it() -> None:
    with pytest.raises(Refusal) as refused:
        load(NOTICE_2027, by=HANDLER)
    assert refused.value.code is RefusalCode.PERMISSION_MISSING
    assert load(NOTICE_2027, by=MANAGER)


@pytest.mark.parametrize(
    ("days", "code", "facts"),
    [
        ([], RefusalCode.CALENDAR_NOTICE_EMPTY, {"year": 2027}),
        (
            [day for day in NOTICE_2027 if day.name != "清明节"],  # a line of the notice forgotten
            RefusalCode.CALENDAR_NOTICE_INCOMPLETE,
            {"year": 2027, "festival": "清明节"},
        ),
        (
            [*NOTICE_2027, *off("国庆节", "2028-10-04")],  # a slip in the year
            RefusalCode.CALENDAR_DATE_OUTSIDE_NOTICE,
            {"year": 2027, "date": date(2028, 10, 4)},
        ),
        (
            [*NOTICE_2027, *at_work("春节", "2027-02-07")],  # off and at work
            RefusalCode.CALENDAR_DATE_TWICE,
            {"year": 2027, "date": date(2027, 2, 7)},
        ),
        (
            [*NOTICE_2027, *at_work("春节", "2027-02-22")],  # a Monday
            RefusalCode.CALENDAR_MAKE_UP_ON_WORKDAY,
            {"date": date(2027, 2, 22)},
        ),
        (
            [day for day in NOTICE_2027 if day.on != date(2027, 10, 2)] + at_work("国庆节", "2027-10-02"),
            RefusalCode.CALENDAR_MAKE_UP_ON_STATUTORY_DAY,
            {"date": date(2027, 10, 2), "name": "国庆节"},
        ),
    ],
)
def test_a_notice_that_cannot_be_true_is_refused(
    days: list[NoticeDay], code: RefusalCode, facts: dict[str, object]
) -> None:
    assert refusal(days) == (code, facts)
    load(NOTICE_2027)


def test_two_notices_may_not_rule_one_day() -> None:
    load(NOTICE_2027)
    with pytest.raises(Refusal) as refused:
        load([*off("元旦", "2026-12-31"), *next(n for n in shipped_notices() if n.year == 2026).days], year=2026)
    assert refused.value.code is RefusalCode.CALENDAR_DATE_CLAIMED
    assert refused.value.facts == {"year": 2026, "date": date(2026, 12, 31), "other_year": 2027}
    notice = HolidayNotice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(notice=notice, on=date(2026, 12, 31), kind="WORKDAY")


def test_names_are_cleaned() -> None:
    assert (
        refusal([*NOTICE_2027, NoticeDay(date(2027, 3, 6), False, "春\u202e节")])[0]
        is RefusalCode.TEXT_CONTROL_CHARACTER
    )
    assert refusal([*NOTICE_2027, NoticeDay(date(2027, 3, 6), False, "节" * 21)])[0] is RefusalCode.TEXT_TOO_LONG


@pytest.mark.parametrize("year", [1999, 2061])
def test_years_nobody_can_mean(year: int) -> None:
    assert refusal([NoticeDay(date(year, 1, 1), True)], year)[0] is RefusalCode.CALENDAR_YEAR_OUT_OF_RANGE


def test_the_calendar_is_read_once_an_edition(django_assert_num_queries) -> None:
    calendar.seed(at=NOW)
    calendar.current()
    with django_assert_num_queries(1):  # the edition
        known = calendar.current()
    edition = editions.number(editions.LAW)
    with django_assert_num_queries(0):  # an edition read together with the case
        assert calendar.current(edition) is known


def test_a_notice_that_was_rolled_back_leaves_no_trace_in_memory() -> None:
    calendar.seed(at=NOW)
    with transaction.atomic():
        load(NOTICE_2027)
        assert calendar.current().is_published(2027)
        transaction.set_rollback(True)
    assert not calendar.current().is_published(2027)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [2027]),  # notices come out now, and 45-day limits reach over
        (date(2027, 1, 1), [2027]),
        (date(2027, 12, 1), [2027, 2028]),
    ],
)
def test_a_missing_year_is_alarmed(today: date, missing: list[int]) -> None:
    calendar.seed(at=NOW)
    assert calendar.missing_years(today) == missing


def test_the_alarm_stops_when_the_notice_is_loaded() -> None:
    calendar.seed(at=NOW)
    load(NOTICE_2027)
    assert calendar.missing_years(date(2026, 11, 22)) == []


def test_editions_only_grow() -> None:
    assert editions.numbers(["a", "b"]) == {"a": 0, "b": 0}
    first, second = editions.bump("a"), editions.bump("a")
    assert 0 < first < second == editions.number("a")
    assert editions.number("b") == 0
