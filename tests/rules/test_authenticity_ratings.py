"""E-1 to E-7: one line for each case; a "no" beside its "yes" that differs in one thing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zhengtong.rules.authenticity import ratings as rules
from zhengtong.rules.authenticity.ratings import Given
from zhengtong.rules.authenticity.thresholds import Thresholds, with_values

AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
LIMITS = Thresholds()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def one(n: int = 0, **facts) -> Given:
    given = Given(
        number=f"R{n}", at=AT + 5 * n * MINUTE, level=2, seconds=9, organ_id=1, officer_id=7, window_id=3,
        opened_at=AT - HOUR, subject_at=AT - HOUR, closes_at=AT + 7 * DAY,
    )  # fmt: skip
    return replace(given, **facts)


def many(count: int, **facts) -> list[Given]:
    return [one(n, **facts) for n in range(count)]


@pytest.mark.parametrize(
    ("ratings", "hits"),
    [
        (many(8, counter=True, seconds=2), 8),  # a clerk who presses for everybody
        (many(7, counter=True, seconds=2), 0),  # seven in a hurry, one after another
        (many(8, counter=True, seconds=5), 0),  # five seconds are enough to read three words
        (many(8, counter=True, seconds=2, level=4), 0),  # quick and not content: no brushing
        (many(8, seconds=2), 0),  # not at the counter: at home nobody is asked at that second
        ([*many(5, counter=True, seconds=2), one(5, counter=True), *(one(n, counter=True, seconds=2) for n in range(6, 12))], 0),
    ],
)  # fmt: skip
def test_e1_in_long_runs(ratings, hits):
    found = list(rules.seconds_in_runs(ratings, LIMITS))
    assert sum(len(suspicion.evidence) for suspicion in found) == hits


def test_e2_more_than_ten_an_hour_from_one_source():
    near = [one(n, at=AT + n * 5 * MINUTE) for n in range(11)]
    for source in ("device", "ip", "phone"):
        assert len(list(rules.one_source([replace(r, **{source: "x"}) for r in near], LIMITS))) == 1
        assert not list(rules.one_source([replace(r, **{source: "x"}) for r in near[:10]], LIMITS))  # ten are ten
    hall = [replace(r, ip="wifi", officer_id=n % 4) for n, r in enumerate(near)]  # everybody's address in the hall
    assert not list(rules.one_source(hall, LIMITS))
    slow = [one(n, at=AT + n * 6 * MINUTE, ip="x") for n in range(11)]  # the eleventh comes an hour after the first
    assert not list(rules.one_source(slow, LIMITS))
    tablet = [replace(r, device="x", ip="y", counter=True) for r in near]  # rates for everybody who comes to it
    assert not list(rules.one_source(tablet, LIMITS))
    clerk = [replace(r, device="x", ip="y", entered_by=9) for r in near]  # a clerk types in for many callers
    assert not list(rules.one_source(clerk, LIMITS))


def test_e3_without_a_service_or_before_it():
    assert rules.without_service(one()) is None
    assert rules.without_service(one(subject_at=None)).evidence[0].what == "without_service"
    assert rules.without_service(one(subject_at=AT + MINUTE)).evidence[0].what == "before_service"
    assert rules.without_service(one(opened_at=AT + MINUTE)).evidence[0].what == "before_service"


def test_e4_silence_turned_by_a_clerk():
    last = {"entered_by": 9, "closes_at": AT + 5 * HOUR}
    piled = [one(n, at=AT + 2 * n * MINUTE, **last) for n in range(5)]
    found = list(rules.typed_in_late(piled, LIMITS))
    assert [s.officer_id for s in found] == [9]  # the clerk's doing, whoever is praised
    assert not list(rules.typed_in_late(piled[:4], LIMITS))
    assert not list(rules.typed_in_late([*piled[:4], replace(piled[4], level=4)], LIMITS))  # one was not content
    assert not list(rules.typed_in_late([replace(r, closes_at=AT + 3 * DAY) for r in piled], LIMITS))  # slips, in time
    called = [one(n, at=AT + 4 * n * MINUTE, **last) for n in range(9)]  # calls of four minutes each
    assert not list(rules.typed_in_late(called, LIMITS))
    after = [one(entered_by=9, closes_at=AT - MINUTE)]  # what the flow refuses was written behind it
    assert len(list(rules.typed_in_late(after, LIMITS))) == 1


def test_e5_all_stars_and_people_say_otherwise():
    stars = many(50, level=1)
    assert rules.all_stars("2026-10", 7, stars, ["R1", "R2"], LIMITS).officer_id == 7
    assert rules.all_stars("2026-10", 7, stars, ["R1"], LIMITS) is None
    assert rules.all_stars("2026-10", 7, stars[:49], ["R1", "R2"], LIMITS) is None
    assert rules.all_stars("2026-10", 7, [*stars[:49], one(50, level=2)], ["R1", "R2"], LIMITS) is None
    buttons = many(50, level=2, counter=True)  # three buttons: the best says 满意
    assert rules.all_stars("2026-10", 7, buttons, ["R1", "R2"], LIMITS) is not None


def test_e6_from_phones_of_staff():
    own = one(phone="p", staff_organ=1)
    assert [s.rule for s in rules.from_staff([own], LIMITS)] == ["E-6"]
    assert not list(rules.from_staff([replace(own, level=5)], LIMITS))  # a colleague who complains brushes nothing up
    assert not list(rules.from_staff([replace(own, staff_organ=None)], LIMITS))
    citizen = [one(n, phone="p", staff_organ=2) for n in range(3)]  # an officer is a citizen before other organs
    assert not list(rules.from_staff(citizen, LIMITS))
    assert len(list(rules.from_staff([*citizen, one(3, phone="p", staff_organ=2)], LIMITS))) == 1


@pytest.mark.parametrize(
    ("nodes", "rated", "found"),
    [
        (1000, 999, True),  # 99.9 %
        (1000, 998, False),  # 99.8 %: not above
        (99, 99, False),  # too few to say anything
        (100, 100, True),
    ],
)
def test_e7_almost_everybody(nodes, rated, found):
    assert (rules.too_active("2026-10", 1, nodes, rated, LIMITS) is not None) is found


def test_the_numbers_are_the_rules_own():
    limits = with_values("E-1", {"seconds": 3, "run": 20})
    assert (limits.rating_seconds, limits.rating_run) == (3, 20)
    assert with_values("E-7", {"percent": 95}).rating_active_percent == 95.0
    assert with_values("E-3", {}) == LIMITS


def test_no_source_stands_in_clear_in_what_is_found():
    near = [one(n, at=AT + n * MINUTE, ip="a" * 64) for n in range(11)]
    found = next(rules.one_source(near, LIMITS))
    assert "a" * 64 not in str(found)
