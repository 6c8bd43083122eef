"""Makes on-time rates comparable: by the mix of cases somebody had, and by how few they were (N9).

Indirect standardisation: what a unit's own mix of strata (items, or kinds of case) would have given at the rates of all;
then the global empirical-Bayes shrinkage of Marshall (1991, Applied Statistics 40:283): an observed ÷ expected ratio
moves toward the mean of its peers, the more the fewer cases stand behind it; and exact binomial funnel limits. Exact
fractions for the rates, so that a figure can be computed again by hand. Refuses to know who the units are.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

LEAST_UNITS = 5  # fewer peers cannot show how much peers differ
PRIOR_CASES = 30  # then a figure of 30 cases counts half (domain-rules §6.6)
STEP = 10_000  # a fair rate is kept to a hundredth of a percent


class Stratum(NamedTuple):
    late: int
    cases: int


@dataclass(frozen=True, slots=True)
class Standard:
    """What all units together did: computed once, frozen with the month, and used again when one figure is recounted."""

    rates: Mapping[str, Fraction]  # lateness of each stratum over all units
    overall: Fraction
    mean: Fraction  # observed ÷ expected over the peers
    spread: Fraction | None  # Marshall's A; None: too few peers to see one
    units: int


class Funnel(StrEnum):
    WITHIN = "within"
    BETTER = "better"  # beyond the 95 % limits
    WORSE = "worse"
    FAR_BETTER = "far_better"  # beyond the 99.8 % limits
    FAR_WORSE = "far_worse"


@dataclass(frozen=True, slots=True)
class Fair:
    """One unit. Rates are of lateness, but `on_time` and `raw`, which are what people read."""

    cases: int
    late: int
    expected: Fraction  # late cases to be expected of this mix
    ratio: Fraction | None  # late ÷ expected
    weight: Fraction  # of the own figure; the rest is the peers' mean
    raw: Fraction  # on time ÷ cases
    on_time: Fraction  # adjusted and shrunk
    limits: tuple[int, int]  # late cases within the 95 % limits
    far_limits: tuple[int, int]  # within the 99.8 % limits
    funnel: Funnel


Mix = Mapping[str, Stratum]


def standard(units: Mapping[str, Mix]) -> Standard:
    """The standard all are held against. Units without a case say nothing."""
    totals: dict[str, list[int]] = {}
    for mix in units.values():
        for name, stratum in mix.items():
            total = totals.setdefault(name, [0, 0])
            total[0] += stratum.late
            total[1] += stratum.cases
    rates = {name: Fraction(late, cases) for name, (late, cases) in sorted(totals.items()) if cases}
    late, cases = (sum(total[at] for total in totals.values()) for at in (0, 1))
    overall = Fraction(late, cases) if cases else Fraction(0)
    known = [(_late(mix), _expected(mix, rates)) for mix in units.values()]
    known = [(seen, expected) for seen, expected in known if expected]
    all_expected = sum((expected for _, expected in known), Fraction(0))
    if not all_expected:  # nobody was late: nothing to spread
        return Standard(rates, overall, Fraction(1), Fraction(0), len(known))
    mean = sum((Fraction(seen) for seen, _ in known), Fraction(0)) / all_expected
    if len(known) < LEAST_UNITS:
        return Standard(rates, overall, mean, None, len(known))
    variance = sum((expected * (seen / expected - mean) ** 2 for seen, expected in known), Fraction(0)) / all_expected
    spread = variance - mean / (all_expected / len(known))
    return Standard(rates, overall, mean, _rounded(max(Fraction(0), spread), 1_000_000), len(known))


def fair(mix: Mix, against: Standard) -> Fair | None:
    """One unit against the standard; None without a case."""
    late, cases = _late(mix), sum(stratum.cases for stratum in mix.values())
    if not cases:
        return None
    expected = _expected(mix, against.rates)
    ratio = late / expected if expected else None
    weight = _weight(expected, cases, against)
    shrunk = against.mean + weight * ((ratio if ratio is not None else against.mean) - against.mean)
    on_time = max(Fraction(0), min(Fraction(1), 1 - shrunk * against.overall))
    chance = float(min(Fraction(1), expected / cases))
    limits, far = _limits(cases, chance, 0.025), _limits(cases, chance, 0.001)
    return Fair(
        cases, late, expected, ratio, weight, Fraction(cases - late, cases), _rounded(on_time, STEP),
        limits, far, _funnel(late, limits, far),
    )  # fmt: skip


def _late(mix: Mix) -> int:
    return sum(stratum.late for stratum in mix.values())


def _expected(mix: Mix, rates: Mapping[str, Fraction]) -> Fraction:
    return sum((stratum.cases * rates.get(name, Fraction(0)) for name, stratum in mix.items()), Fraction(0))


def _weight(expected: Fraction, cases: int, against: Standard) -> Fraction:
    if against.spread is None:
        return Fraction(cases, cases + PRIOR_CASES)
    if not expected or not against.spread:
        return Fraction(0)
    return against.spread / (against.spread + against.mean / expected)


def _rounded(value: Fraction, step: int) -> Fraction:
    return Fraction((2 * value.numerator * step + value.denominator) // (2 * value.denominator), step)


def _limits(cases: int, chance: float, tail: float) -> tuple[int, int]:
    """Fewest and most late cases not surprising at this chance: each tail beyond holds at most `tail`."""
    if not 0 < chance < 1:
        sure = cases if chance >= 1 else 0
        return sure, sure
    below, lowest, highest = 0.0, 0, cases
    odds, misses = math.log(chance), math.log1p(-chance)
    found_lowest = False
    for late in range(cases + 1):
        log = math.lgamma(cases + 1) - math.lgamma(late + 1) - math.lgamma(cases - late + 1)
        below += math.exp(log + late * odds + (cases - late) * misses)
        if not found_lowest and below > tail:
            lowest, found_lowest = late, True
        if below >= 1 - tail:
            highest = late
            break
    return lowest, highest


def _funnel(late: int, limits: tuple[int, int], far: tuple[int, int]) -> Funnel:
    if late > far[1]:
        return Funnel.FAR_WORSE
    if late < far[0]:
        return Funnel.FAR_BETTER
    if late > limits[1]:
        return Funnel.WORSE
    return Funnel.BETTER if late < limits[0] else Funnel.WITHIN
