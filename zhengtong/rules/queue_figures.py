"""Knows how waits are summed up; refuses to know whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `base` values; None while there are none."""

    base: int
    median: float | None
    p90: float | None
    mean: float | None


def spread(values: Sequence[float]) -> Spread:
    if not values:
        return Spread(0, None, None, None)
    ordered = sorted(values)
    middle, odd = divmod(len(ordered), 2)
    median = ordered[middle] if odd else (ordered[middle - 1] + ordered[middle]) / 2
    # Nearest rank: a wait that somebody had, not one between two.
    return Spread(len(ordered), median, ordered[ceil(0.9 * len(ordered)) - 1], sum(ordered) / len(ordered))
