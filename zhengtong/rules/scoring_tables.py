"""A score table as data: reads its JSON, and says of every place what keeps it from being a table.

{subject, name, name_en, source, least_finished, parts: [{code, name, name_en, weight, source, indicators: [{code, name,
name_en, expression | manual: true, min, max, source}]}], bonus: {max, indicators}, grades: [{code, least}],
vetoes: [{expression, grade}]}. Numbers are integers or decimal text; a float has no single spelling.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from zhengtong.rules.item_document import Problem
from zhengtong.rules.scoring import Grade, Indicator, Part, Table, Veto, expression
from zhengtong.rules.scoring_expressions import ExpressionFault
from zhengtong.rules.scoring_quantities import Subject

MOST_PARTS, MOST_INDICATORS = 20, 12
CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
NUMBER = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,2})?")
NAME_LENGTH, SOURCE_LENGTH = 60, 300

Document = Mapping[str, Any]


def table_from(document: Document) -> Table:
    """Reads a document that has no problems."""
    subject = Subject(document["subject"])
    return Table(
        subject=subject,
        name=document["name"],
        name_en=document["name_en"],
        source=document["source"],
        parts=tuple(
            Part(
                part["code"], part["name"], part["name_en"], Fraction(str(part["weight"])),
                tuple(_indicator(one, subject) for one in part["indicators"]), part.get("source", ""),
            )
            for part in document["parts"]
        ),
        bonus=tuple(_indicator(one, subject) for one in document["bonus"]["indicators"]),
        most_bonus=Fraction(str(document["bonus"]["max"])),
        grades=tuple(Grade(one["code"], Fraction(str(one["least"]))) for one in document["grades"]),
        vetoes=tuple(Veto(expression(one["expression"], subject), one["grade"]) for one in document["vetoes"]),
        least_finished=document["least_finished"],
    )  # fmt: skip


def _indicator(row: Mapping[str, Any], subject: Subject) -> Indicator:
    return Indicator(
        row["code"], row["name"], row["name_en"],
        None if row.get("manual") else expression(row["expression"], subject),
        Fraction(str(row["min"])), Fraction(str(row["max"])), row.get("source", ""),
    )  # fmt: skip


def problems(document: Any) -> list[Problem]:
    """Everything wrong with it, each with its path; empty for a table that can be used."""
    return list(_problems(document))


def _problems(document: Any) -> Iterator[Problem]:
    if not isinstance(document, Mapping):
        yield Problem("", "shape", {})
        return
    subject = document.get("subject")
    if not isinstance(subject, str) or subject not in list(Subject):
        yield Problem("subject", "subject", {})
        return
    yield from _texts(document, "", {"name": NAME_LENGTH, "name_en": NAME_LENGTH, "source": SOURCE_LENGTH})
    least = document.get("least_finished")
    if isinstance(least, bool) or not isinstance(least, int) or not 0 <= least <= 100_000:
        yield Problem("least_finished", "number", {})
    seen: set[str] = set()
    parts = _rows(document.get("parts"), MOST_PARTS)
    if not parts:
        yield Problem("parts", "rows", {"most": MOST_PARTS})
    for at, part in enumerate(parts or ()):
        yield from _part_problems(part, f"parts[{at}]", Subject(subject), seen)
    yield from _bonus_problems(document.get("bonus"), Subject(subject), seen)
    yield from _grade_problems(document.get("grades"))
    yield from _veto_problems(document, Subject(subject))


def _rows(value: Any, most: int) -> list[Mapping[str, Any]] | None:
    if not isinstance(value, list) or len(value) > most or not all(isinstance(row, Mapping) for row in value):
        return None
    return value


def _texts(row: Mapping[str, Any], path: str, lengths: Mapping[str, int]) -> Iterator[Problem]:
    for name, most in lengths.items():
        text = row.get(name)
        if not isinstance(text, str) or not text.strip() or len(text) > most:
            yield Problem(f"{path}{name}", "text", {"most": most})


def _number(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | str) or not NUMBER.fullmatch(str(value)):
        return None
    return Fraction(str(value))


def _code(row: Mapping[str, Any], path: str, seen: set[str]) -> Iterator[Problem]:
    code = row.get("code")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        yield Problem(f"{path}.code", "code", {})
    elif code in seen:
        yield Problem(f"{path}.code", "code_twice", {"code": code})
    else:
        seen.add(code)


def _part_problems(part: Mapping[str, Any], path: str, subject: Subject, seen: set[str]) -> Iterator[Problem]:
    yield from _code(part, path, seen)
    yield from _texts(part, f"{path}.", {"name": NAME_LENGTH, "name_en": NAME_LENGTH})
    weight = _number(part.get("weight"))
    if weight is None or weight <= 0:
        yield Problem(f"{path}.weight", "number", {})
    rows = _rows(part.get("indicators"), MOST_INDICATORS)
    if not rows:
        yield Problem(f"{path}.indicators", "rows", {"most": MOST_INDICATORS})
        return
    for at, row in enumerate(rows):
        yield from _indicator_problems(row, f"{path}.indicators[{at}]", subject, seen)
    reach = [_number(row.get("max")) for row in rows]
    if weight is not None and None not in reach and sum(one for one in reach if one is not None) != weight:
        # Else the coefficient would scale by a weight nobody can reach.
        yield Problem(f"{path}.weight", "weight", {"weight": str(weight), "sum": str(sum(filter(None, reach)))})


def _indicator_problems(row: Mapping[str, Any], path: str, subject: Subject, seen: set[str]) -> Iterator[Problem]:
    yield from _code(row, path, seen)
    yield from _texts(row, f"{path}.", {"name": NAME_LENGTH, "name_en": NAME_LENGTH})
    lowest, highest = _number(row.get("min")), _number(row.get("max"))
    for name, value in (("min", lowest), ("max", highest)):
        if value is None:
            yield Problem(f"{path}.{name}", "number", {})
    if lowest is not None and highest is not None and lowest >= highest:
        yield Problem(f"{path}.min", "reversed", {"min": str(lowest), "max": str(highest)})
    if row.get("manual") is True:
        return
    yield from _expression_problems(row.get("expression"), f"{path}.expression", subject)


def _expression_problems(text: Any, path: str, subject: Subject) -> Iterator[Problem]:
    if not isinstance(text, str):
        yield Problem(path, "expression_empty", {"position": 1})
        return
    try:
        expression(text, subject)
    except ExpressionFault as fault:
        yield Problem(path, f"expression_{fault.code}", {"position": fault.position, **fault.facts})


def _bonus_problems(bonus: Any, subject: Subject, seen: set[str]) -> Iterator[Problem]:
    rows = _rows(bonus.get("indicators"), MOST_INDICATORS) if isinstance(bonus, Mapping) else None
    if rows is None:
        yield Problem("bonus", "rows", {"most": MOST_INDICATORS})
        return
    most = _number(bonus.get("max"))
    if most is None or most < 0:
        yield Problem("bonus.max", "number", {})
    for at, row in enumerate(rows):
        yield from _indicator_problems(row, f"bonus.indicators[{at}]", subject, seen)


def _grade_problems(grades: Any) -> Iterator[Problem]:
    rows = _rows(grades, 10)
    leasts = [_number(row.get("least")) for row in rows or ()]
    if not rows or None in leasts or not all(re.fullmatch(r"[A-Z]", str(row.get("code", ""))) for row in rows):
        yield Problem("grades", "grades", {})
        return
    known = [one for one in leasts if one is not None]
    if known != sorted(set(known), reverse=True) or known[-1] != 0:
        yield Problem("grades", "grades_order", {})


def _veto_problems(document: Document, subject: Subject) -> Iterator[Problem]:
    rows = _rows(document.get("vetoes"), 10)
    if rows is None:
        yield Problem("vetoes", "rows", {"most": 10})
        return
    grades = document.get("grades")
    codes = [row.get("code") for row in grades if isinstance(row, Mapping)] if isinstance(grades, list) else []
    for at, row in enumerate(rows):
        yield from _expression_problems(row.get("expression"), f"vetoes[{at}].expression", subject)
        if row.get("grade") not in codes:
            yield Problem(f"vetoes[{at}].grade", "veto_grade", {})
