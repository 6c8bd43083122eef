"""What an editor is shown before publishing: every change, named by its row, and nothing else."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.documents import changed, demo_documents, prepaid_card
from zhengtong.rules.item_diff import ChangeKind, diff
from zhengtong.rules.item_document import normalise


@pytest.mark.parametrize("document", demo_documents(), ids=lambda d: d["item_code"])
def test_a_document_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert diff(document, copy.deepcopy(document)) == []
    assert normalise(document) == document


@pytest.mark.parametrize(
    ("path", "value", "kind", "named"),
    [
        ("promised_limit.amount", 3, ChangeKind.CHANGED, "promised_limit"),
        ("legal_limit", None, ChangeKind.REMOVED, "legal_limit"),
        ("quota_note", "", ChangeKind.REMOVED, "quota_note"),
        ("onsite_reason", "核对原件", ChangeKind.ADDED, "onsite_reason"),
        ("materials[1].copies", 2, ChangeKind.CHANGED, "materials[business_licence].copies"),
        ("materials", lambda old: old[1:], ChangeKind.REMOVED, "materials[application]"),
        ("materials", lambda old: [old[1], old[0], *old[2:]], ChangeKind.MOVED, "materials"),
        ("channels", lambda old: [*old, "9"], ChangeKind.ADDED, "channels[9]"),
        ("keywords", lambda old: old[1:], ChangeKind.REMOVED, "keywords[预付卡]"),
        ("situations[0].options[0].label", "新办", ChangeKind.CHANGED, "situations[kind].options[first].label"),
        ("flags.hall", False, ChangeKind.CHANGED, "flags.hall"),
        ("faqs[0].answer", "向市级备案。", ChangeKind.CHANGED, "faqs[我应该向哪一级备案？].answer"),
        ("materials[3].condition", {"field": "situation.issuer", "is": "brand"}, ChangeKind.CHANGED,
         "materials[fdi_report].condition"),
    ],
)  # fmt: skip
def test_one_change_is_shown_once(path: str, value: Any, kind: ChangeKind, named: str) -> None:
    (change,) = diff(prepaid_card(), changed(path, value))
    assert (change.kind, change.path) == (kind, named)


def test_a_replaced_row_is_removed_and_added() -> None:
    found = diff(prepaid_card(), changed("materials[0].code", "form"))
    assert {(c.kind, c.path) for c in found} == {
        (ChangeKind.REMOVED, "materials[application]"),
        (ChangeKind.ADDED, "materials[form]"),
    }


@given(st.sampled_from(demo_documents()), st.sampled_from(demo_documents()))
def test_documents_differ_exactly_when_they_are_not_equal_and_both_ways(a: Any, b: Any) -> None:
    forth, back = diff(a, b), diff(b, a)
    assert bool(forth) == (a != b)
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    assert sorted((c.path, turned.get(c.kind, c.kind)) for c in forth) == sorted((c.path, c.kind) for c in back)
