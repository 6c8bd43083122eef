"""Days of lock, dispute and publication over real holiday notices; places inside groups; last twice."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.scoring_months import (
    Entrant,
    Month,
    Place,
    Quarter,
    QuarterScore,
    dates_of,
    last_twice,
    month_from,
    places,
)

CALENDAR = shipped_calendar()


@pytest.mark.parametrize(
    ("month", "lock", "until", "publish", "provisional"),
    [
        (Month(2026, 8), "2026-09-07", "2026-09-10", "2026-09-14", False),  # a plain month
        # National Day 2026: rest 1–7 October, work on Saturday the 10th
        (Month(2026, 9), "2026-10-13", "2026-10-16", "2026-10-20", False),
        # Spring Festival 2026: rest 15–23 February, work on Saturday the 14th and the 28th
        (Month(2026, 1), "2026-02-06", "2026-02-11", "2026-02-13", False),
        # New Year and a weekend of work: 4 January 2026 is a working Sunday
        (Month(2025, 12), "2026-01-08", "2026-01-13", "2026-01-15", False),
        (Month(2024, 9), "2024-10-12", "2024-10-16", "2024-10-18", False),  # work on Saturday the 12th
        (Month(2026, 12), "2027-01-08", "2027-01-13", "2027-01-15", True),  # no notice for 2027 yet: 暂定
    ],
)
def test_dates_over_real_calendars(month, lock, until, publish, provisional):
    dates = dates_of(month, CALENDAR, lock=5, appeal=3, publish=10)
    assert (str(dates.lock_on), str(dates.appeal_until), str(dates.publish_on)) == (lock, until, publish)
    assert dates.provisional is provisional


@pytest.mark.parametrize("year", range(2008, 2027))
@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_locked_disputed_and_published_in_this_order(year, number):
    month = Month(year, number)
    dates = dates_of(month, CALENDAR, lock=5, appeal=3, publish=10)
    assert month.until < dates.lock_on < dates.appeal_until < dates.publish_on
    assert all(map(CALENDAR.is_workday, (dates.lock_on, dates.appeal_until, dates.publish_on)))
    assert CALENDAR.working_days(month.until, dates.lock_on) == 5


def test_publication_never_overtakes_the_disputes():
    dates = dates_of(Month(2026, 8), CALENDAR, lock=5, appeal=8, publish=10)
    assert dates.publish_on == CALENDAR.nth_working_day(dates.appeal_until, 1)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-10", Month(2026, 10)), ("2026-00", None), ("2026-13", None), ("2026-1", None), ("26-10", None),
        ("", None), ("2026-10-01", None), ("२०२६-१०", None), ("9999-01", None), ("2026/10", None),
    ],
)  # fmt: skip
def test_month_from_text(text, month):
    assert month_from(text) == month
    if month:
        assert str(month) == text


def test_months_move_over_the_year():
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2026, 1).moved(-1) == Month(2025, 12)
    assert Month(2026, 2).until == date(2026, 2, 28)


def entrant(key, group, total, finished=40):
    return Entrant(key, group, None if total is None else Decimal(total), finished)


def test_ranks_stand_inside_groups_and_equal_totals_share_one():
    ranked = places(
        [entrant("a", "g", 90), entrant("b", "g", 95), entrant("c", "g", 90), entrant("d", "g", 80), entrant("e", "h", 99), entrant("f", "h", 10)],
        30,
    )  # fmt: skip
    assert ranked == {
        "a": Place(2, 4), "b": Place(1, 4), "c": Place(2, 4), "d": Place(4, 4), "e": Place(1, 2), "f": Place(2, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        entrant("x", "g", 99, finished=29),  # too few cases (§5.9: at least 30)
        entrant("x", "", 99),  # in no group
        entrant("x", "g", None),  # nothing could be counted
    ],
)
def test_who_cannot_be_compared_is_ranked_with_nobody(odd):
    ranked = places([odd, entrant("a", "g", 50), entrant("b", "g", 60)], 30)
    assert ranked["x"].rank is None
    assert ranked["b"] == Place(1, 2)


def test_one_alone_has_no_rank():
    assert places([entrant("a", "g", 90)], 30) == {"a": Place(None, 1)}


def quarter(*rows):
    return [QuarterScore(key, "g", Decimal(total), satisfaction) for key, total, satisfaction in rows]


def test_last_twice_and_less_satisfying_is_suggested():
    share = Fraction
    earlier = quarter(("a", 90, None), ("b", 80, None), ("c", 70, None))
    later = quarter(("a", 90, share(9, 10)), ("b", 85, share(95, 100)), ("c", 60, share(8, 10)))
    (one,) = last_twice(earlier, later)
    assert (one.key, one.totals, one.below_median, one.suggested) == ("c", (70, 60), True, True)


@pytest.mark.parametrize(
    ("earlier", "later", "suggested"),
    [
        # last once only
        (("a", 60, None), ("a", 90, None), []),
        # satisfaction is not known yet: shown, and nothing suggested
        (("c", 60, None), ("c", 60, None), [("c", None)]),
        # the public is as content as elsewhere
        (("c", 60, None), ("c", 60, Fraction(99, 100)), [("c", False)]),
    ],
)
def test_who_is_not_suggested(earlier, later, suggested):
    others = [("x", 80, Fraction(9, 10)), ("y", 81, Fraction(9, 10))]
    found = last_twice(quarter(earlier, *others), quarter(later, *others))
    assert [(one.key, one.below_median) for one in found] == suggested
    assert not any(one.suggested for one in found)


def test_all_equal_has_no_last_and_a_changed_group_begins_anew():
    equal = quarter(("a", 80, None), ("b", 80, None))
    assert last_twice(equal, equal) == []
    moved = [one._replace(group="h") for one in quarter(("a", 60, None), ("b", 90, None))]
    assert last_twice(quarter(("a", 60, None), ("b", 90, None)), moved) == []


def test_quarters():
    assert Quarter(2026, 1).previous() == Quarter(2025, 4)
    assert [str(month) for month in Quarter(2026, 4).months] == ["2026-10", "2026-11", "2026-12"]
    assert Month(2026, 9).quarter == (2026, 3)
