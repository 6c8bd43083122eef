"""What is wrong with the shape of a document is said line by line, with the path to it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.documents import changed, prepaid_card
from zhengtong.rules.clock import Limit, Unit
from zhengtong.rules.edition import edition_from
from zhengtong.rules.item_document import empty, normalise, problems


def test_a_good_document_has_no_problem_and_an_empty_one_neither() -> None:
    assert problems(prepaid_card()) == []
    assert problems(empty("A-1", "名称")) == []


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("name", "", "needed"),
        ("name", "长" * 201, "too_long"),
        ("item_code", "甲-1", "bad_pattern"),
        ("item_type", "1", "not_a_choice"),
        ("channels[0]", ["1"], "not_a_choice"),  # a list where a code belongs
        ("legal_limit.unit", "days", "not_a_choice"),
        ("legal_limit.amount", -1, "out_of_range"),
        ("legal_limit.amount", "20", "not_number"),
        ("legal_limit.amount", True, "not_number"),
        ("charges_fee", "no", "not_yes_no"),
        ("effective_from", "2026-02-30", "not_date"),
        ("effective_from", 20260101, "not_date"),
        ("materials", {}, "not_list"),
        ("materials[0]", "营业执照", "not_group"),
        ("materials[0].code", "business_licence", "code_twice"),
        ("materials[0].colour", "red", "unknown_key"),
        ("materials[0].name", "a\x00b", "control_character"),
        ("materials[0].condition", [], "wrong_kind"),
        ("form.sections[0].fields[0].code", "1x", "bad_pattern"),
        ("procedure.stages[0].stage", "THINK", "not_a_choice"),
        ("procedure.checklist.THINK", [], "unknown_key"),
    ],
)
def test_each_problem_names_its_place(path: str, value: Any, code: str) -> None:
    found = [(problem.path, problem.code) for problem in problems(changed(path, value))]
    assert any(problem_code == code for _, problem_code in found), found
    place = {"code_twice": "materials[1].code"}.get(code, path)
    assert place in [problem_path for problem_path, _ in found]


@pytest.mark.parametrize("amount", ["ten", "1.005", "-1", "NaN", "Infinity", True])
def test_money_is_two_decimals(amount: Any) -> None:
    row = {"code": "f", "name": "费", "amount": amount}
    assert [p.code for p in problems({"name": "x", "item_code": "1", "fee_items": [row]})] == ["not_money"]
    assert (
        normalise({"name": "x", "item_code": "1", "fee_items": [{**row, "amount": 5}]})["fee_items"][0]["amount"]
        == "5.00"
    )


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                    max_leaves=8), st.sampled_from(sorted(prepaid_card())))  # fmt: skip
def test_whatever_a_file_holds_is_answered_with_problems_never_with_a_crash(value: Any, key: str) -> None:
    if problems({"name": "x", "item_code": "1", key: value}) == []:
        document = normalise({"name": "x", "item_code": "1", key: value})
        assert normalise(document) == document
        assert problems(document) == []


def test_a_whole_file_may_be_nonsense() -> None:
    for nonsense in (None, 1, "x", [], [{}]):
        assert problems(nonsense)


def test_an_edition_reads_the_document() -> None:
    edition = edition_from(prepaid_card(), version_id=7, item_id=3, organ_id=2, number=1)
    assert edition.promised_limit == Limit(5, Unit.WORKING_DAY)
    assert edition.material("fdi_report") in edition.materials
    assert edition.material("nothing") is None
    assert edition.form.sections[0].code == edition.document["form"]["sections"][0]["code"]
    assert not edition.immediate
