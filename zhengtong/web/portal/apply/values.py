"""An answer as it is read back to whoever gave it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengtong.rules.form_shape import Field
from zhengtong.web.frame.dates import day_words
from zhengtong.web.frame.fields import ID_KIND_WORDS, SHAPES
from zhengtong.web.frame.language import either, marked

YES = {"yes", "true", "on", "1"}


def said(field: Field, value: Any) -> SafeString | str:
    """Marked as Chinese on an English page where it is; empty for no answer."""
    if value in (None, "", [], {}):
        return ""
    if field.options:
        chosen = value if isinstance(value, (list, tuple)) else [value]
        labels = [either(o.label, o.label_en) for o in field.options if o.value in {str(one) for one in chosen}]
        return format_html_join(_("、"), "{}", ((label,) for label in labels))
    if field.type in ("yes_no", "checkbox"):
        return _("是") if str(value).lower() in YES else _("否")
    if isinstance(value, Mapping):
        parts = [_part(name, part) for name, part in value.items() if part]
        return format_html_join(" ", "{}", ((marked(part),) for part in parts))
    if field.type == "date":
        return _day(str(value))
    unit = SHAPES[field.type].unit if field.type in SHAPES else ""
    return format_html_join(" ", "{}", ((part,) for part in (marked(value), unit) if part))


def _part(name: str, value: Any) -> str:
    if name == "kind" and value in ID_KIND_WORDS:
        return str(ID_KIND_WORDS[value])
    return _day(str(value)) if name in ("since", "until") else str(value)


def _day(value: str) -> str:
    try:
        return day_words(date.fromisoformat(value))
    except ValueError:
        return value
