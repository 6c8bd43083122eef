"""Plays the examples of an item document: a made-up applicant's answers, and what must be asked and required of them.

An example is a promise of the editor that the linter keeps checking: whoever changes a condition and thereby asks an
enterprise without foreign investors for a foreign-investment report hears of it before anyone else does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.rules.conditions import holds
from zhengtong.rules.form_shape import form_from
from zhengtong.rules.forms import answers_from_post, condition_answers, missing, read, visible_fields
from zhengtong.rules.item_document import ItemDocument


@dataclass(frozen=True, slots=True)
class Miss:
    """Where an example and the item part ways: `what` is asks, asks_not, materials or refuses."""

    what: str
    expected: tuple[str, ...]
    found: tuple[str, ...]


def misses(document: ItemDocument, example: Mapping[str, Any]) -> Iterator[Miss]:
    """Nothing where the example comes true."""
    form = form_from(document["form"])
    situations = {str(code): str(value) for code, value in (example["situations"] or {}).items()}
    typed = answers_from_post(form, dict(_post(example["answers"] or {})))
    reading = read(form, typed, situations)
    asked = [one.name for one in visible_fields(form, reading.answers, situations)]
    wanted = tuple(name for name in map(_flat, example["asks"]) if name not in asked)
    unwanted = tuple(name for name in map(_flat, example["asks_not"]) if name in asked)
    if wanted:
        yield Miss("asks", wanted, ())
    if unwanted:
        yield Miss("asks_not", (), unwanted)
    materials = required_materials(document, condition_answers(reading.answers, situations))
    if sorted(materials) != sorted(example["materials"]):
        yield Miss("materials", tuple(example["materials"]), tuple(materials))
    refused = {*reading.refusals, *missing(form, reading.answers, situations)}
    # Without answers an example speaks of questions and materials only: everything required is missing then.
    if example["answers"] and refused != set(map(_flat, example["refuses"])):
        yield Miss("refuses", tuple(example["refuses"]), tuple(sorted(refused)))


def _flat(name: str) -> str:
    """`section.field` is written for `section.0.field`."""
    section, dot, field = name.partition(".")
    return name if not dot or "." in field else f"{section}.0.{field}"


def _post(answers: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Answers as a browser would send them."""
    for name, value in answers.items():
        if isinstance(value, Mapping):
            yield from _post({f"{_flat(name)}.{part}": one for part, one in value.items()})
        else:
            yield _flat(name), [_typed(one) for one in (value if isinstance(value, list) else [value])]


def _typed(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def required_materials(document: ItemDocument, known: Mapping[str, Any]) -> list[str]:
    """Codes of the materials asked of somebody who answered so, optional ones left out."""
    return [
        row["code"]
        for row in document["materials"]
        if row["necessity"] != "optional" and holds(row["condition"], known)
    ]
