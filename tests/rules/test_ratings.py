"""Levels, windows and formulae of 好差评 (domain-rules §6)."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.clock import SHANGHAI
from zhengtong.rules.ratings import (
    BY_CLERK,
    BY_DEVICE,
    BY_TOKEN,
    SIGNED_IN,
    Button,
    Channel,
    Level,
    Platform,
    check_button,
    check_level,
    check_reasons,
    check_window,
    closes_at,
    worse,
)
from zhengtong.rules.ratings_figures import Counts, Rate
from zhengtong.rules.refusal import Refusal, RefusalCode


def refused(code, act, *args):
    with pytest.raises(Refusal) as caught:
        act(*args)
    assert caught.value.code is code


# GB/T 39046 A.8: the code runs opposite to the stars.
LEVELS = [
    (1, 5, False),  # 非常满意
    (2, 4, False),  # 满意
    (3, 3, False),  # 基本满意
    (4, 2, True),  # 不满意
    (5, 1, True),  # 非常不满意
]


@pytest.mark.parametrize(("code", "stars", "bad"), LEVELS)
def test_code_stars_and_what_is_bad(code, stars, bad):
    assert (Level(code).stars, Level(code).bad) == (stars, bad)


@pytest.mark.parametrize("level", [0, 6, -1, -5, 10**30, True, "1", None, 2.0])
def test_no_other_level_is_one(level):
    refused(RefusalCode.RATING_LEVEL, check_level, level)


def test_each_button_means_its_level_and_no_other():
    assert check_button("satisfied", Level.SATISFIED) == Button.SATISFIED
    assert check_button("basically", Level.BASICALLY) == Button.BASICALLY
    assert check_button("dissatisfied", Level.DISSATISFIED) == Button.DISSATISFIED
    assert check_button("", Level.VERY_SATISFIED) == ""
    refused(RefusalCode.RATING_LEVEL, check_button, "dissatisfied", Level.SATISFIED)
    refused(RefusalCode.RATING_LEVEL, check_button, "very_satisfied", Level.VERY_SATISFIED)


def test_reasons_are_those_offered_on_that_platform():
    assert check_reasons(("attitude", "efficiency", "attitude"), Platform.HALL) == ["efficiency", "attitude"]
    refused(RefusalCode.RATING_REASON, check_reasons, ("platform",), Platform.HALL)
    refused(RefusalCode.RATING_REASON, check_reasons, ("attitude",), Platform.ONLINE)


def test_every_channel_proves_itself_in_one_way():
    ways = [SIGNED_IN, BY_TOKEN, BY_DEVICE, BY_CLERK]
    assert sorted(channel for way in ways for channel in way) == sorted(Channel)


def test_the_window_is_seven_days_after_the_day_of_the_service():
    closes = closes_at(date(2026, 9, 24), 7)
    assert closes == datetime(2026, 10, 1, 23, 59, 59, 999999, SHANGHAI)
    opened = datetime(2026, 9, 24, 2, tzinfo=UTC)
    check_window(opened, closes, opened)
    check_window(opened, closes, closes)
    refused(RefusalCode.RATING_TOO_EARLY, check_window, opened, closes, opened - timedelta(microseconds=1))
    refused(RefusalCode.RATING_CLOSED, check_window, opened, closes, closes + timedelta(microseconds=1))


def test_the_worse_rating_counts_whichever_came_first():
    assert [worse(2, None), worse(2, 5), worse(5, 1), worse(3, 3)] == [2, 5, 5, 3]


def test_formulae_print_their_base():
    counts = Counts(nodes=20, levels=(4, 3, 1, 1, 1), defaulted=6, excluded=1)
    assert counts.active == Rate(10, 20)
    assert counts.satisfaction == Rate(8, 10)  # 基本满意 counts as good
    assert counts.strict == Rate(7, 10)
    assert counts.bad == Rate(2, 10)
    assert counts.waiting == 3
    stands_behind = {
        "nodes": 20,
        "rated": 10,
        "good": 8,
        "strict": 7,
        "bad": 2,
        "level_5": 1,
        "defaulted": 6,
        "excluded": 1,
    }
    assert {measure: counts.count(measure) for measure in stands_behind} == stands_behind
    assert counts.plain_score == Fraction(100 * (4 * 5 + 3 * 4 + 3 + 2 + 1), 5 * 10)
    assert Counts().satisfaction.share is None
    assert Counts().plain_score is None


def test_few_ratings_are_drawn_to_the_mean_of_the_group():
    group = Counts(nodes=200, levels=(0, 100, 0, 0, 0))  # mean 80
    one = Counts(nodes=1, levels=(1, 0, 0, 0, 0))  # 100 by a single press
    assert one.score(group, 30) == Fraction(1 * 100 + 30 * 80, 31)
    assert Counts(nodes=5).score(group, 30) == 80  # nobody rated: the group's
    many = Counts(nodes=30, levels=(30, 0, 0, 0, 0))
    assert many.score(group, 30) == 100
    assert one.score(Counts(), 30) == 100  # no group to be drawn to


LEVEL_COUNTS = st.tuples(*[st.integers(0, 50)] * 5)


@given(LEVEL_COUNTS, LEVEL_COUNTS)
def test_a_score_lies_between_its_own_and_the_groups(own, group):
    counts, all_ = Counts(nodes=sum(own), levels=own), Counts(nodes=sum(group), levels=group)
    score = counts.score(all_, 30)
    known = [one for one in (counts.plain_score, all_.plain_score) if one is not None]
    assert (score is None) == (not known)
    if score is not None:
        assert min(known) <= score <= max(known)
        assert 20 <= score <= 100
