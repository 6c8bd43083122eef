"""A condition as rows of a form: question, test, value. What is nested deeper than rows can say stays JSON."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

MOST_ROWS = 20
SEPARATOR = re.compile(r"\s*[,，、;；\n]\s*")
WITHOUT_VALUE = {"filled", "unfilled"}


@dataclass(frozen=True, slots=True)
class TestRow:
    field: str = ""
    test: str = "is"
    value: str = ""
    was: str = ""  # the stored test, so that an untouched row keeps numbers and booleans as they were


@dataclass(frozen=True, slots=True)
class ConditionShown:
    joint: str  # all or any
    rows: tuple[TestRow, ...]
    raw: str  # JSON where rows cannot say it, else empty


def shown(condition: Any) -> ConditionShown:
    if not condition:
        return ConditionShown("all", (), "")
    if isinstance(condition, Mapping):
        joint = "any" if "any" in condition else "all"
        tests = condition.get(joint) if joint in condition and len(condition) == 1 else [condition]
        if isinstance(tests, list) and len(tests) <= MOST_ROWS:
            rows = [_row(test) for test in tests]
            if all(rows):
                return ConditionShown(joint, tuple(row for row in rows if row), "")
    raw = condition if isinstance(condition, str) else json.dumps(condition, ensure_ascii=False, indent=1)
    return ConditionShown("all", (), raw)


def _row(test: Any) -> TestRow | None:
    was = json.dumps(test, ensure_ascii=False, sort_keys=True) if isinstance(test, Mapping) else ""
    negated = isinstance(test, Mapping) and set(test) == {"not"}
    inner = test["not"] if negated else test
    if not isinstance(inner, Mapping) or len(inner) != 2 or not isinstance(inner.get("field"), str):
        return None
    name = next(key for key in inner if key != "field")
    value = inner[name]
    if negated:
        return TestRow(inner["field"], "is_not", _said(value), was) if name == "is" and _plain(value) else None
    if name == "filled" and isinstance(value, bool):
        return TestRow(inner["field"], "filled" if value else "unfilled", "", was)
    if (
        name == "in"
        and isinstance(value, list)
        and all(_plain(one) and not SEPARATOR.search(str(one)) for one in value)
    ):
        return TestRow(inner["field"], "in", "，".join(_said(one) for one in value), was)
    return (
        TestRow(inner["field"], name, _said(value), was) if name in ("is", "above", "below") and _plain(value) else None
    )


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int)) and value != ""


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def read(post: QueryDict, name: str) -> Any:
    """The condition that was typed; text that is no JSON is handed on for the shape to refuse it."""
    raw = post.get(f"{name}.json", "").strip()
    if raw:
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return raw
    tests = [test for n in range(MOST_ROWS + 1) if (test := _test(post, f"{name}.{n}")) is not None]
    if not tests:
        return None
    joint = "any" if post.get(f"{name}.joint") == "any" else "all"
    return tests[0] if len(tests) == 1 else {joint: tests}


def _test(post: QueryDict, name: str) -> dict[str, Any] | None:
    field, test = post.get(f"{name}.field", "").strip(), post.get(f"{name}.test", "is")
    value, was = post.get(f"{name}.value", "").strip(), _loaded(post.get(f"{name}.was", ""))
    if not field:
        return None
    if was is not None and (row := _row(was)) and (row.field, row.test, row.value) == (field, test, value):
        return was
    if test in WITHOUT_VALUE:
        return {"field": field, "filled": test == "filled"}
    if test == "in":
        return {"field": field, "in": [one for one in SEPARATOR.split(value) if one]}
    if test == "is_not":
        return {"not": {"field": field, "is": value}}
    typed = int(value) if test in ("above", "below") and re.fullmatch(r"-?\d{1,15}", value, re.ASCII) else value
    return {"field": field, test if test in ("is", "above", "below") else "is": typed}


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def in_words(
    condition: Any,
    names: Mapping[str, str],
    tests: Mapping[str, object],
    joints: Sequence[str],
    *,
    options: Mapping[str, Mapping[str, str]],
) -> str:
    """`What do you need? is First filing and …`; JSON where rows cannot say it. `joints`: the words for all and any."""
    told = shown(condition)
    if told.raw:
        return " ".join(told.raw.split())
    parts = []
    for row in told.rows:
        called = options.get(row.field, {})
        values = [called.get(one, one) for one in (SEPARATOR.split(row.value) if row.test == "in" else [row.value])]
        parts.append(f"{names.get(row.field, row.field)} {tests[row.test]} {', '.join(values)}".strip())
    return joints[told.joint == "any"].join(parts)
