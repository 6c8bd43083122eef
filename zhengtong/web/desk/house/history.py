"""Journal entries of items, officers and calendars as lines of a timeline."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.base.journal.queries import facts_of
from zhengtong.web.desk.house.words import ACTS, ROLES, SUBSTITUTION_KINDS, word
from zhengtong.web.frame.dates import day_words


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    at: datetime
    who: str
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


def told(entries: Iterable[Any]) -> list[Line]:
    """Newest first, as the timeline shows them."""
    lines = [Line(word(ACTS, entry.kind), entry.at, entry.actor_name, _text(facts_of(entry))) for entry in entries]
    return lines[::-1]


def _text(facts: dict[str, Any]) -> str:
    parts = []
    if facts.get("version"):
        parts.append(_("第 %(number)s 版") % {"number": facts["version"]})
    if facts.get("role"):
        parts.append(word(ROLES, facts["role"]))
    if facts.get("substitution"):
        parts.append(word(SUBSTITUTION_KINDS, facts["substitution"]))
    parts += [str(facts[key]) for key in ("section", "deputy", "reason", "basis", "opinion") if facts.get(key)]
    if facts.get("successor"):
        parts.append(_("替代事项 %(code)s") % {"code": facts["successor"]})
    since, until = _day(facts.get("since")), _day(facts.get("until") or facts.get("last_day"))
    if since or until:
        parts.append(f"{since} – {until}" if since and until else since or _("到 %(day)s") % {"day": until})
    return " · ".join(parts)


def _day(value: Any) -> str:
    try:
        return day_words(date.fromisoformat(value)) if isinstance(value, str) and value else ""
    except ValueError:
        return ""
