"""满意率 of a month: its own ratings where there are enough, else the month before, else the median of the peers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.ratings_figures import Rate
from zhengtong.rules.scoring_quantities import Basis, quantity_from
from zhengtong.rules.scoring_satisfaction import NONE, satisfaction

LEAST = 30
GOOD, POOR, FEW = Rate(48, 50), Rate(30, 60), Rate(29, 29)


@pytest.mark.parametrize(
    ("own", "before", "peers", "basis", "value"),
    [
        (GOOD, POOR, (POOR,), Basis.OWN, Fraction(48, 50)),
        (Rate(30, 30), NONE, (), Basis.OWN, Fraction(1)),  # exactly enough
        (FEW, POOR, (GOOD,), Basis.BEFORE, Fraction(1, 2)),
        (FEW, FEW, (GOOD, POOR, FEW), Basis.PEERS, Fraction(73, 100)),  # (0.96 + 0.5) ÷ 2; who has few is no peer
        (NONE, NONE, (GOOD, POOR, Rate(36, 40)), Basis.PEERS, Fraction(9, 10)),  # the one in the middle
        (FEW, FEW, (FEW,), Basis.OWN, None),  # nobody has enough: no value, and the line is left out
        (NONE, NONE, (), Basis.OWN, None),
    ],
)
def test_what_a_month_rests_on(own, before, peers, basis, value):
    found = satisfaction(own, before, peers, LEAST)
    assert (found.basis, found.value) == (basis, value)
    assert quantity_from(found.name, found.to_json()) == found


RATES = st.integers(0, 200).flatmap(lambda of: st.integers(0, of).map(lambda good: Rate(good, of)))


@given(RATES, RATES, st.lists(RATES, max_size=6), st.integers(0, 60))
def test_it_is_a_share_or_nothing(own, before, peers, least):
    found = satisfaction(own, before, peers, least)
    assert found.value is None or 0 <= found.value <= 1
    assert (found.value is None) == all(one.base < max(least, 1) for one in (own, before, *peers))
