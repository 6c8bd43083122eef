"""Knows which ratings a month's 满意率 rests on (domain-rules §5.6); refuses to know who gave them.

A handful of ratings neither crowns nor condemns anybody: below the least number the month before speaks, and where that
had too few as well, the median of the peers who had enough.
"""

from collections.abc import Sequence
from fractions import Fraction

from zhengtong.rules.ratings_figures import Rate
from zhengtong.rules.scoring_quantities import Basis, Quantity, rate

NAME = "satisfaction_rate"
NONE = Rate(0, 0)


def satisfaction(own: Rate, before: Rate, peers: Sequence[Rate], least: int) -> Quantity:
    """`peers`: the month's rates of the group. Without any that has enough the quantity has no base, and no value."""
    for basis, known in ((Basis.OWN, own), (Basis.BEFORE, before)):
        if known.base >= max(least, 1):
            return rate(NAME, known.numerator, known.base, basis)
    enough = [one for one in peers if one.base >= max(least, 1)]
    if not enough:
        return rate(NAME, 0, 0)
    base = sum(one.base for one in enough)
    return rate(NAME, median([Fraction(one.numerator, one.base) for one in enough]) * base, base, Basis.PEERS)


def median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
