"""Words and small shapes of the house-keeping pages. `{% load house %}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhengtong.rules.form_shape import Field, Section
from zhengtong.web.desk.house.choices import in_words
from zhengtong.web.desk.house.conditions_form import TestRow
from zhengtong.web.desk.house.differences import condition_said
from zhengtong.web.desk.house.words import (
    CHANNELS_OUT,
    DAY_KINDS,
    ITEM_STATUS,
    LIMIT_KINDS,
    MESSAGE_STATES,
    PARAMETERS,
    ROLES,
    SUBSTITUTION_KINDS,
    UNITS,
    VERSION_STATUS,
    Words,
    word,
)
from zhengtong.web.frame.language import typed_in_chinese

register = template.Library()

TABLES: dict[str, Words] = {
    "item_status": ITEM_STATUS,
    "version_status": VERSION_STATUS,
    "role_word": ROLES,
    "substitution_word": SUBSTITUTION_KINDS,
    "day_kind": DAY_KINDS,
    "limit_kind": LIMIT_KINDS,
    "unit_word": UNITS,
    "parameter_word": PARAMETERS,
    "message_state": MESSAGE_STATES,
    "channel_word": CHANNELS_OUT,
}


def _filter(table: Words) -> Any:
    return lambda key: word(table, key)


for _name, _table in TABLES.items():
    register.filter(_name, _filter(_table))


register.filter("typed_in_chinese", typed_in_chinese)


@register.filter
def chosen(value: object, path: str) -> str:
    """`{{ m.type|chosen:"materials.type" }}`: the word for a value that was chosen from a list."""
    return in_words(path, value) if value not in (None, "") else "—"


@register.filter
def limit_words(limit: Mapping[str, Any] | None) -> str:
    return f"{limit['amount']} {word(UNITS, limit['unit'])}" if limit else "—"


@register.filter
def amount_words(row: Any) -> SafeString:
    """The value of a parameter with its unit; bytes also as people say them."""
    words = format_html("<b>{}</b> {}", row.value, word(UNITS, row.unit))
    return format_html("{} ({})", words, filesizeformat(row.value)) if row.unit == "byte" else words


@register.filter
def condition_words(condition: Any, document: Mapping[str, Any]) -> str:
    return condition_said(condition, document)


@register.filter
def with_blank(rows: Iterable[TestRow]) -> list[tuple[int, TestRow]]:
    """Numbered, with one empty row at the end to fill in."""
    return list(enumerate([*rows, TestRow()]))


@register.filter
def to_query(text: str) -> str:
    return format_html("?{}", text)


@register.simple_tag
def control_of(section: Section, field: Field) -> str:
    """The name a control has on the applicant's page."""
    return f"{section.code}.0.{field.code}"
