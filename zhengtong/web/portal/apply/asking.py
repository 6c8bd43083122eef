"""One question as its page shows it."""

from dataclasses import dataclass
from typing import Any

from zhengtong.rules.conditions import fields_of
from zhengtong.rules.form_shape import Field, Form, Section


@dataclass(frozen=True, slots=True)
class Question:
    field: Field
    name: str
    value: Any
    error: Any
    prefilled: bool
    decides: bool  # other questions of this page depend on it

    @classmethod
    def of(
        cls,
        field: Field,
        name: str,
        row: dict[str, Any],
        errors: dict[str, Any],
        known: dict[str, Any],
        decide: set[str],
    ) -> "Question":
        value = row.get(field.code)
        prefilled = bool(known.get(field.code)) and value == known[field.code]
        return cls(field, name, value, errors.get(name, ""), prefilled, field.code in decide)


def rows_shown(shape: Section, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At least one row, and as many as the item asks for."""
    least = max(shape.repeat.min if shape.repeat else 1, 1)
    return [*rows, *({} for _ in range(least - len(rows)))]


def deciding(form: Form, shape: Section) -> set[str]:
    """Codes of this section's fields that a condition of this section looks at."""
    looked_at = {name for field in shape.fields for name in fields_of(field.condition)}
    return {field.code for field in shape.fields if f"{shape.code}.{field.code}" in looked_at}
