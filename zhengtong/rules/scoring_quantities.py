"""The base quantities (基数) a score table may name: what each counts, over which base, and what it still waits for.

Refuses to know how they are counted; a quantity that cannot be had yet says which feature brings it.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Subject(StrEnum):
    ORGAN = "organ"
    OFFICER = "officer"


class Sort(StrEnum):
    COUNT = "count"
    RATE = "rate"  # a share of a base, which is printed


class Source(StrEnum):
    """Where a figure can be opened."""

    STATISTICS = "statistics"
    CARDS = "cards"
    ORDERS = "orders"
    CATALOGUE = "catalogue"
    RATINGS = "ratings"
    RECTIFICATIONS = "rectifications"
    LETTERS = "letters"


class Awaited(StrEnum):
    """A feature of a later release that brings a quantity."""

    FEES = "fees"  # 收费
    DISCLOSURE = "disclosure"  # 依申请公开
    INTEGRITY = "integrity"  # 廉洁
    OFFICE = "office"  # 考勤


class Basis(StrEnum):
    """What a figure rests on where it is not the month's own."""

    OWN = ""
    BEFORE = "before"  # the month before
    PEERS = "peers"  # the median of the peers


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    sort: Sort
    source: Source | None
    subjects: frozenset[Subject]
    awaits: Awaited | None = None


BOTH = frozenset(Subject)
ORGANS, OFFICERS = frozenset({Subject.ORGAN}), frozenset({Subject.OFFICER})


def _counted(name: str, source: Source, subjects: frozenset[Subject] = BOTH) -> Definition:
    return Definition(name, Sort.COUNT, source, subjects)


def _rate(name: str, source: Source, subjects: frozenset[Subject] = BOTH) -> Definition:
    return Definition(name, Sort.RATE, source, subjects)


def _awaited(name: str, awaits: Awaited, sort: Sort = Sort.COUNT, subjects: frozenset[Subject] = BOTH) -> Definition:
    return Definition(name, sort, None, subjects, awaits)


DEFINITIONS: dict[str, Definition] = {
    one.name: one
    for one in (
        _counted("finished", Source.STATISTICS),
        _rate("on_time_rate", Source.STATISTICS),
        _rate(
            "fair_on_time_rate", Source.STATISTICS
        ),  # case mix adjusted, small numbers shrunk: rules/scoring_fairness.py
        _rate("early_rate", Source.STATISTICS),
        _rate("immediate_rate", Source.STATISTICS),
        _counted("yellow_time", Source.CARDS),
        _counted("red_time", Source.CARDS),
        _counted("yellow_procedure", Source.CARDS),
        _counted("red_procedure", Source.CARDS),
        _counted("second_notices", Source.CARDS),  # M-02
        _counted("unjustified_returns", Source.CARDS),  # M-05, M-06
        _counted("yellow_material", Source.CARDS),  # the other M rules
        _counted("red_material", Source.CARDS),
        _rate("defective_rate", Source.CARDS),  # D rules, confirmed, over finished cases
        _rate("answered_in_time_rate", Source.ORDERS, ORGANS),
        _rate("disclosure_completeness", Source.CATALOGUE, ORGANS),
        _rate("compression", Source.CATALOGUE, ORGANS),  # 1 − promised ÷ legal days over the published items
        _awaited("fee_violations", Awaited.FEES),
        _awaited("late_disclosures", Awaited.DISCLOSURE, subjects=ORGANS),
        _rate("satisfaction_rate", Source.RATINGS),  # too few ratings: rules/scoring_satisfaction.py
        # An organ answers for both: a complaint names no officer, and a bad rating is mended by whoever the organ says.
        _counted("late_rectifications", Source.RECTIFICATIONS, ORGANS),
        _counted("confirmed_complaints", Source.LETTERS, ORGANS),
        _awaited("confirmed_breaches", Awaited.INTEGRITY),
        _awaited("attendance_faults", Awaited.OFFICE, subjects=OFFICERS),
    )
}


def names_for(subject: Subject) -> tuple[str, ...]:
    return tuple(one.name for one in DEFINITIONS.values() if subject in one.subjects)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its base. A rate of an empty base has no value; a count has no base."""

    name: str
    numerator: Fraction
    base: int | None = None
    basis: Basis = Basis.OWN

    @property
    def value(self) -> Fraction | None:
        if self.base is None:
            return self.numerator
        return self.numerator / self.base if self.base else None

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"numerator": exact(self.numerator), "base": self.base}
        return told | ({"basis": self.basis.value} if self.basis else {})


def count(name: str, value: int) -> Quantity:
    return Quantity(name, Fraction(value))


def rate(name: str, numerator: int | Fraction, base: int, basis: Basis = Basis.OWN) -> Quantity:
    return Quantity(name, Fraction(numerator), base, basis)


def quantity_from(name: str, row: dict[str, Any]) -> Quantity:
    return Quantity(name, Fraction(row["numerator"]), row["base"], Basis(row.get("basis", "")))


def exact(value: Fraction) -> str:
    """A fraction as text that reads back as itself: `27/28`, `5`."""
    return str(value)
