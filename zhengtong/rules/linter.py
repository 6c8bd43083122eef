"""Says which rules of the catalogue a document breaks (C-01 … C-11 of the handbook, L-01 … our own); changes nothing.

An error keeps the item from being published; a warning is shown and may stand.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from zhengtong.rules import conditions, item_examples
from zhengtong.rules.codes import is_uscc
from zhengtong.rules.conditions import Known
from zhengtong.rules.form_types import BOUNDED, CHOICES, TYPES, is_day_bound
from zhengtong.rules.item_document import ON_APPLICATION, STAGES, ItemDocument


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. `rule` is the handbook's number, `reason` picks the sentence; both never change."""

    rule: str
    reason: str
    path: str
    severity: Severity = Severity.ERROR
    facts: Mapping[str, Any] = field(default_factory=dict)


def _error(rule: str, reason: str, path: str, **facts: Any) -> Finding:
    return Finding(rule, reason, path, Severity.ERROR, facts)


def _warning(rule: str, reason: str, path: str, **facts: Any) -> Finding:
    return Finding(rule, reason, path, Severity.WARNING, facts)


# --- the eight disclosed elements (八项公开, §1.4) -----------------------------------------------------------------

DISCLOSED_ELEMENTS = 8
DISCLOSED: dict[str, Callable[[ItemDocument], bool]] = {
    "name": lambda d: bool(d["name"]),
    "legal_bases": lambda d: bool(d["legal_bases"]),
    "materials": lambda d: bool(d["materials"] or d["form"]["sections"]),
    "procedure": lambda d: bool(d["procedure"]["stages"]),
    "promised_limit": lambda d: d["promised_limit"] is not None,
    # An item without a fee discloses that there is none; an item type is what tells it from an empty entry.
    "fee_basis": lambda d: _fees_tell(d, "basis"),
    "fee_standard": lambda d: _fees_tell(d, "standard"),
    "result": lambda d: bool(d["result"]["name"]) or d["result"]["kind"] == "99",
}


def _fees_tell(document: ItemDocument, key: str) -> bool:
    if not document["charges_fee"]:
        return bool(document["handling_mode"])
    return bool(document["fee_items"]) and all(
        row[key] or (key == "standard" and row["amount"]) for row in document["fee_items"]
    )


def disclosed(document: ItemDocument) -> dict[str, bool]:
    """Which of the eight elements are filled, in the order of the eight."""
    return {name: filled(document) for name, filled in DISCLOSED.items()}


# --- C-01 … C-11 ------------------------------------------------------------------------------------------------


def _codes(d: ItemDocument) -> Iterator[Finding]:
    """C-01: 实施编码 31 = body 18 + level 1 + 基本编码 12, whose characters 3–4 are the item type."""
    if not d["item_type"]:
        yield _error("C-01", "item_type_missing", "item_type")
    if d["implementing_org"] and not is_uscc(d["implementing_org"]):
        yield _error("C-01", "organ_code_invalid", "implementing_org", code=d["implementing_org"])
    if d["catalog_code"] and not re.fullmatch(r"[0-9A-Z]{12}", d["catalog_code"]):
        # Older lengths are still met (GB/T 39046 prints 10): shown, not refused.
        yield _warning("C-01", "catalog_code_length", "catalog_code", length=len(d["catalog_code"]))
    impl = d["impl_code"]
    if impl:
        yield from _impl_code(d, impl)
    if d["handling_code"] and not (
        impl and d["handling_code"].startswith(impl) and re.fullmatch(r"\d{2}", d["handling_code"][len(impl) :])
    ):
        yield _error("C-01", "handling_code_form", "handling_code", code=d["handling_code"])


def _impl_code(d: ItemDocument, impl: str) -> Iterator[Finding]:
    if len(impl) != 31:
        yield _error("C-01", "impl_code_length", "impl_code", length=len(impl))
        return
    if not is_uscc(impl[:18]):
        yield _error("C-01", "impl_code_organ", "impl_code", code=impl[:18])
    if impl[18] not in "1234567":
        yield _error("C-01", "impl_code_level", "impl_code", level=impl[18])
    elif d["level"] and impl[18] != d["level"]:
        yield _warning("C-01", "impl_code_other_level", "impl_code", level=impl[18], item_level=d["level"])
    if d["item_type"] and impl[21:23] != d["item_type"]:
        yield _error("C-01", "impl_code_type", "impl_code", type=impl[21:23], item_type=d["item_type"])
    if d["catalog_code"] and impl[19:] != d["catalog_code"]:
        yield _error("C-01", "impl_code_catalog", "impl_code", code=impl[19:], catalog_code=d["catalog_code"])


def _legal_bases(d: ItemDocument) -> Iterator[Finding]:
    if not any(row["article"] for row in d["legal_bases"]):
        yield _error("C-02", "no_article", "legal_bases")
        return
    for index, row in enumerate(d["legal_bases"]):
        if not row["article"]:
            yield _warning("C-02", "basis_without_article", f"legal_bases[{index}].article", name=row["name"])


def _calendar_days(limit: Mapping[str, Any]) -> Fraction:
    """A limit as calendar days, five working days being a week."""
    return Fraction(limit["amount"]) * (Fraction(7, 5) if limit["unit"] == "working_day" else 1)


def _limits(d: ItemDocument) -> Iterator[Finding]:
    legal, promised = d["legal_limit"], d["promised_limit"]
    if legal is None:
        yield _warning("C-03", "legal_limit_missing", "legal_limit")
    elif promised is not None and _calendar_days(promised) > _calendar_days(legal):
        yield _error("C-03", "promised_above_legal", "promised_limit", **_facts(promised, legal))
    if d["item_type"] == "01" and legal is not None and _calendar_days(legal) > 28:
        # 行政许可法 art 42: twenty working days, unless a law or regulation sets another limit.
        yield _warning("C-03", "licence_above_twenty_days", "legal_limit", amount=legal["amount"], unit=legal["unit"])


def _facts(promised: Mapping[str, Any], legal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "promised": promised["amount"],
        "promised_unit": promised["unit"],
        "legal": legal["amount"],
        "legal_unit": legal["unit"],
    }


def _immediate(d: ItemDocument) -> Iterator[Finding]:
    immediate = d["handling_mode"] == "1"
    if not d["handling_mode"] or not d["case_kind"]:
        yield _error("C-04", "handling_mode_missing", "case_kind" if d["handling_mode"] else "handling_mode")
    elif immediate != (d["case_kind"] == "IMMEDIATE"):
        yield _error("C-04", "mode_and_kind_differ", "case_kind", mode=d["handling_mode"], kind=d["case_kind"])
    promised = d["promised_limit"]
    if promised is None:
        return
    if immediate and promised["amount"] != 0:
        yield _error("C-04", "immediate_with_limit", "promised_limit", amount=promised["amount"])
    if d["handling_mode"] == "2" and promised["amount"] == 0:
        yield _error("C-04", "promised_without_limit", "promised_limit")


FREE_BY_LAW = re.compile(r"申请书|申请表|表格|格式文本|工本费")


def _fees(d: ItemDocument) -> Iterator[Finding]:
    """C-05: 行政许可法 arts 58–59: no fee unless a law or administrative regulation allows it."""
    if d["charges_fee"] and not d["fee_items"]:
        yield _error("C-05", "fee_without_items", "fee_items")
    if d["fee_items"] and not d["charges_fee"]:
        yield _error("C-05", "items_without_fee", "charges_fee", count=len(d["fee_items"]))
    for index, row in enumerate(d["fee_items"]):
        if not row["basis"]:
            yield _error("C-05", "fee_without_basis", f"fee_items[{index}].basis", name=row["name"])
        if FREE_BY_LAW.search(row["name"]):  # art 58(2): application forms are free
            yield _error("C-05", "form_is_free", f"fee_items[{index}].name", name=row["name"])
        if row["reducible"] and not row["reduction_basis"]:
            yield _error("C-05", "reduction_without_basis", f"fee_items[{index}].reduction_basis", name=row["name"])


def _materials(d: ItemDocument) -> Iterator[Finding]:
    for index, row in enumerate(d["materials"]):
        path = f"materials[{index}]"
        for key in ("basis", "source", "necessity", "type", "format"):
            if not row[key]:
                yield _error("C-06", f"material_without_{key}", f"{path}.{key}", name=row["name"])
        if row["copies"] is None:
            yield _error("C-06", "material_without_copies", f"{path}.copies", name=row["name"])
        elif row["copies"] == 0 and row["format"] == "paper":
            yield _error("C-06", "paper_without_copies", f"{path}.copies", name=row["name"])
        if row["necessity"] == "conditional" and not row["condition"]:
            yield _error("C-06", "conditional_without_condition", f"{path}.condition", name=row["name"])
        if row["condition"] and row["necessity"] == "required":
            yield _error("C-06", "required_with_condition", f"{path}.necessity", name=row["name"])


CATCH_ALL = re.compile(r"其他|其它|有关材料|相关材料|等材料|另行要求|视情况")


def _related(d: ItemDocument) -> Iterator[Finding]:
    """C-07: only what bears on the matter may be asked (arts 29, 31); a catch-all asks for anything."""
    for index, row in enumerate(d["materials"]):
        if CATCH_ALL.search(row["name"]):
            yield _error("C-07", "catch_all_material", f"materials[{index}].name", name=row["name"])
        if row["share_source"] and row["type"] == "original" and row["necessity"] == "required":
            yield _warning("C-07", "asked_though_shared", f"materials[{index}].type", name=row["name"])


def _special(d: ItemDocument) -> Iterator[Finding]:
    for index, row in enumerate(d["special_procedures"]):
        path = f"special_procedures[{index}]"
        if not row["basis"]:
            yield _error("C-08", "special_without_basis", f"{path}.basis", name=row["name"])
        if (row["amount"] is None) != (not row["unit"]):
            yield _error("C-08", "special_limit_half", f"{path}.amount", name=row["name"])


def _intermediaries(d: ItemDocument) -> Iterator[Finding]:
    for index, row in enumerate(d["intermediary_services"]):
        if not row["basis"]:
            yield _error(
                "C-09", "intermediary_without_basis", f"intermediary_services[{index}].basis", name=row["name"]
            )


def _retired(d: ItemDocument, on: date | None) -> Iterator[Finding]:
    if d["effective_from"] and d["effective_to"] and d["effective_to"] < d["effective_from"]:
        yield _error("C-10", "ends_before_start", "effective_to", start=d["effective_from"], end=d["effective_to"])
    if on is not None and d["effective_to"] and d["effective_to"] < on.isoformat():
        yield _error("C-10", "already_ended", "effective_to", end=d["effective_to"])
    if d["successor"] and d["successor"] == d["item_code"]:
        yield _error("C-10", "own_successor", "successor", code=d["successor"])


def _result(d: ItemDocument) -> Iterator[Finding]:
    result = d["result"]
    if result["kind"] == "10" and not result["certificate_type"]:
        yield _error("C-11", "certificate_without_type", "result.certificate_type", name=result["name"])
    if not result["kind"]:
        yield _error("C-11", "result_kind_missing", "result.kind")
    if result["kind"] not in ("", "99") and not d["delivery"]:
        yield _error("C-11", "delivery_missing", "delivery")


# --- our own ----------------------------------------------------------------------------------------------------


def _disclosure(d: ItemDocument) -> Iterator[Finding]:
    """L-01: the eight elements and both contacts before anything is published (§1.4)."""
    for name, filled in disclosed(d).items():
        if not filled:
            yield _error("L-01", "element_not_disclosed", name, element=name)
    for key in ("consult_contacts", "supervise_contacts"):
        if not d[key]:
            yield _error("L-01", "contact_missing", key, element=key)
    for key in ("applicant_types", "channels", "service_points", "acceptance_conditions", "level"):
        if not d[key]:
            yield _error("L-01", "element_not_disclosed", key, element=key)


def _stages(d: ItemDocument) -> Iterator[Finding]:
    """L-02: the stages together fit into the promise, and stand in their order."""
    stages = d["procedure"]["stages"]
    names = [row["stage"] for row in stages]
    if names != sorted(names, key=STAGES.index):
        yield _error("L-02", "stages_out_of_order", "procedure.stages", stages=names)
    total = sum(row["limit_days"] or 0 for row in stages)
    promised = d["promised_limit"]
    if promised is not None and Decimal(total) * Decimal("1.4") > (
        Decimal(promised["amount"]) * (Decimal("1.4") if promised["unit"] == "working_day" else 1)
    ):
        yield _error("L-02", "stages_above_promise", "procedure.stages", total=total, promised=promised["amount"])
    for stage, points in d["procedure"]["checklist"].items():
        if points and names and stage not in names:
            yield _warning("L-02", "checklist_without_stage", f"procedure.checklist.{stage}", stage=stage)


def known_names(d: ItemDocument) -> dict[str, Known]:
    """Every name a condition of this document may look at."""
    known = {
        f"situation.{row['code']}": Known("radio", [option["value"] for option in row["options"]])
        for row in d["situations"]
    }
    for section in d["form"]["sections"]:
        for one in section["fields"]:
            known[f"{section['code']}.{one['code']}"] = Known(one["type"], [o["value"] for o in one["options"]])
    return known


def _conditions(d: ItemDocument) -> Iterator[Finding]:
    """L-03: every condition can be asked, and none waits for itself."""
    known = known_names(d)
    for path, condition in _every_condition(d):
        for problem in conditions.problems(condition, known, path):
            yield _error("L-03", problem.code, problem.path, **problem.facts)
    for circle in conditions.circles(_asked_under(d)):
        yield _error("L-03", "condition_circle", "form", fields=" → ".join(circle))


def _every_condition(d: ItemDocument) -> Iterator[tuple[str, Any]]:
    for index, row in enumerate(d["materials"]):
        yield f"materials[{index}].condition", row["condition"]
    for s, section in enumerate(d["form"]["sections"]):
        yield f"form.sections[{s}].condition", section["condition"]
        for f, one in enumerate(section["fields"]):
            yield f"form.sections[{s}].fields[{f}].condition", one["condition"]


def _asked_under(d: ItemDocument) -> dict[str, Any]:
    asked = {}
    for section in d["form"]["sections"]:
        for one in section["fields"]:
            both = [condition for condition in (section["condition"], one["condition"]) if condition]
            asked[f"{section['code']}.{one['code']}"] = {"all": both} if both else None
    return asked


def _expired(d: ItemDocument, on: date | None) -> Iterator[Finding]:
    if on is None or not d["legal_bases"]:
        return
    gone = [
        (index, row)
        for index, row in enumerate(d["legal_bases"])
        if row["valid_until"] and row["valid_until"] < on.isoformat()
    ]
    report = _error if len(gone) == len(d["legal_bases"]) else _warning
    for index, row in gone:
        yield report("L-04", "basis_expired", f"legal_bases[{index}]", name=row["name"], until=row["valid_until"])


def _form(d: ItemDocument) -> Iterator[Finding]:
    """L-05: every question of the form can be answered."""
    if d["online"] and not d["form"]["sections"]:
        yield _warning("L-05", "online_without_form", "form")
    for s, section in enumerate(d["form"]["sections"]):
        path = f"form.sections[{s}]"
        if section["code"] == "situation":
            yield _error("L-05", "section_code_reserved", f"{path}.code", code=section["code"])
        if not section["fields"]:
            yield _error("L-05", "section_without_fields", path, title=section["title"])
        repeat = section["repeat"]
        if repeat and repeat["max"] is not None and (repeat["min"] or 0) > repeat["max"]:
            yield _error("L-05", "bounds_crossed", f"{path}.repeat", min=repeat["min"], max=repeat["max"])
        for f, one in enumerate(section["fields"]):
            yield from _field(one, f"{path}.fields[{f}]")


def _field(one: Mapping[str, Any], path: str) -> Iterator[Finding]:
    if one["type"] not in TYPES:
        yield _error("L-05", "field_type_unknown", f"{path}.type", type=one["type"], types=sorted(TYPES))
        return
    if one["type"] in CHOICES and not one["options"]:
        yield _error("L-05", "choice_without_options", f"{path}.options", label=one["label"])
    if one["options"] and one["type"] not in CHOICES:
        yield _error("L-05", "options_without_choice", f"{path}.options", label=one["label"], type=one["type"])
    if one["type"] == "statement" and one["required"]:
        yield _error("L-05", "statement_required", f"{path}.required", label=one["label"])
    for key in ("min", "max"):
        if one[key] not in (None, "") and not bound_fits(one["type"], one[key]):
            yield _error("L-05", "bound_form", f"{path}.{key}", label=one["label"], bound=one[key])
    low, high = one["min"], one["max"]
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield _error("L-05", "bounds_crossed", f"{path}.min", min=low, max=high)


def bound_fits(field_type: str, value: Any) -> bool:
    """A bound its field can be held against: a number, or a day (ISO or `today-30`)."""
    if field_type in ("date", "month", "date_range"):
        return is_day_bound(value)
    if field_type in BOUNDED:
        return bool(re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", str(value), re.ASCII))
    return False


def _situations(d: ItemDocument) -> Iterator[Finding]:
    asked = set().union(*(conditions.fields_of(condition) for _, condition in _every_condition(d)))
    for index, row in enumerate(d["situations"]):
        if len(row["options"]) < 2:
            yield _error("L-06", "situation_without_choice", f"situations[{index}].options", question=row["question"])
        if f"situation.{row['code']}" not in asked:
            yield _warning("L-06", "situation_decides_nothing", f"situations[{index}]", question=row["question"])


def _service(d: ItemDocument) -> Iterator[Finding]:
    if d["onsite_visits"] is None:
        yield _error("L-07", "onsite_visits_missing", "onsite_visits")
    elif d["onsite_visits"] > 0 and not d["onsite_reason"]:
        yield _error("L-07", "visits_without_reason", "onsite_reason", visits=d["onsite_visits"])
    if d["online"] and not {"2", "3"} & set(d["channels"]):
        yield _warning("L-07", "online_without_channel", "channels")
    if d["item_type"] and d["item_type"] not in ON_APPLICATION and not "11" <= d["item_type"] <= "19":
        yield _error("L-07", "not_on_application", "item_type", item_type=d["item_type"])
    if d["supplement_stops_clock"]:
        # A local rule may stop the clock; no step honours it yet, and an item must not promise what is not kept.
        yield _warning("L-07", "supplement_stops_clock", "supplement_stops_clock")


def _names_once(d: ItemDocument) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, row in enumerate(d["materials"]):
        if row["name"] in seen:
            yield _warning("L-08", "material_twice", f"materials[{index}].name", name=row["name"])
        seen.add(row["name"])


def _english(d: ItemDocument) -> Iterator[Finding]:
    """L-09: English stands beside Chinese; one warning says how much is missing."""
    missing = [path for path, has in _bilingual(d) if not has]
    if missing:
        yield _warning("L-09", "english_missing", missing[0], count=len(missing), paths=missing[:20])


def _bilingual(value: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if f"{key}_en" in value and one:
                yield f"{path}{key}_en", bool(value[f"{key}_en"])
            yield from _bilingual(one, f"{path}{key}.")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _bilingual(one, f"{path.removesuffix('.')}[{index}].")


def _examples(d: ItemDocument) -> Iterator[Finding]:
    """L-10: what the editor promised with an example still comes true."""
    if any(finding.severity is Severity.ERROR for finding in (*_conditions(d), *_form(d))):
        return  # a form that cannot be asked cannot be played
    for index, example in enumerate(d["examples"]):
        for miss in item_examples.misses(d, example):
            yield _error(
                "L-10",
                f"example_{miss.what}",
                f"examples[{index}].{miss.what}",
                name=example["name"],
                expected=list(miss.expected),
                found=list(miss.found),
            )


def _level(d: ItemDocument) -> Iterator[Finding]:
    """L-11: what a village clerk files, a person must be able to apply for; and a visit further up is no village item."""
    if d["lowest_level"] != "village":
        return
    if "1" not in d["applicant_types"]:
        yield _error("L-11", "village_without_persons", "lowest_level")
    if d["onsite_visits"]:
        yield _warning("L-11", "village_with_visits", "lowest_level", visits=d["onsite_visits"])


TIMELESS = (
    _codes, _legal_bases, _limits, _immediate, _fees, _materials, _related, _special, _intermediaries, _result,
    _disclosure, _stages, _conditions, _form, _situations, _examples, _service, _level, _names_once,
    _english,
)  # fmt: skip
DATED = (_retired, _expired)


def lint(document: ItemDocument, *, on: date | None = None) -> list[Finding]:
    """Everything the rules say of a canonical document, errors first. Without `on` nothing is said of what has expired."""
    found = [finding for rule in TIMELESS for finding in rule(document)]
    found += [finding for rule in DATED for finding in rule(document, on)]
    return sorted(found, key=lambda finding: (finding.severity is not Severity.ERROR, finding.rule))


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]
