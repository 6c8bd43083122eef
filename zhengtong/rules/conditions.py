"""Says whether a condition of a form, a material or a section holds for the answers given; knows only the answers.

A condition is JSON: {"all": […]}, {"any": […]}, {"not": …}, or {"field": "section.code", TEST: value} with one TEST of
is, in, above, below, filled. "situation.code" names the answer to a guided question.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengtong.rules.item_document import Problem

Condition = Mapping[str, Any]
Answers = Mapping[str, Any]

TESTS = ("is", "in", "above", "below", "filled")
DEEPEST = 20  # nobody writes this by hand; deeper is a slip or an attack

NUMBERS = {"integer", "decimal", "money", "percentage", "area"}
ORDERED = NUMBERS | {"date", "month", "year"}
MANY = {"multiselect"}


def holds(condition: Condition | None, answers: Answers) -> bool:
    """True where there is no condition. `answers` maps "section.field" and "situation.code" to cleaned values.

    A field of a repeated section holds if it holds in any of its rows: give such answers as a list.
    """
    if condition is None or not condition:
        return True
    if "all" in condition:
        return all(holds(one, answers) for one in condition["all"])
    if "any" in condition:
        return any(holds(one, answers) for one in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], answers)
    answer = answers.get(condition["field"])
    values = answer if isinstance(answer, (list, tuple)) else [answer]
    if "filled" in condition:
        return any(_filled(value) for value in values) is bool(condition["filled"])
    return any(_passes(condition, value) for value in values)


def _passes(condition: Condition, value: Any) -> bool:
    if not _filled(value):
        return False
    if "is" in condition:
        return _same(value, condition["is"])
    if "in" in condition:
        return any(_same(value, one) for one in condition["in"])
    if "above" in condition:
        return _compare(value, condition["above"]) > 0
    return _compare(value, condition["below"]) < 0


def _filled(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return _truth(value) == _truth(wanted)
    return str(value) == str(wanted) or _compare(value, wanted, unlike=1) == 0


def _truth(value: Any) -> str:
    return {"true": "yes", "yes": "yes", "false": "no", "no": "no"}.get(str(value).lower(), str(value))


def _compare(value: Any, wanted: Any, unlike: int = 0) -> int:
    """-1, 0 or 1; `unlike` where the two cannot be compared."""
    if isinstance(value, date) or (isinstance(value, str) and isinstance(wanted, str) and "-" in value[1:]):
        left, right = str(value), str(wanted)
        return (left > right) - (left < right)
    try:
        one, other = Decimal(str(value)), Decimal(str(wanted))
    except InvalidOperation:
        return unlike
    if not (one.is_finite() and other.is_finite()):
        return unlike
    return (one > other) - (one < other)


def fields_of(condition: Condition | None) -> set[str]:
    """The names a condition looks at."""
    if not isinstance(condition, Mapping):
        return set()
    if "field" in condition:
        return {str(condition["field"])}
    inner = condition.get("all") or condition.get("any") or [condition.get("not")]
    return set().union(*(fields_of(one) for one in inner)) if isinstance(inner, list) else set()


def problems(condition: Any, known: Mapping[str, "Known"], path: str, depth: int = 0) -> Iterator[Problem]:
    """What keeps a condition from ever being asked: its shape, unknown names, values that cannot fit the field."""
    if condition is None or condition == {}:
        return
    if depth > DEEPEST:
        yield Problem(path, "condition_too_deep", {"deepest": DEEPEST})
        return
    if not isinstance(condition, dict):
        yield Problem(path, "condition_shape", {"got": type(condition).__name__})
        return
    for joint in ("all", "any"):
        if joint in condition:
            yield from _joint_problems(condition, joint, known, path, depth)
            return
    if "not" in condition:
        if len(condition) != 1 or not condition["not"]:
            yield Problem(path, "condition_shape", {"got": sorted(condition)})
        yield from problems(condition["not"], known, f"{path}.not", depth + 1)
        return
    yield from _test_problems(condition, known, path)


def _joint_problems(
    condition: dict[str, Any], joint: str, known: Mapping[str, "Known"], path: str, depth: int
) -> Iterator[Problem]:
    inner = condition[joint]
    if len(condition) != 1 or not isinstance(inner, list) or not inner:
        yield Problem(path, "condition_shape", {"got": sorted(condition)})
        return
    for index, one in enumerate(inner):
        if not one:
            yield Problem(f"{path}.{joint}[{index}]", "condition_shape", {"got": one})
        yield from problems(one, known, f"{path}.{joint}[{index}]", depth + 1)


def _test_problems(condition: dict[str, Any], known: Mapping[str, "Known"], path: str) -> Iterator[Problem]:
    tests = [test for test in TESTS if test in condition]
    if set(condition) != {"field", *tests} or len(tests) != 1:
        yield Problem(path, "condition_shape", {"got": sorted(condition), "tests": list(TESTS)})
        return
    name, test = condition["field"], tests[0]
    if not isinstance(name, str) or name not in known:
        yield Problem(path, "condition_unknown_field", {"field": name})
        return
    if reason := known[name].misfit(test, condition[test]):
        yield Problem(path, "condition_type", {"field": name, "test": test, "value": condition[test], "why": reason})


class Known:
    """A field or situation a condition may name: its type and, where it has them, the values it can take."""

    def __init__(self, field_type: str, choices: Sequence[str] = ()) -> None:
        self.type = field_type
        self.choices = tuple(choices)

    def misfit(self, test: str, value: Any) -> str:
        """Why `test` with `value` can never fit this field; "" where it can."""
        if self.type == "statement":
            return "no_answer"
        if test == "filled":
            return "" if isinstance(value, bool) else "not_yes_no"
        if test in ("above", "below"):
            return self._order_misfit(value)
        if test == "in" and not (isinstance(value, list) and value):
            return "not_list"
        for one in value if test == "in" else [value]:
            if reason := self._value_misfit(one):
                return reason
        return ""

    def _order_misfit(self, value: Any) -> str:
        if self.type not in ORDERED:
            return "no_order"
        return self._value_misfit(value)

    def _value_misfit(self, value: Any) -> str:
        if isinstance(value, (list, dict)) or value is None:
            return "not_one_value"
        if self.choices and str(value) not in self.choices:
            return "not_a_choice"
        if self.type in ("yes_no", "checkbox"):
            return "" if isinstance(value, bool) or str(value) in ("yes", "no") else "not_yes_no"
        if self.type in NUMBERS | {"year"}:
            try:
                return "" if Decimal(str(value)).is_finite() and not isinstance(value, bool) else "not_number"
            except InvalidOperation:
                return "not_number"
        if self.type == "date":
            try:
                date.fromisoformat(str(value))
            except ValueError:
                return "not_date"
        return ""


def circles(conditions: Mapping[str, Condition | None]) -> list[list[str]]:
    """Fields that wait for each other: name → the condition under which it is asked. Each circle once."""
    waits = {name: sorted(fields_of(condition)) for name, condition in conditions.items()}
    found: list[list[str]] = []
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> None:
        if name in trail:
            found.append([*trail[trail.index(name) :], name])
            return
        if name in done or name not in waits:
            return
        for other in waits[name]:
            walk(other, [*trail, name])
        done.add(name)

    for name in sorted(waits):
        walk(name, [])
    return found
