"""Conditions hold, fail and are refused as their author would read them aloud."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.conditions import Known, circles, fields_of, holds, problems

ANSWERS = {
    "situation.ownership": "foreign",
    "business.started_on": "2026-03-01",
    "business.named": False,
    "business.balance": "1200.50",
    "business.cards": 30,
    "business.media": ["chip", "app"],
    "business.note": "",
    "stores.city": ["云湖区", "柳堤县"],
}


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (None, True),  # nothing asked
        ({}, True),
        ({"field": "situation.ownership", "is": "foreign"}, True),
        ({"field": "situation.ownership", "is": "domestic"}, False),
        ({"field": "situation.ownership", "in": ["domestic", "foreign"]}, True),
        ({"field": "situation.nobody", "is": "foreign"}, False),  # not answered
        ({"not": {"field": "situation.nobody", "is": "foreign"}}, True),
        ({"field": "business.named", "is": False}, True),
        ({"field": "business.named", "is": "no"}, True),  # as a form writes it
        ({"field": "business.named", "is": True}, False),
        ({"field": "business.named", "filled": True}, True),  # "no" is an answer
        ({"field": "business.note", "filled": True}, False),
        ({"field": "business.note", "filled": False}, True),
        ({"field": "business.balance", "above": 1200}, True),
        ({"field": "business.balance", "above": "1200.50"}, False),  # above is not "or equal"
        ({"field": "business.balance", "below": 1200.51}, True),
        ({"field": "business.balance", "is": 1200.5}, True),  # 1200.50 is 1200.5
        ({"field": "business.cards", "is": "30"}, True),
        ({"field": "business.started_on", "above": "2026-02-28"}, True),
        ({"field": "business.started_on", "below": "2026-03-01"}, False),
        ({"field": "business.media", "is": "app"}, True),  # one of the ticked boxes
        ({"field": "business.media", "in": ["paper", "chip"]}, True),
        ({"field": "business.media", "is": "paper"}, False),
        ({"field": "stores.city", "is": "柳堤县"}, True),  # any row of a repeated section
        ({"all": [{"field": "business.cards", "above": 10}, {"field": "business.named", "is": False}]}, True),
        ({"all": [{"field": "business.cards", "above": 10}, {"field": "business.named", "is": True}]}, False),
        ({"any": [{"field": "business.cards", "above": 99}, {"field": "business.named", "is": False}]}, True),
        ({"not": {"any": [{"field": "business.cards", "above": 99}]}}, True),
    ],
)
def test_a_condition_holds_or_not(condition: Any, answer: bool) -> None:
    assert holds(condition, ANSWERS) is answer


def test_dates_compare_whether_text_or_date() -> None:
    assert holds({"field": "a.b", "below": "2026-01-02"}, {"a.b": date(2026, 1, 1)})


KNOWN = {
    "situation.ownership": Known("radio", ["domestic", "foreign"]),
    "business.started_on": Known("date"),
    "business.named": Known("yes_no"),
    "business.balance": Known("money"),
    "business.note": Known("text"),
    "business.hint": Known("statement"),
}


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"field": "situation.ownership", "is": "foreign"}, None),
        ({"field": "business.balance", "above": 10}, None),
        ({"field": "business.named", "is": True}, None),
        ({"not": {"field": "business.note", "filled": True}}, None),
        ({"field": "situation.owner", "is": "foreign"}, "condition_unknown_field"),
        ({"field": "situation.ownership", "is": "martian"}, "condition_type"),  # no such option
        ({"field": "situation.ownership", "above": 3}, "condition_type"),  # options have no order
        ({"field": "business.note", "above": 3}, "condition_type"),
        ({"field": "business.balance", "above": "a lot"}, "condition_type"),
        ({"field": "business.balance", "in": []}, "condition_type"),
        ({"field": "business.started_on", "below": "soon"}, "condition_type"),
        ({"field": "business.named", "is": "maybe"}, "condition_type"),
        ({"field": "business.note", "filled": "yes"}, "condition_type"),
        ({"field": "business.hint", "filled": True}, "condition_type"),  # nobody answers a statement
        ({"field": "business.note"}, "condition_shape"),
        ({"field": "business.note", "is": "a", "in": ["b"]}, "condition_shape"),
        ({"field": ["x"], "is": "a"}, "condition_unknown_field"),
        ({"all": []}, "condition_shape"),
        ({"all": [{"field": "business.note", "is": "a"}], "any": []}, "condition_shape"),
        ({"all": [None]}, "condition_shape"),
        ({"not": None}, "condition_shape"),
        ("business.note", "condition_shape"),
        ({"if": 1}, "condition_shape"),
    ],
)
def test_a_condition_nobody_can_ask_is_named(condition: Any, code: str | None) -> None:
    assert [p.code for p in problems(condition, KNOWN, "c")][:1] == ([code] if code else [])


def test_a_bottomless_condition_is_refused() -> None:
    condition: Any = {"field": "business.note", "filled": True}
    for _ in range(30):
        condition = {"not": condition}
    assert [p.code for p in problems(condition, KNOWN, "c")] == ["condition_too_deep"]


def test_fields_and_circles() -> None:
    a_waits_for_b = {"all": [{"field": "x.b", "is": 1}, {"not": {"field": "x.c", "filled": True}}]}
    assert fields_of(a_waits_for_b) == {"x.b", "x.c"}
    assert circles({"x.a": a_waits_for_b, "x.b": None, "x.c": None}) == []
    assert circles({"x.a": a_waits_for_b, "x.b": {"field": "x.a", "filled": True}, "x.c": None}) == [
        ["x.a", "x.b", "x.a"]
    ]
    assert circles({"x.a": {"field": "x.a", "filled": False}}) == [["x.a", "x.a"]]


simple = st.sampled_from([{"field": name, "filled": yes} for name in ANSWERS for yes in (True, False)])
tree = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).flatmap(lambda many: st.sampled_from([{"all": many}, {"any": many}]))
        | inner.map(lambda one: {"not": one})
    ),
    max_leaves=10,
)


@given(tree)
def test_not_turns_any_condition_over(condition: Any) -> None:
    assert holds({"not": condition}, ANSWERS) is not holds(condition, ANSWERS)


@given(st.lists(tree, min_size=1, max_size=4))
def test_all_is_not_any_not(many: list[Any]) -> None:
    assert holds({"all": many}, ANSWERS) is not holds({"any": [{"not": one} for one in many]}, ANSWERS)
