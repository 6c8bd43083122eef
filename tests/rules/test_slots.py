"""When a schedule holds, how it is cut, and when no-shows pause online booking."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.agency import levels_of, may_be_filed
from zhengtong.rules.clock import SHANGHAI
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import (
    WORKWEEK,
    Days,
    Pattern,
    Service,
    check_in_time,
    check_schedule,
    check_time,
    cut,
    held_days,
    held_on,
    less,
    paused_until,
)

CALENDAR = shipped_calendar()
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
WEEKEND = frozenset({5, 6})


def pattern(days: Days, weekdays: frozenset[int] = WORKWEEK, since: date = FIRST, until: date = LAST) -> Pattern:
    return Pattern(weekdays, days, since, until)


@pytest.mark.parametrize(
    ("days", "weekdays", "on", "held"),
    [
        (Days.WORKING, WORKWEEK, date(2026, 9, 24), True),  # a Thursday
        (Days.WORKING, WORKWEEK, date(2026, 9, 25), False),  # 中秋节, a Friday
        (Days.WORKING, WORKWEEK, date(2026, 9, 20), True),  # a Sunday worked instead of a holiday (调休)
        (Days.WORKING, frozenset({0, 1}), date(2026, 9, 20), False),  # a schedule of two weekdays stands in for nobody
        (Days.WORKING, frozenset({0, 6}), date(2026, 9, 20), True),  # one that names Sunday holds on a worked Sunday
        (Days.WORKING, frozenset({0, 6}), date(2026, 9, 13), False),  # and not on one of rest
        (Days.REST, WEEKEND, date(2026, 9, 19), True),  # Saturday service
        (Days.REST, WEEKEND, date(2026, 9, 20), False),  # not on a worked Sunday: the hall is open as usual
        (Days.REST, frozenset({3, 4}), date(2026, 10, 1), True),  # 国庆节, a Thursday
        (Days.REST, frozenset({3, 4}), date(2026, 9, 24), False),  # a Thursday of work
        (Days.ANY, frozenset({4}), date(2026, 9, 25), True),  # an evening session that asks no calendar
    ],
)
def test_a_schedule_holds_by_weekday_and_working_calendar(days, weekdays, on, held):
    assert held_on(pattern(days, weekdays), on, CALENDAR) is held


def test_a_schedule_holds_only_between_its_dates():
    short = pattern(Days.WORKING, since=date(2026, 9, 22), until=date(2026, 9, 24))
    assert held_days(short, date(2026, 9, 1), date(2026, 9, 30), CALENDAR) == [date(2026, 9, n) for n in (22, 23, 24)]
    assert held_days(short, date(2026, 9, 25), date(2026, 9, 30), CALENDAR) == []


@given(st.dates(FIRST, LAST), st.sets(st.integers(0, 6), min_size=1), st.sampled_from([Days.WORKING, Days.REST]))
def test_no_working_schedule_holds_on_a_day_of_rest_and_no_rest_schedule_on_a_day_of_work(on, weekdays, days):
    if held_on(pattern(days, frozenset(weekdays)), on, CALENDAR):
        assert CALENDAR.is_workday(on) is (days is Days.WORKING)


def test_a_session_is_cut_into_whole_slots_and_the_rest_is_none():
    assert list(cut(time(9), time(10, 10), 20)) == [
        (time(9), time(9, 20)), (time(9, 20), time(9, 40)), (time(9, 40), time(10)),
    ]  # fmt: skip
    assert list(cut(time(13, 30), time(14), 30)) == [(time(13, 30), time(14))]


@given(st.integers(0, 22 * 60), st.integers(5, 119), st.integers(5, 240))
def test_slots_follow_each_other_within_the_session(start, length, minutes):
    opens, closes = time(start // 60, start % 60), time((start + length) // 60, (start + length) % 60)
    slots = list(cut(opens, closes, minutes))
    assert len(slots) == length // minutes
    assert all(opens <= a < b <= closes for a, b in slots)
    assert all(before[1] == after[0] for before, after in pairwise(slots))


@pytest.mark.parametrize(
    ("spans", "gone", "left"),
    [
        ([(540, 720), (780, 1200)], [(1020, 1200)], [(540, 720), (780, 1020)]),  # an evening taken back
        ([(540, 1200)], [(720, 780)], [(540, 720), (780, 1200)]),  # a break
        ([(540, 660)], [(540, 660)], []),
        ([(540, 720)], [(780, 840)], [(540, 720)]),  # apart
        ([(540, 720)], [], [(540, 720)]),
        ([(540, 720)], [(500, 560), (700, 800)], [(560, 700)]),
    ],
)
def test_hours_taken_out_of_a_day(spans, gone, left):
    assert less(spans, gone) == left


@given(*[st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=4)] * 2)
def test_no_minute_taken_out_is_left_and_no_other_is_lost(spans, gone):
    hours, out = ([(start, start + length) for start, length in one] for one in (spans, gone))
    assert minutes(less(hours, out)) == minutes(hours) - minutes(out)


def minutes(spans: list[tuple[int, int]]) -> set[int]:
    return {minute for opens, closes in spans for minute in range(opens, closes)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weekdays": frozenset()}, RefusalCode.SCHEDULE_NO_WEEKDAY),
        ({"weekdays": frozenset({7})}, RefusalCode.SCHEDULE_NO_WEEKDAY),
        ({"until": date(2025, 12, 31)}, RefusalCode.DATES_REVERSED),
        ({"closes": time(9)}, RefusalCode.SCHEDULE_HOURS_BACKWARD),
        ({"minutes": 4}, RefusalCode.SCHEDULE_MINUTES),
        ({"minutes": 61}, RefusalCode.SCHEDULE_MINUTES),  # longer than the session
        ({"capacity": 0}, RefusalCode.SCHEDULE_CAPACITY),
        ({"until": date(9999, 12, 31)}, RefusalCode.SCHEDULE_TOO_LONG),
        ({"service": Service.EXTENDED}, RefusalCode.SCHEDULE_EXTENDED_TOO_LONG),  # a whole year
        ({"service": Service.EXTENDED, "until": date(2026, 4, 2)}, None),  # 92 days
        ({}, None),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(changes, code):
    given = {
        "weekdays": WORKWEEK, "until": LAST, "opens": time(9), "closes": time(10), "minutes": 20, "capacity": 5,
        "service": Service.NORMAL, **changes,
    }  # fmt: skip
    asked = pattern(Days.WORKING, given.pop("weekdays"), FIRST, given.pop("until"))
    if code is None:
        check_schedule(asked, **given)
    else:
        with pytest.raises(Refusal) as refused:
            check_schedule(asked, **given)
        assert refused.value.code is code


def sept(*days: int) -> list[date]:
    return [date(2026, 9, day) for day in days]


RULE = {"count": 3, "within": 30, "days": 7}


@pytest.mark.parametrize(
    ("missed", "on", "until"),
    [
        (sept(), date(2026, 9, 20), None),
        (sept(1, 10), date(2026, 9, 20), None),  # two are not three
        (sept(1, 10, 20), date(2026, 9, 20), date(2026, 9, 27)),  # the third brings it at once
        (sept(1, 10, 20), date(2026, 9, 19), None),  # before the third nothing is known of it
        (sept(1, 10, 20), date(2026, 9, 27), date(2026, 9, 27)),  # its seventh day
        (sept(1, 10, 20), date(2026, 9, 28), None),  # the day after
        (sept(1, 10, 30), date(2026, 9, 30), date(2026, 10, 7)),  # 29 days apart
        ([*sept(1, 10), date(2026, 10, 1)], date(2026, 10, 1), None),  # 30 days apart: the first has fallen out
        ([*sept(1, 10), date(2026, 10, 1), date(2026, 10, 5)], date(2026, 10, 5), date(2026, 10, 12)),  # 10, 1, 5
        (sept(20, 10, 1), date(2026, 9, 21), date(2026, 9, 27)),  # in any order
        (sept(10, 10, 10), date(2026, 9, 10), date(2026, 9, 17)),  # three on one day
        (sept(1, 2, 3, 4), date(2026, 9, 11), None),  # the fourth was booked before the pause and brings no second one
        (sept(1, 2, 3, 11, 12), date(2026, 9, 12), None),  # spent ones do not count again
        (sept(1, 2, 3, 11, 12, 13), date(2026, 9, 13), date(2026, 9, 20)),  # three new ones do
        (sept(1, 2, 28), date(2026, 9, 3), None),  # what is still to come does not count
    ],
)
def test_three_no_shows_in_thirty_days_pause_online_booking_for_seven(missed, on, until):
    assert paused_until(missed, on, **RULE) == until


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=12), st.dates(date(2026, 1, 1), date(2026, 5, 1))
)
def test_a_pause_never_lasts_longer_than_seven_days_after_a_no_show(missed, on):
    until = paused_until(missed, on, **RULE)
    if until is not None:
        assert on <= until
        assert until - timedelta(days=7) in missed


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 31)), min_size=1, max_size=12), st.data())
def test_excusing_a_no_show_of_a_row_of_three_ends_its_pause(missed, data):
    days = sorted(missed)[:3]
    if len(days) == 3 and paused_until(days, days[-1], **RULE) is not None:
        days.remove(data.draw(st.sampled_from(days)))
        assert paused_until(days, max(missed), **RULE) is None


STARTS = datetime(2026, 9, 24, 10, tzinfo=SHANGHAI)
ENDS = STARTS + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("minutes", "notice", "given"),
    [(-31, 30, True), (-30, 30, False), (-1, 0, True), (0, 0, False)],
)
def test_a_slot_is_given_until_shortly_before_it_begins(minutes, notice, given):
    at = STARTS + timedelta(minutes=minutes)
    if given:
        check_time(STARTS, at, notice=notice)
    else:
        with pytest.raises(Refusal) as refused:
            check_time(STARTS, at, notice=notice)
        assert refused.value.code is RefusalCode.SLOT_TOO_LATE


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(-31, RefusalCode.CHECK_IN_TOO_EARLY), (-30, None), (15, None), (30, None), (31, RefusalCode.CHECK_IN_TOO_LATE)],
)
def test_one_checks_in_from_half_an_hour_before_to_the_end(minutes, code):
    at = STARTS + timedelta(minutes=minutes)
    if code is None:
        check_in_time(STARTS, ENDS, at, before=30)
    else:
        with pytest.raises(Refusal) as refused:
            check_in_time(STARTS, ENDS, at, before=30)
        assert refused.value.code is code


@pytest.mark.parametrize(
    ("lowest", "village", "township", "county"),
    [
        ("", False, False, True),
        ("county", False, False, True),
        ("township", False, True, True),
        ("village", True, True, True),
    ],
)
def test_an_item_may_be_filed_on_its_level_and_above(lowest, village, township, county):
    assert [may_be_filed(lowest, level) for level in ("village", "township", "county")] == [village, township, county]
    assert list(levels_of(lowest)) == [
        level for level, may in zip(("village", "township", "county"), (village, township, county), strict=True) if may
    ]
