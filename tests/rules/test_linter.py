"""C-01 … C-11 and our own rules: the demo item breaks none, and breaks each one when one thing is changed."""

import json
from datetime import date
from typing import Any

import pytest

from tests.rules.documents import changed, demo_documents, prepaid_card
from zhengtong.rules.item_document import empty, normalise
from zhengtong.rules.linter import DISCLOSED_ELEMENTS, Severity, disclosed, errors, lint

TODAY = date(2026, 11, 22)


def test_a_lawful_item_breaks_nothing() -> None:
    assert lint(prepaid_card(), on=TODAY) == []


@pytest.mark.parametrize("document", demo_documents(), ids=lambda d: d["item_code"])
def test_every_demo_item_could_be_published_while_it_was_in_force(document: dict[str, Any]) -> None:
    on = date.fromisoformat(document["effective_to"]) if document["effective_to"] else TODAY
    assert errors(lint(document, on=on)) == []


def fee(**changes: Any) -> dict[str, Any]:
    row = {"code": "f", "name": "证书费", "basis": "省价费〔2019〕1号", "standard": "10元/本", "amount": "10.00"}
    return {**normalise({"name": "x", "item_code": "1", "fee_items": [row]})["fee_items"][0], **changes}


@pytest.mark.parametrize(
    ("path", "value", "rule", "reason"),
    [
        ("item_type", "", "C-01", "item_type_missing"),
        ("implementing_org", "11990100MB0101741A", "C-01", "organ_code_invalid"),  # one letter off
        ("catalog_code", "0121021011", "C-01", "catalog_code_length"),  # ten digits, as GB/T 39046 prints
        ("impl_code", lambda old: old[:-1], "C-01", "impl_code_length"),  # 30 characters
        ("impl_code", lambda old: "21" + old[2:], "C-01", "impl_code_organ"),  # the body's check fails
        ("impl_code", lambda old: old[:18] + "9" + old[19:], "C-01", "impl_code_level"),  # there is no level 9
        ("impl_code", lambda old: old[:21] + "01" + old[23:], "C-01", "impl_code_type"),  # a filing, coded as a licence
        ("impl_code", lambda old: old[:-1] + "1", "C-01", "impl_code_catalog"),  # another item's 基本编码
        ("level", "4", "C-01", "impl_code_other_level"),
        ("handling_code", lambda old: old + "1", "C-01", "handling_code_form"),
        ("legal_bases", [], "C-02", "no_article"),
        ("legal_bases[0].article", "", "C-02", "no_article"),
        ("legal_limit", None, "C-03", "legal_limit_missing"),
        ("promised_limit.amount", 21, "C-03", "promised_above_legal"),  # 20 is the law's
        ("promised_limit", {"amount": 29, "unit": "calendar_day"}, "C-03", "promised_above_legal"),  # 20 working = 28
        ("promised_limit.amount", 0, "C-04", "promised_without_limit"),
        ("handling_mode", "1", "C-04", "immediate_with_limit"),
        ("case_kind", "IMMEDIATE", "C-04", "mode_and_kind_differ"),
        ("handling_mode", "", "C-04", "handling_mode_missing"),
        ("charges_fee", True, "C-05", "fee_without_items"),
        ("fee_items", [fee()], "C-05", "items_without_fee"),
        ("materials[0].basis", "", "C-06", "material_without_basis"),
        ("materials[0].source", "", "C-06", "material_without_source"),
        ("materials[0].necessity", "", "C-06", "material_without_necessity"),
        ("materials[0].copies", None, "C-06", "material_without_copies"),
        ("materials[3].condition", None, "C-06", "conditional_without_condition"),
        ("materials[3].necessity", "required", "C-06", "required_with_condition"),
        ("materials[0].name", "法律法规规定的其他材料", "C-07", "catch_all_material"),
        ("special_procedures", [{"code": "x", "kind": "1", "name": "专家评审", "name_en": "", "basis": "", "amount": 10,
                                 "unit": "working_day", "counted": False, "fee": ""}], "C-08", "special_without_basis"),
        ("intermediary_services", [{"name": "编制报告", "basis": ""}], "C-09", "intermediary_without_basis"),
        ("effective_to", "2026-11-21", "C-10", "already_ended"),
        ("successor", "11990100MB0101741G3991021011000", "C-10", "own_successor"),
        ("result.kind", "10", "", ""),  # a certificate with its type is no fault
        ("result", {"name": "证", "name_en": "C", "kind": "10", "certificate_type": "", "sample": ""}, "C-11",
         "certificate_without_type"),
        ("delivery", [], "C-11", "delivery_missing"),
        ("name", "", "L-01", "element_not_disclosed"),
        ("procedure.stages", [], "L-01", "element_not_disclosed"),
        ("supervise_contacts", [], "L-01", "contact_missing"),
        ("service_points", [], "L-01", "element_not_disclosed"),
        ("procedure.stages[1].limit_days", 60, "L-02", "stages_above_promise"),
        ("procedure.stages", lambda old: old[::-1], "L-02", "stages_out_of_order"),
        ("materials[3].condition", {"field": "situation.owner", "is": "x"}, "L-03", "condition_unknown_field"),
        ("materials[3].condition", {"field": "situation.ownership", "is": "mars"}, "L-03", "condition_type"),
        ("materials[3].condition", {"sometimes": True}, "L-03", "condition_shape"),
        ("legal_bases[0].valid_until", "2026-11-21", "L-04", "basis_expired"),
        ("form.sections[0].fields[0].type", "telepathy", "L-05", "field_type_unknown"),
        ("form.sections[0].fields[0].max", 9, "L-05", "bound_form"),  # a name has no maximum, only a length
        ("form.sections[1].fields[2].max", "tomorrow", "L-05", "bound_form"),
        ("form.sections[0].fields", [], "L-05", "section_without_fields"),
        ("form.sections[0].code", "situation", "L-05", "section_code_reserved"),
        ("situations[0].options", lambda old: old[:1], "L-06", "situation_without_choice"),
        ("onsite_visits", 1, "L-07", "visits_without_reason"),
        ("onsite_visits", None, "L-07", "onsite_visits_missing"),
        ("item_type", "02", "L-07", "not_on_application"),  # nobody applies for a penalty
        ("materials[1].name", "单用途商业预付卡发卡企业备案表", "L-08", "material_twice"),
        ("materials[1].name_en", "", "L-09", "english_missing"),
    ],
)  # fmt: skip
def test_one_change_breaks_one_rule(path: str, value: Any, rule: str, reason: str) -> None:
    found = {(finding.rule, finding.reason) for finding in lint(changed(path, value), on=TODAY)}
    assert ((rule, reason) in found) if rule else not found


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (fee(), None),
        (fee(basis=""), "fee_without_basis"),
        (fee(name="申请表工本费"), "form_is_free"),  # 行政许可法 art 58(2)
        (fee(reducible=True), "reduction_without_basis"),
    ],
)
def test_a_fee_needs_a_law(row: dict[str, Any], reason: str | None) -> None:
    document = changed("charges_fee", True) | {"fee_items": [row]}
    found = {finding.reason for finding in lint(document, on=TODAY) if finding.rule == "C-05"}
    assert found == ({reason} if reason else set())


def test_questions_that_wait_for_each_other_are_a_circle() -> None:
    document = prepaid_card()
    one, other = document["form"]["sections"][0]["fields"][:2]
    section = document["form"]["sections"][0]["code"]
    one["condition"] = {"field": f"{section}.{other['code']}", "filled": True}
    assert errors(lint(document, on=TODAY)) == []
    other["condition"] = {"not": {"field": f"{section}.{one['code']}", "filled": True}}
    assert [f.reason for f in errors(lint(document, on=TODAY))] == ["condition_circle"]


def test_without_a_day_nothing_has_expired() -> None:
    assert errors(lint(changed("legal_bases[0].valid_until", "2000-01-01"))) == []


def test_an_empty_entry_discloses_its_name_alone() -> None:
    told = disclosed(empty("A-1", "适龄儿童延缓入学审批"))
    assert len(told) == DISCLOSED_ELEMENTS
    assert [name for name, filled in told.items() if filled] == ["name"]
    assert all(disclosed(prepaid_card()).values())


def test_errors_come_first_and_facts_are_plain() -> None:
    found = lint(empty("A-1", "x"), on=TODAY)
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=lambda s: s is not Severity.ERROR)
    json.dumps([dict(finding.facts) for finding in found])
