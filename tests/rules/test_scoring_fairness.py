"""Fair rates against an independent computation in plain floats and an exact binomial sum."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.scoring_fairness import Funnel, Stratum, fair, standard

UNITS = {
    "a": {"x": Stratum(1, 40), "y": Stratum(9, 30)},
    "b": {"x": Stratum(4, 60)},
    "c": {"y": Stratum(12, 40)},
    "d": {"x": Stratum(0, 5), "y": Stratum(0, 3)},
    "e": {"x": Stratum(20, 100), "y": Stratum(30, 60)},
    "f": {"x": Stratum(1, 90), "y": Stratum(2, 50)},
}


def marshall(units):
    """The estimator as its paper writes it, in floats: O, E, θ = O/E, m, s², A, θ̃."""
    names = {name for mix in units.values() for name in mix}
    p = {
        n: sum(mix[n].late for mix in units.values() if n in mix) / sum(mix[n].cases for mix in units.values() if n in mix)
        for n in names
    }  # fmt: skip
    observed = {u: sum(s.late for s in mix.values()) for u, mix in units.items()}
    expected = {u: sum(s.cases * p[n] for n, s in mix.items()) for u, mix in units.items()}
    m = sum(observed.values()) / sum(expected.values())
    s2 = sum(expected[u] * (observed[u] / expected[u] - m) ** 2 for u in units) / sum(expected.values())
    spread = max(0, s2 - m / (sum(expected.values()) / len(units)))
    overall = sum(observed.values()) / sum(s.cases for mix in units.values() for s in mix.values())
    return {
        u: 1 - overall * (m + spread / (spread + m / expected[u]) * (observed[u] / expected[u] - m)) for u in units
    }, expected


def test_equals_an_independent_computation():
    against = standard(UNITS)
    rates, expected = marshall(UNITS)
    for name, mix in UNITS.items():
        one = fair(mix, against)
        assert float(one.on_time) == pytest.approx(rates[name], abs=1e-4), name
        assert float(one.expected) == pytest.approx(expected[name])


def test_the_mean_over_all_is_one_and_few_cases_move_far_toward_it():
    against = standard(UNITS)
    assert against.mean == 1  # every case of the standard is expected somewhere
    few, many = fair(UNITS["d"], against), fair(UNITS["e"], against)
    assert few.raw == 1
    assert float(few.on_time) < 1
    assert few.weight < many.weight < 1


def test_the_harder_mix_is_not_held_against_somebody():
    """Both are late as often as everybody is with such cases; only their mix differs."""
    units = {str(n): {"easy": Stratum(5, 100), "hard": Stratum(40, 100)} for n in range(5)}
    units |= {"easy": {"easy": Stratum(5, 100)}, "hard": {"hard": Stratum(40, 100)}}
    against = standard(units)
    easy, hard = fair(units["easy"], against), fair(units["hard"], against)
    assert (easy.raw, hard.raw) == (Fraction(95, 100), Fraction(60, 100))
    assert easy.on_time == hard.on_time
    assert easy.funnel is hard.funnel is Funnel.WITHIN


def test_few_peers_lean_on_thirty_cases():
    units = {"a": {"x": Stratum(6, 30)}, "b": {"x": Stratum(0, 30)}}
    one = fair(units["a"], standard(units))
    assert one.weight == Fraction(1, 2)  # 30 of its own, 30 of the peers (§6.6)
    assert one.on_time == Fraction(85, 100)  # between its 80 % and the common 90 %


def test_nobody_late_is_everybody_on_time():
    units = {str(n): {"x": Stratum(0, n + 1)} for n in range(6)}
    one = fair(units["3"], standard(units))
    assert (one.on_time, one.limits, one.funnel) == (1, (0, 0), Funnel.WITHIN)


def test_without_a_case_there_is_nothing_to_say():
    assert fair({}, standard(UNITS)) is None
    assert standard({}).units == 0


def tails(cases, chance, limits):
    mass = [math.comb(cases, k) * chance**k * (1 - chance) ** (cases - k) for k in range(cases + 1)]
    return sum(mass[: limits[0]]), sum(mass[limits[1] + 1 :])


@given(st.integers(1, 120), st.integers(0, 120), st.integers(1, 400))
def test_funnel_limits_leave_out_at_most_their_tail(cases, late, others):
    units = {"a": {"x": Stratum(min(late, cases), cases)}, "b": {"x": Stratum(others // 4, others)}}
    one = fair(units["a"], standard(units))
    chance = float(one.expected / one.cases)
    for limits, tail in ((one.limits, 0.025), (one.far_limits, 0.001)):
        low, high = tails(cases, chance, limits)
        assert low <= tail + 1e-9
        assert high <= tail + 1e-9
        assert tails(cases, chance, (limits[0] + 1, limits[1]))[0] > tail - 1e-9 or limits[0] == limits[1]
    assert one.far_limits[0] <= one.limits[0] <= one.limits[1] <= one.far_limits[1]
    assert 0 <= one.on_time <= 1


strata = st.dictionaries(
    st.sampled_from("xyz"), st.tuples(st.integers(0, 20), st.integers(0, 80)).map(lambda t: Stratum(min(t), max(t)))
)


@given(st.dictionaries(st.sampled_from("abcdefgh"), strata))
def test_a_fair_rate_lies_between_the_own_ratio_and_the_peers(units):
    against = standard(units)
    for mix in units.values():
        one = fair(mix, against)
        if one is None or one.ratio is None:
            continue
        own, peers = (1 - ratio * against.overall for ratio in (one.ratio, against.mean))
        slack = Fraction(1, 10_000)
        assert max(Fraction(0), min(own, peers)) - slack <= one.on_time <= min(Fraction(1), max(own, peers)) + slack
