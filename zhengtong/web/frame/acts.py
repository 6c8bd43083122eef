"""One act of a journal as a page shows it: what, when, who, and its facts in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.base.permission import ActorKind
from zhengtong.web.frame.dates import day_words

Lines = list[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Act:
    title: Any
    at: datetime
    who: str
    lines: Lines = field(default_factory=list)  # (what, said)
    inner: bool = False  # the applicant does not see it


def said(value: Any) -> str:
    """A fact in words: a day as a day, a list joined, yes and no."""
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    try:
        return day_words(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def fact_lines(facts: Mapping[str, Any], labels: Mapping[str, Any], say: Callable[[Any], str] = said) -> Lines:
    """Only what has a label and says something, in the order of the labels."""
    return [(label, say(facts[name])) for name, label in labels.items() if facts.get(name) not in (None, "", [])]


def who(entry: Any) -> str:
    name = _("系统") if entry.actor_kind == ActorKind.SYSTEM else entry.actor_name
    return " · ".join(part for part in (name, entry.post) if part)
