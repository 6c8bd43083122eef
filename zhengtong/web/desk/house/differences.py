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
from zhengtong.web.desk.house.document_form import title_of
from zhengtong.web.desk.house.words import CHANGES, TESTS, word
from zhengtong.web.frame.dates import in_english

_STEP = re.compile(r"(?P<key>[A-Za-z_]+)(?:\[(?P<row>.*?)\](?=\.|$))?(?:\.|$)")
MOST = 400


@dataclass(frozen=True, slots=True)
class Told:
    kind: str
    word: str
    place: str
    before: str
    after: str


def differences(changes: Iterable[Change], *documents: ItemDocument) -> list[tuple[str, list[Told]]]:
    """Grouped by element, in the document's order. `documents`: both sides, for what their rows are called."""
    names = Names({}, {}, {})
    for document in documents:
        names.learn(document)
    groups: dict[str, list[Told]] = {}
    for change in changes:
        path, place = _place(change.path, names)
        told = Told(
            change.kind.value,
            word(CHANGES, change.kind.value),
            place,
            said(path, change.before, names),
            said(path, change.after, names),
        )
        groups.setdefault(label(change.element), []).append(told)
    return list(groups.items())


@dataclass(frozen=True, slots=True)
class Names:
    """What codes of a document are called: questions, their options, and rows by the list they stand in."""

    questions: dict[str, str]
    options: dict[str, dict[str, str]]
    rows: dict[str, dict[str, str]]

    def learn(self, document: Mapping[str, Any]) -> None:
        for row in document["situations"]:
            self._question(f"situation.{row['code']}", row, "question")
        for section in document["form"]["sections"]:
            for one in section["fields"]:
                self._question(f"{section['code']}.{one['code']}", one, "label")
        self._rows("", document)

    def _question(self, code: str, row: Mapping[str, Any], key: str) -> None:
        self.questions[code] = _in_tongue(row, key)
        self.options[code] = {option["value"]: _in_tongue(option, "label") for option in row["options"]}

    def _rows(self, path: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, one in value.items():
                self._rows(f"{path}.{key}" if path else key, one)
        elif isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    code = row.get("code") or row.get("value")
                    if code and (title := title_of({**row, "code": ""})):
                        self.rows.setdefault(path, {})[code] = title
                    self._rows(path, row)


def _in_tongue(row: Mapping[str, Any], key: str) -> str:
    return str((in_english() and row.get(f"{key}_en")) or row[key])


def _place(path: str, names: Names) -> tuple[str, str]:
    """(path without rows, the place in words below its element)."""
    keys: list[str] = []
    words = []
    for step in _STEP.finditer(path):
        keys.append(step["key"])
        row = step["row"] and names.rows.get(".".join(keys), {}).get(step["row"], step["row"])
        words.append(" ".join(filter(None, (label(step["key"]), row))))
    return ".".join(keys), " · ".join(words)


def field_names(document: ItemDocument) -> dict[str, str]:
    """What the questions a condition may name are called."""
    names = Names({}, {}, {})
    names.learn(document)
    return names.questions


def condition_said(condition: Any, document: Mapping[str, Any]) -> str:
    names = Names({}, {}, {})
    names.learn(document)
    return said("condition", condition, names)


def said(path: str, value: Any, names: Names) -> str:
    key = path.rsplit(".", 1)[-1]
    if value in (None, "", [], {}):
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key == "condition":
        return conditions_form.in_words(
            value, names.questions, TESTS, (_("，并且 "), _("，或者 ")), options=names.options
        )
    if isinstance(value, Mapping):
        parts = [
            f"{label(name)}{_('：')}{said(f'{path}.{name}', one, names)}"
            for name, one in value.items()
            if one not in (None, "", [], {}, False)
        ]
        return _("；").join(parts)[:MOST]
    if isinstance(value, list):
        called = names.rows.get(path, {})
        return _("、").join(
            called.get(one) or said(path, one, names) if isinstance(one, str) else said(path, one, names)
            for one in value
        )[:MOST]
    return in_words(path, value)
