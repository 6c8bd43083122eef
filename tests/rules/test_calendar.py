"""The working calendar against three public records of the notices, and by its own laws."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.festivals import statutory_days
from zhengtong.rules.refusal import Refusal, RefusalCode

CALENDAR = shipped_calendar()
HOLIDAY_CN = json.loads((Path(__file__).parents[1] / "data" / "holiday-cn.json").read_text(encoding="utf-8"))["years"]
YEARS = range(2004, 2027)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


@cache
def worked_by_holidays(year: int) -> frozenset[date]:
    """What the package `holidays` says: a record of its own, made from the notices' texts."""
    record = holidays.country_holidays("CN", years=[year, year + 1])
    return frozenset(
        on for on in days_of(year) if on in record.weekend_workdays or (on.weekday() < 5 and on not in record)
    )


@cache
def worked_by_holiday_cn() -> frozenset[date]:
    """What holiday-cn says of 2007–2026; it begins with the notice for 2007."""
    off = {date.fromisoformat(on) for year in HOLIDAY_CN.values() for on in year["off"]}
    at_work = {date.fromisoformat(on) for year in HOLIDAY_CN.values() for on in year["work"]}
    return frozenset(
        on
        for year in range(2007, 2027)
        for on in days_of(year)
        if on in at_work or (on.weekday() < 5 and on not in off)
    )


# chinesecalendar leaves this Saturday out. It was worked: 国办发明电〔2005〕35号, 一: “12月31日(星期六)上班”.
FORGOTTEN_BY_CHINESECALENDAR = {date(2005, 12, 31)}


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    differing = {on for on in days_of(year) if CALENDAR.is_workday(on) != chinese_calendar.is_workday(on)}
    assert differing == {on for on in FORGOTTEN_BY_CHINESECALENDAR if on.year == year}


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_holidays(year: int) -> None:
    assert {on for on in days_of(year) if CALENDAR.is_workday(on)} == worked_by_holidays(year)


@pytest.mark.parametrize("year", range(2007, 2027))
def test_every_day_agrees_with_holiday_cn(year: int) -> None:
    worked = {on for on in worked_by_holiday_cn() if on.year == year}
    assert {on for on in days_of(year) if CALENDAR.is_workday(on)} == worked


def test_working_days_of_each_year() -> None:
    counted = [CALENDAR.working_days(date(year - 1, 12, 31), date(year, 12, 31)) for year in range(2007, 2027)]
    assert counted == [
        *(249, 251, 250, 250, 250, 249, 250, 250, 249, 250),  # 2007–2016
        *(249, 250, 250, 249, 250, 249, 249, 251, 248, 248),  # 2017–2026
    ]


WORKED_WEEKENDS_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
WEEKDAYS_OFF_2026 = [
    *("01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04", "05-05"),
    *("06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"),
]


def test_2026_by_name() -> None:
    worked = [f"{on:%m-%d}" for on in days_of(2026) if CALENDAR.day(on).kind is DayKind.SWAP_WORK]
    off = [f"{on:%m-%d}" for on in days_of(2026) if on.weekday() < 5 and not CALENDAR.is_workday(on)]
    assert worked == WORKED_WEEKENDS_2026
    assert off == WEEKDAYS_OFF_2026


@pytest.mark.parametrize(
    ("on", "kind", "name"),
    [
        (date(2026, 11, 20), DayKind.WORKDAY, ""),  # a Friday like any other
        (date(2026, 11, 21), DayKind.WEEKEND, ""),  # the Saturday after it
        (date(2026, 2, 16), DayKind.HOLIDAY, "春节"),  # 除夕, statutory since 2025
        (date(2015, 2, 18), DayKind.SWAP_REST, "春节"),  # 除夕 when it was not, yet free by the notice
        (date(2026, 2, 20), DayKind.SWAP_REST, "春节"),  # 初四
        (date(2026, 2, 21), DayKind.WEEKEND, "春节"),  # a Saturday inside the festival
        (date(2026, 2, 14), DayKind.SWAP_WORK, "春节"),  # the Saturday that pays for it
        (date(2026, 4, 5), DayKind.HOLIDAY, "清明节"),  # a statutory day on a Sunday
        (date(2015, 9, 3), DayKind.HOLIDAY, "抗日战争胜利纪念日"),  # once
        (date(2027, 2, 6), DayKind.HOLIDAY, "春节"),  # no notice yet: by law alone
        (date(2027, 2, 9), DayKind.WORKDAY, ""),  # 初四 2027: free only once a notice says so
    ],
)
def test_kinds(on: date, kind: DayKind, name: str) -> None:
    assert CALENDAR.day(on) == Day(on, kind, name)


@pytest.mark.parametrize("year", range(2004, 2061))
def test_statutory_days_agree_with_holidays(year: int) -> None:
    """Without its observed days, that package adds to the law's days only what a notice swapped or lengthened."""
    recorded = set(holidays.country_holidays("CN", years=year, observed=False))
    by_law = set(statutory_days(year))
    assert by_law <= recorded
    assert {CALENDAR.day(on).kind for on in recorded - by_law} <= {DayKind.SWAP_REST, DayKind.WEEKEND}
    assert year < 2027 or by_law == recorded


@pytest.mark.parametrize("year", range(2004, 2025))
def test_statutory_days_of_former_years_were_free(year: int) -> None:
    assert not [on for on in statutory_days(year) if CALENDAR.is_workday(on)]
    assert sum(CALENDAR.day(on).kind is DayKind.HOLIDAY for on in days_of(year)) == len(statutory_days(year))


def test_a_year_without_notice_is_weekends_and_thirteen_days() -> None:
    assert not CALENDAR.is_published(2027)
    free = {on for on in days_of(2027) if on.weekday() < 5 and not CALENDAR.is_workday(on)}
    assert free == {on for on in statutory_days(2027) if on.weekday() < 5}
    assert len(statutory_days(2027)) == 13


def test_a_notice_may_name_a_day_of_the_year_before() -> None:
    new_year = Calendar({date(2027, 12, 31): Day(date(2027, 12, 31), DayKind.SWAP_REST, "元旦")}, {2028})
    assert not new_year.is_workday(date(2027, 12, 31))
    assert CALENDAR.is_workday(date(2027, 12, 31))  # the same Friday without that notice


@pytest.mark.parametrize("year", [1999, 2061])
def test_years_outside_the_tables_are_refused(year: int) -> None:
    with pytest.raises(Refusal) as refused:
        CALENDAR.is_workday(date(year, 6, 1))
    assert refused.value.code is RefusalCode.CALENDAR_YEAR_OUT_OF_RANGE
    assert refused.value.facts == {"year": year, "first": 2000, "last": 2060}


dates = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(dates, dates)
def test_working_days_equal_a_count_by_hand(after: date, until: date) -> None:
    until = min(until, after + timedelta(days=800))
    days = (after + timedelta(days=offset) for offset in range(1, (until - after).days + 1))
    assert CALENDAR.working_days(after, until) == sum(CALENDAR.day(on).kind.works for on in days)


@given(st.lists(dates, min_size=3, max_size=3).map(sorted))
def test_working_days_add_up(ordered: list[date]) -> None:
    first, middle, last = ordered
    apart = CALENDAR.working_days(first, middle) + CALENDAR.working_days(middle, last)
    assert CALENDAR.working_days(first, last) == apart


@given(st.dates(date(2001, 1, 1), date(2050, 1, 1)), st.integers(1, 1_500))
def test_nth_working_day_is_the_inverse_of_counting(after: date, n: int) -> None:
    on = CALENDAR.nth_working_day(after, n)
    assert CALENDAR.is_workday(on)
    assert CALENDAR.working_days(after, on) == n


@given(st.dates(date(2010, 1, 1), date(2050, 1, 1)), st.integers(1, 1_500))
def test_counting_back_is_the_inverse_of_counting(before: date, n: int) -> None:
    on = CALENDAR.nth_working_day(before, -n)
    assert CALENDAR.is_workday(on)
    assert CALENDAR.working_days(on - timedelta(days=1), before - timedelta(days=1)) == n
