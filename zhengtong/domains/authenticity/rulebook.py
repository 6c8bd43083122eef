"""The detectors' numbers as the rules in force say them, and whether a detector works at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.authenticity.suspicion import LEVELS
from zhengtong.rules.authenticity.thresholds import Thresholds, with_values
from zhengtong.rules.lights import Level


@dataclass(frozen=True, slots=True)
class RuleBook:
    """`None` for a rule that is switched off. Where no rule was ever loaded, §5.4 holds as it stands."""

    thresholds: Mapping[str, Thresholds | None]
    levels: Mapping[str, Level]

    def of(self, rule: str) -> Thresholds | None:
        return self.thresholds[rule]


def rule_book(on: date) -> RuleBook:
    """One query."""
    versions = supervision.rules_in_force(on)
    if not versions:
        return RuleBook({rule: Thresholds() for rule in LEVELS}, LEVELS)
    found = {rule: versions.get(rule) for rule in LEVELS}
    return RuleBook(
        {rule: with_values(rule, version.thresholds) if version else None for rule, version in found.items()},
        {rule: _level(version.levels, LEVELS[rule]) if version else LEVELS[rule] for rule, version in found.items()},
    )


def _level(levels: Mapping[str, object], default: Level) -> Level:
    """The lowest level the rule names: a lead is confirmed upwards, never found there."""
    named = [Level(name) for name in levels if name in set(Level)]
    return min(named, key=lambda level: level.rank, default=default)
