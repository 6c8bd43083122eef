"""Knows the formulae of 好差评 (domain-rules §6.6); refuses to print a share without what it is a share of."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from zhengtong.rules.ratings import Level


class Rate(NamedTuple):
    """A share as its two numbers; `of` None where there is nothing to be a share of."""

    numerator: int
    base: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.numerator, self.base) if self.base else None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many services could be rated and how they were: all that the formulae ask for.

    `levels` by code 1..5, ratings set aside (`excluded`) and silence (`defaulted`) left out.
    """

    nodes: int = 0
    levels: tuple[int, int, int, int, int] = field(default=(0, 0, 0, 0, 0))
    defaulted: int = 0
    excluded: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        one, two, three, four, five = (mine + theirs for mine, theirs in zip(self.levels, other.levels, strict=True))
        return Counts(
            self.nodes + other.nodes, (one, two, three, four, five),
            self.defaulted + other.defaulted, self.excluded + other.excluded,
        )  # fmt: skip

    @property
    def rated(self) -> int:
        return sum(self.levels)

    @property
    def waiting(self) -> int:
        """Neither rated nor closed yet."""
        return self.nodes - self.rated - self.defaulted - self.excluded

    @property
    def active(self) -> Rate:
        """主动评价率: active ratings of ratable service nodes."""
        return Rate(self.rated, self.nodes)

    @property
    def satisfaction(self) -> Rate:
        """满意率: three stars and more of active ratings; 基本满意 counts as good, as published wording has it."""
        return Rate(sum(self.levels[: Level.BASICALLY]), self.rated)

    @property
    def strict(self) -> Rate:
        """满意率 (严): four stars and more."""
        return Rate(sum(self.levels[: Level.SATISFIED]), self.rated)

    @property
    def bad(self) -> Rate:
        """差评率."""
        return Rate(sum(self.levels[Level.BASICALLY :]), self.rated)

    @property
    def stars(self) -> int:
        return sum(level.stars * self.levels[level - 1] for level in Level)

    @property
    def plain_score(self) -> Fraction | None:
        """Σ stars/5 ÷ n × 100; None without a rating."""
        return Fraction(20 * self.stars, self.rated) if self.rated else None

    def count(self, measure: str) -> int:
        """How many services stand behind a figure: nodes, rated, good, strict, bad, defaulted, excluded, level_1 …"""
        if measure.startswith("level_"):
            return self.levels[int(measure[-1]) - 1]
        rates = {"good": self.satisfaction, "strict": self.strict, "bad": self.bad}
        if measure in rates:
            return rates[measure].numerator
        return int(getattr(self, measure))

    def score(self, group: "Counts", weight: int) -> Fraction | None:
        """The score; below `weight` ratings it is drawn to the mean of its group: (n·x + w·m) ÷ (n + w).

        A handful of ratings then neither crowns nor condemns anybody. None where not even the group has one.
        """
        own, mean = self.plain_score, group.plain_score
        if own is not None and self.rated >= weight:
            return own
        if mean is None:
            return own
        return (self.rated * (own or Fraction(0)) + weight * mean) / (self.rated + weight)
