"""What an application form is made of: sections, fields, options. Knows no answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `min` and `max` bound numbers and dates; a date bound may read `today`, `today-30`, `today+365`."""

    code: str
    type: str
    label: str
    label_en: str = ""
    hint: str = ""
    hint_en: str = ""
    required: bool = False
    condition: Mapping[str, Any] | None = None
    max_length: int | None = None
    min: int | str | None = None
    max: int | str | None = None
    options: tuple[Option, ...] = ()
    prefill: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form; `repeat` lets the applicant add rows of it."""

    code: str
    title: str
    title_en: str
    hint: str
    hint_en: str
    condition: Mapping[str, Any] | None
    repeat: Repeat | None
    fields: tuple[Field, ...]

    def field(self, code: str) -> Field | None:
        return next((field for field in self.fields if field.code == code), None)


@dataclass(frozen=True, slots=True)
class Form:
    sections: tuple[Section, ...] = ()

    def section(self, code: str) -> Section | None:
        return next((section for section in self.sections if section.code == code), None)

    def fields(self) -> Iterator[tuple[Section, Field]]:
        for section in self.sections:
            for field in section.fields:
                yield section, field


MOST_ROWS = 200  # of a repeated section that names no maximum


def options_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(row["value"], row["label"], row["label_en"]) for row in rows)


def form_from(document: Mapping[str, Any]) -> Form:
    """Reads the `form` of a canonical item document."""
    return Form(tuple(_section(row) for row in document["sections"]))


def _section(row: Mapping[str, Any]) -> Section:
    repeat = row["repeat"]
    return Section(
        code=row["code"],
        title=row["title"],
        title_en=row["title_en"],
        hint=row["hint"],
        hint_en=row["hint_en"],
        condition=row["condition"],
        repeat=Repeat(repeat["min"] or 0, repeat["max"] or MOST_ROWS) if repeat else None,
        fields=tuple(Field(**{**field, "options": options_from(field["options"])}) for field in row["fields"]),
    )
