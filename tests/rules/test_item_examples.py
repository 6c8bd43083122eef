"""Examples of an item come true, and stop coming true when somebody changes what they promise."""

from typing import Any

import pytest

from tests.rules.documents import changed, demo_documents, prepaid_card
from zhengtong.rules.item_examples import misses
from zhengtong.rules.linter import errors, lint


@pytest.mark.parametrize("document", demo_documents(), ids=lambda d: d["item_code"])
def test_every_demo_item_has_examples_that_come_true(document: dict[str, Any]) -> None:
    assert document["examples"]
    assert [miss for example in document["examples"] for miss in misses(document, example)] == []


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("materials[3].condition", {"field": "situation.ownership", "is": "domestic"}, "example_materials"),
        ("form.sections[4].condition", None, "example_asks_not"),  # investors asked of everybody
        ("form.sections[2].fields[1].condition", {"field": "custody.method", "is": "insurance"}, "example_asks"),
        ("form.sections[0].fields[1].type", "text", "example_refuses"),  # a wrong code would pass
    ],
)
def test_a_change_that_breaks_a_promise_is_an_error(path: str, value: Any, reason: str) -> None:
    assert reason in {finding.reason for finding in errors(lint(changed(path, value)))}


@pytest.mark.parametrize("path", ["form.sections[0].fields[0].type", "materials[3].condition"])
def test_a_broken_form_is_not_played(path: str) -> None:
    found = lint(changed(path, "nonsense" if path.endswith("type") else {"odd": 1}))
    assert "L-10" not in {finding.rule for finding in found}


def test_answers_of_any_kind_are_typed_as_a_browser_would() -> None:
    example = {
        "situations": None, "answers": {"confirm.truthful": True, "custody.ratio": 30, "enterprise.name": ["甲"]},
        "asks": [], "asks_not": [], "materials": [], "refuses": [],
    }  # fmt: skip
    found = next(miss.found for miss in misses(prepaid_card(), example) if miss.what == "refuses")
    assert "confirm.0.truthful" not in found
    assert "enterprise.0.name" not in found
