"""Knows what supervision hands over when it has found something; refuses to know who is told and what is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.rules.clock import Level


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row of the journal (or of whatever the subject keeps) that shows it. No personal data in `text_facts`."""

    subject_kind: str
    subject_key: str
    seq: int = 0  # 0: the subject as a whole
    text_facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule has been broken. One card at most for each subject, rule, aspect and level.

    `aspect` tells apart what may happen to one subject several times: the stage limit of the second stage, say.
    `facts` fill the message of the rule: {"due": "2026-10-12", "days": 3}. No personal data.
    """

    rule_code: str
    level: Level
    subject_kind: str
    subject_key: str
    organ_id: int
    section_id: int | None = None
    officer_id: int | None = None
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    aspect: str = ""
    imported: bool = False  # of a case handled elsewhere: nobody's answer runs before a person has looked


def recorded(value: Any) -> Any:
    """As the journal takes it: a float has no canonical form there, so it is written as people read it."""
    if isinstance(value, float):
        return format(value, "g")
    if isinstance(value, Mapping):
        return {str(name): recorded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [recorded(one) for one in value]
    return value


class _Blank(dict[str, Any]):
    """A fact nobody gave shows as a dash: a card with one word less is better than none."""

    def __missing__(self, name: str) -> str:
        return "—"


def filled(template: str, facts: Mapping[str, Any]) -> str:
    """A rule's message with its facts; lists are joined."""
    said = {name: "、".join(map(str, v)) if isinstance(v, list | tuple) else v for name, v in facts.items()}
    return template.format_map(_Blank(said))
