"""Which questions of a form are asked, what was answered, and what is still missing. Knows the answers and nothing else.

Answers are {section: [{field: value}, …]}, one row where the section is not repeated. On the wire a field is called
`section.row.field`, a part of a group `section.row.field.part`, the answer to a guided question `situation.code`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhengtong.rules.conditions import holds
from zhengtong.rules.form_shape import MOST_ROWS, Field, Form, Section
from zhengtong.rules.form_types import PARTS, blank, clean
from zhengtong.rules.refusal import Refusal, RefusalCode

Answers = dict[str, list[dict[str, Any]]]
Situations = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands on the page: `name` is its flat name."""

    name: str
    section: Section
    row: int
    field: Field


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a whole form: cleaned answers, everything as typed, and the refusals by flat name.

    `answers` holds only what is asked and passed; `typed` loses nothing, so a refused page shows it again.
    """

    answers: Answers
    typed: Answers
    refusals: dict[str, Refusal]


def flat_name(section: str, row: int, field: str) -> str:
    return f"{section}.{row}.{field}"


# --- from the wire ------------------------------------------------------------------------------------------------


def answers_from_post(form: Form, post: Mapping[str, Sequence[str] | str]) -> Answers:
    """What was typed, by section and row, nothing judged. Rows are numbered anew; unknown names are left aside."""
    typed: Answers = {}
    names = _by_row(post)
    for section in form.sections:
        rows = names.get(section.code, {})
        kept = sorted(rows)[: _most(section)] if section.repeat else [0]
        typed[section.code] = [_row_from_post(section, rows.get(number, {})) for number in kept]
    return typed


def _by_row(post: Mapping[str, Any]) -> dict[str, dict[int, dict[str, Any]]]:
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in post.items():
        section, _, rest = name.partition(".")
        number, _, field = rest.partition(".")
        if field and number.isascii() and number.isdigit() and len(number) < 6:
            found.setdefault(section, {}).setdefault(int(number), {})[field] = value
    return found


def _row_from_post(section: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in section.fields:
        parts = {
            part: _last(values[f"{field.code}.{part}"]) for part in _parts(field) if f"{field.code}.{part}" in values
        }
        if parts:
            row[field.code] = parts
        elif field.code in values:
            value = values[field.code]
            row[field.code] = list(_every(value)) if field.type == "multiselect" else _last(value)
    return row


def _parts(field: Field) -> Iterable[str]:
    return (*PARTS.get(field.type, ()), "region") if field.type == "address" else PARTS.get(field.type, ())


def _every(value: Sequence[str] | str) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _last(value: Sequence[str] | str) -> Any:
    """A yes/no box sends its hidden "no" before its "yes"."""
    every = _every(value)
    return every[-1] if every else ""


def _most(section: Section) -> int:
    return min(section.repeat.max if section.repeat else 1, MOST_ROWS)


# --- what is asked --------------------------------------------------------------------------------------------------


def visible_fields(form: Form, answers: Answers, situations: Situations | None = None) -> list[Asked]:
    """The questions asked for these answers, in order. A question that is not asked cannot open another one."""
    asked = _asked(form, answers, situations or {})
    # Conditions have no circles (linter L-03), so each round settles at least one more level.
    for _ in range(len(asked) + 1):
        kept = _only(asked, answers)
        again = _asked(form, kept, situations or {}, shape=answers)
        if [one.name for one in again] == [one.name for one in asked]:
            break
        asked = again
    return asked


def _asked(form: Form, answers: Answers, situations: Situations, shape: Answers | None = None) -> list[Asked]:
    known = condition_answers(answers, situations)
    found: list[Asked] = []
    for section in form.sections:
        if not holds(section.condition, known):
            continue
        for row in range(_rows(section, shape if shape is not None else answers)):
            own = {**known, **_row_answers(section, row, answers)} if section.repeat else known
            found.extend(
                Asked(flat_name(section.code, row, field.code), section, row, field)
                for field in section.fields
                if holds(field.condition, own)
            )
    return found


def _rows(section: Section, answers: Answers) -> int:
    if section.repeat is None:
        return 1
    return max(len(answers.get(section.code, ())), section.repeat.min)


def _row_answers(section: Section, row: int, answers: Answers) -> dict[str, Any]:
    """Inside a repeated section a condition looks at its own row."""
    rows = answers.get(section.code, [])
    values = rows[row] if row < len(rows) else {}
    return {f"{section.code}.{field.code}": values.get(field.code) for field in section.fields}


def condition_answers(answers: Answers, situations: Situations) -> dict[str, Any]:
    """Answers under the names conditions use: `section.field` and `situation.code`; rows of a section as a list."""
    known: dict[str, Any] = {f"situation.{code}": value for code, value in situations.items()}
    for section, rows in answers.items():
        for code in dict.fromkeys(code for row in rows for code in row):
            values = [row[code] for row in rows if code in row]
            if len(values) == 1:
                known[f"{section}.{code}"] = values[0]
            else:
                known[f"{section}.{code}"] = [one for v in values for one in (v if isinstance(v, list) else [v])]
    return known


def _only(asked: Iterable[Asked], answers: Answers) -> Answers:
    kept: Answers = {section: [{} for _ in rows] for section, rows in answers.items()}
    for one in asked:
        rows = answers.get(one.section.code, [])
        if one.row < len(rows) and one.field.code in rows[one.row]:
            kept[one.section.code][one.row][one.field.code] = rows[one.row][one.field.code]
    return kept


def pruned(form: Form, answers: Answers, situations: Situations | None = None) -> Answers:
    """The answers to questions that are asked; others were typed before an answer above them changed."""
    return _only(visible_fields(form, answers, situations), answers)


# --- judging --------------------------------------------------------------------------------------------------------


def read(
    form: Form,
    typed: Answers,
    situations: Situations | None = None,
    *,
    on: date | None = None,
    sections: Sequence[str] | None = None,
) -> Reading:
    """Cleans every answer that is asked (of `sections`, or of all). Empty required answers are not refused here."""
    cleaned: Answers = {}
    refusals: dict[str, Refusal] = {}
    for section in form.sections:
        rows = typed.get(section.code, [])
        cleaned[section.code] = [{} for _ in rows]
        for number, row in enumerate(rows):
            for field in section.fields:
                if field.code not in row:
                    continue
                try:
                    value = clean(field, row[field.code], on=on)
                except Refusal as refusal:
                    refusals[flat_name(section.code, number, field.code)] = refusal
                    continue
                if value is not None:
                    cleaned[section.code][number][field.code] = value
    asked = visible_fields(form, cleaned, situations)
    names = {one.name for one in asked if sections is None or one.section.code in sections}
    kept = {name: refusal for name, refusal in refusals.items() if name in names}
    return Reading(_without_empty_rows(form, _only(asked, cleaned), refusals), typed, kept)


def _without_empty_rows(form: Form, answers: Answers, refusals: Mapping[str, Refusal]) -> Answers:
    """A row somebody opened and left empty is no row; one with a refused answer stays, so that names keep their rows."""
    if refusals:
        return answers
    for section in form.sections:
        if section.repeat is not None:
            rows = [row for row in answers.get(section.code, []) if row]
            answers[section.code] = rows
    return answers


def missing(
    form: Form, answers: Answers, situations: Situations | None = None, *, sections: Sequence[str] | None = None
) -> dict[str, Refusal]:
    """Flat name → why the application cannot go without it: required answers, and rows of a repeated section."""
    wanting: dict[str, Refusal] = {}
    asked = visible_fields(form, answers, situations)
    for one in asked:
        rows = answers.get(one.section.code, [])
        if one.section.repeat and one.row >= one.section.repeat.min and not _filled_row(rows[one.row]):
            continue  # a row opened and left empty is no row
        value = rows[one.row].get(one.field.code) if one.row < len(rows) else None
        if one.field.required and one.field.type != "statement" and _empty(value):
            wanting[one.name] = Refusal(RefusalCode.TEXT_REQUIRED, field=one.field.code)
    shown = {one.section.code: one.section for one in asked}
    for code, section in shown.items():
        rows = answers.get(code, [])
        filled = sum(1 for row in rows if _filled_row(row))
        if section.repeat and filled < section.repeat.min:
            wanting.setdefault(code, Refusal(RefusalCode.FORM_TOO_FEW_ROWS, section=code, least=section.repeat.min))
        if section.repeat and len(rows) > section.repeat.max:
            wanting[code] = Refusal(RefusalCode.FORM_TOO_MANY_ROWS, section=code, most=section.repeat.max)
    if sections is not None:
        wanting = {name: refusal for name, refusal in wanting.items() if name.partition(".")[0] in sections}
    return wanting


def _filled_row(row: Mapping[str, Any]) -> bool:
    return any(not _empty(value) for value in row.values())


def _empty(value: Any) -> bool:
    return not isinstance(value, (bool, int)) and blank(value)


def summary(form: Form, answers: Answers, situations: Situations | None = None) -> Iterator[tuple[Asked, Any]]:
    """Every asked question with its answer, for the page before sending and for the printed form."""
    for one in visible_fields(form, answers, situations):
        rows = answers.get(one.section.code, [])
        yield one, rows[one.row].get(one.field.code) if one.row < len(rows) else None
