"""The answers of an application as an officer reads them. Personal numbers stay masked until their reveal is journalled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengtong.rules.edition import Edition
from zhengtong.rules.form_shape import Field, Section
from zhengtong.rules.forms import summary
from zhengtong.rules.masking import mask_mobile, mask_resident_id
from zhengtong.web.frame.dates import day_words
from zhengtong.web.frame.fields import ID_KIND_WORDS, PART_WORDS, SHAPES
from zhengtong.web.frame.language import either, marked

MASKED = {
    "resident_id": mask_resident_id,
    "mobile": mask_mobile,
    "bank_account": mask_resident_id,
    "passport": mask_mobile,
}
MASKED_PARTS = {"identity": "number", "bank_account": "number"}


@dataclass(frozen=True, slots=True)
class Line:
    label: SafeString
    value: SafeString
    empty: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A section, or one row of a repeated one (`row` from 1)."""

    title: SafeString
    row: int
    lines: list[Line]


def read_out(edition: Edition, content: Mapping[str, Any], *, clear: bool) -> list[Group]:
    groups: list[Group] = []
    last: tuple[Section, int] | None = None
    for asked, value in summary(edition.form, content.get("answers", {}), content.get("situation", {})):
        if asked.field.type == "statement":
            continue
        if last != (asked.section, asked.row):
            last = (asked.section, asked.row)
            row = asked.row + 1 if asked.section.repeat else 0
            groups.append(Group(either(asked.section.title, asked.section.title_en), row, []))
        said = _said(asked.field, value, clear=clear)
        groups[-1].lines.append(Line(either(asked.field.label, asked.field.label_en), marked(said), not str(said)))
    return groups


def situations(edition: Edition, content: Mapping[str, Any]) -> list[Line]:
    chosen = content.get("situation", {})
    lines = []
    for situation in edition.situations:
        option = next((o for o in situation.options if o.value == chosen.get(situation.code)), None)
        said = either(option.label, option.label_en) if option else marked("")
        lines.append(Line(either(situation.question, situation.question_en), said, option is None))
    return lines


def _said(field: Field, value: Any, *, clear: bool) -> str | SafeString | Promise:
    if value in (None, "", [], {}):
        return ""
    if field.options:
        labels = {o.value: either(o.label, o.label_en) for o in field.options}
        every = value if isinstance(value, list) else [value]
        joined = [str(labels.get(str(one), one)) for one in every]
        # Each label is already escaped and marked by `either`.
        return SafeString(_("、").join(joined))
    if isinstance(value, Mapping):
        return _parts(field, value, clear=clear)
    text = str(value)
    if field.type in ("yes_no", "checkbox"):
        return _("是") if text.lower() in ("yes", "true", "1") else _("否")
    if field.type == "date":
        return _date(text)
    if not clear and field.type in MASKED:
        return MASKED[field.type](text)
    unit = SHAPES[field.type].unit if field.type in SHAPES else ""
    return f"{text} {unit}" if unit else text


def _parts(field: Field, value: Mapping[str, Any], *, clear: bool) -> str:
    said = []
    for part, one in value.items():
        text = str(one or "")
        if not text:
            continue
        if not clear and MASKED_PARTS.get(field.type) == part:
            text = mask_resident_id(text)
        if part == "kind":
            text = str(ID_KIND_WORDS.get(text, text))
        label = PART_WORDS.get(field.type, {}).get(part, "")
        said.append(f"{label} {_date(text)}".strip())
    return " · ".join(said)


def _date(text: str) -> str:
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return text
