"""What a detector hands over: what looks wrong, whose it is, and each record that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from zhengtong.rules.lights import Level


class Scope(StrEnum):
    CASE = "case"
    OFFICER = "officer"
    ITEM = "item"
    ORGAN = "organ"
    PERIOD = "period"
    RATING = "rating"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Shown:
    """One record that shows it. `what` names the sentence at the door; `facts` are its figures, no personal data."""

    what: str
    key: str
    seq: int | None = None
    at: datetime | None = None
    officer_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "case"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The same rule, scope, key and period is the same suspicion, however often it is found; evidence only grows.

    `period` is a day, a month, or empty where the key alone names it.
    """

    rule: str
    scope: Scope
    key: str
    evidence: tuple[Shown, ...]
    period: str = ""
    organ_id: int | None = None
    section_id: int | None = None
    item_id: int | None = None
    officer_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        return f"{self.rule}|{self.scope.value}|{self.key}|{self.period}"


# How grave a confirmed lead is, unless the rule in force says otherwise [our choice]. D-11 and D-14 inform only (§5.4).
LEVELS: dict[str, Level] = {
    "D-01": Level.YELLOW,
    "D-02": Level.YELLOW,
    "D-03": Level.WARN,
    "D-04": Level.YELLOW,
    "D-05": Level.YELLOW,
    "D-06": Level.YELLOW,
    "D-07": Level.YELLOW,
    "D-08": Level.YELLOW,
    "D-09": Level.YELLOW,
    "D-10": Level.YELLOW,
    "D-11": Level.REMIND,
    "D-12": Level.REMIND,
    "D-13": Level.YELLOW,
    "D-14": Level.REMIND,
    # brushed ratings (§6.6)
    "E-1": Level.YELLOW,
    "E-2": Level.YELLOW,
    "E-3": Level.YELLOW,
    "E-4": Level.YELLOW,
    "E-5": Level.YELLOW,
    "E-6": Level.YELLOW,
    "E-7": Level.YELLOW,
}
RULES = tuple(LEVELS)
INFORMATION = frozenset({"D-11", "D-14"})
# Whose data come with a later feature; what is there works without them.
WAITS_FOR: dict[str, str] = {
    "D-02": "fees, certificates",
    "D-05": "client time",
    "D-06": "certificates",
}
