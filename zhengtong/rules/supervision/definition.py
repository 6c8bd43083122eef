"""Knows what a rule of supervision says, as data: subject, element, operator, thresholds, level, issue mode, words.

Refuses to compute an element: that is done by whoever holds the history, the limits or the lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, overload

from zhengtong.rules.clock import Level


class RuleGroup(StrEnum):
    """§5.3 and §5.4."""

    TIME = "T"
    PROCEDURE = "P"
    MATERIAL = "M"
    FEE = "FEE"
    OPENNESS = "O"
    SERVICE = "S"
    DATA = "D"
    EVALUATION = "E"
    INTEGRITY = "I"


class IssueMode(StrEnum):
    """发牌方式 [S5]."""

    AUTOMATIC = "automatic"
    CONFIRM = "confirm"  # 待发 until a person confirms


class Operator(StrEnum):
    AT_LEAST = "ge"
    ABOVE = "gt"
    AT_MOST = "le"
    BELOW = "lt"
    DIFFERS = "ne"
    HOLDS = "is"  # the element is a yes or a no
    FROM = "from"  # so many working days after a limit's due instant; negative: left before it


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a rule. `levels`: which level from which value of the element on; `thresholds`: further numbers."""

    code: str
    group: str
    name: str
    name_en: str
    subject: str
    element: str
    operator: str
    levels: Mapping[str, float | int | None]
    message: str
    message_en: str
    source: str
    thresholds: Mapping[str, float | int] = field(default_factory=dict)
    issue: str = IssueMode.AUTOMATIC.value
    enabled: bool = True
    waits_for: str = ""
    waits_for_en: str = ""
    ladder: str = ""  # rules of one ladder: a lower card is not issued once a higher exists
    effective_from: date | None = None
    region: str = ""

    @overload
    def threshold(self, name: str) -> float | int: ...
    @overload
    def threshold(self, name: str, default: float | int) -> float | int: ...
    def threshold(self, name: str, default: float | int | None = None) -> float | int:
        """A number of the rule by name: a level's ("yellow") or a further one's ("minutes"). KeyError without any."""
        value: Any = self.thresholds.get(name, self.levels.get(name, default))
        if value is None:
            raise KeyError(f"rule {self.code} names no threshold {name!r}")
        number: float | int = value
        return number

    def level_of(self, value: float) -> Level | None:
        """The highest level whose threshold the element has reached; None: nothing is found."""
        reached = [Level(name) for name, bound in self.levels.items() if _holds(self.operator, value, bound)]
        return max(reached, key=lambda level: level.rank, default=None)


def _holds(operator: str, value: float, bound: float | int | None) -> bool:
    if bound is None or operator == Operator.HOLDS.value:
        return bool(value)
    return {
        Operator.AT_LEAST.value: value >= bound,
        Operator.FROM.value: value > bound,
        Operator.ABOVE.value: value > bound,
        Operator.AT_MOST.value: value <= bound,
        Operator.BELOW.value: value < bound,
        Operator.DIFFERS.value: value != bound,
    }[operator]
