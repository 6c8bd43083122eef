"""What changed between two versions, in words, element by element."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.exchange.item_words import label
from zhengtong.rules.item_diff import Change
from zhengtong.rules.item_document import ItemDocument
from zhengtong.web.desk.house import conditions_form
from zhengtong.web.desk.house.choices import in_words
from zhengtong.web.desk.house.words import CHANGES, TESTS, word

_STEP = re.compile(r"(?P<key>[A-Za-z_]+)(?:\[(?P<row>.*?)\](?=\.|$))?(?:\.|$)")
MOST = 400


@dataclass(frozen=True, slots=True)
class Told:
    kind: str
    word: str
    place: str
    before: str
    after: str


def differences(changes: Iterable[Change], document: ItemDocument) -> list[tuple[str, list[Told]]]:
    """Grouped by element, in the document's order."""
    names = field_names(document)
    groups: dict[str, list[Told]] = {}
    for change in changes:
        path, place = _place(change.path)
        told = Told(
            change.kind.value,
            word(CHANGES, change.kind.value),
            place,
            said(path, change.before, names),
            said(path, change.after, names),
        )
        groups.setdefault(label(change.element), []).append(told)
    return list(groups.items())


def _place(path: str) -> tuple[str, str]:
    """(path without rows, the place in words below its element)."""
    keys, words = [], []
    for step in _STEP.finditer(path):
        keys.append(step["key"])
        words.append(" ".join(filter(None, (label(step["key"]), step["row"]))))
    return ".".join(keys), " · ".join(words)


def field_names(document: ItemDocument) -> dict[str, str]:
    """What the questions a condition may name are called."""
    names = {f"situation.{row['code']}": row["question"] for row in document["situations"]}
    for section in document["form"]["sections"]:
        names |= {f"{section['code']}.{one['code']}": one["label"] for one in section["fields"]}
    return names


def said(path: str, value: Any, names: Mapping[str, str]) -> str:
    key = path.rsplit(".", 1)[-1]
    if value in (None, "", [], {}):
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key == "condition":
        return conditions_form.in_words(value, names, TESTS, (_("，并且 "), _("，或者 ")))
    if isinstance(value, Mapping):
        parts = [
            f"{label(name)}：{said(f'{path}.{name}', one, names)}"
            for name, one in value.items()
            if one not in (None, "", [], {}, False)
        ]
        return "；".join(parts)[:MOST]
    if isinstance(value, list):
        return "、".join(said(path, one, names) for one in value)[:MOST]
    return in_words(path, value)
