"""Knows the shape of an item document (one edition of a service item as JSON); knows nothing of its lawfulness.

What the law asks of a document stands in `linter`; here only: which keys, which kinds of value, how empty is written.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

ItemDocument = dict[str, Any]

ITEM_TYPES = {f"{n:02}" for n in range(1, 21)}  # GB/T 39046 A.1; 11–19 are local extensions
LEVELS = {"1", "2", "3", "4", "5", "6", "7"}  # A.2
ORG_NATURES = {"1", "2", "3", "9"}  # A.3
APPLICANT_TYPES = {"1", "2", "3", "4", "5", "6"}  # A.4
CHANNELS = {"1", "2", "3", "4", "9"}  # A.5
HANDLING_MODES = {"1", "2", "9"}  # A.6
LOWEST_LEVELS = {"county", "township", "village"}  # 最低办理层级: where it may be filed nearest to the person
CASE_KINDS = {"IMMEDIATE", "PROMISED", "REPORTED", "JOINT"}
UNITS = {"working_day", "calendar_day"}
RESULT_KINDS = {"10", "20", "30", "99"}
STAGES = ("ACCEPT", "PROCESS", "REVIEW", "APPROVE", "FINISH")
ON_APPLICATION = {"01", "05", "07", "08", "09", "10", "20"}  # 国发〔2022〕5号


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the shape; `path` reads like `materials[2].copies`."""

    path: str
    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """How one value is checked and how its absence is written; `sort` and `shape` let a sheet lay it out in columns."""

    read: Callable[[Any, str], Iterator[Problem]]
    normal: Callable[[Any], Any]
    sort: str = ""  # text, number, money, flag, day, bound, json, list, group or rows
    shape: Mapping[str, "Kind"] = field(default_factory=dict)
    nullable: bool = False  # a group that may be absent as a whole


def _steers(character: str) -> bool:
    """As rules/text.py has it: controls, bidirectional marks, halves of a character; neither files nor eyes bear them."""
    if character in "\n\t\u200c\u200d":
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or ord(character) & 0xFFFE == 0xFFFE


def text(maximum: int = 4000, pattern: str = "") -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value is None or value == "":
            return
        if not isinstance(value, str):
            yield Problem(path, "not_text", {"got": type(value).__name__})
        elif len(value) > maximum:
            yield Problem(path, "too_long", {"length": len(value), "maximum": maximum})
        elif pattern and not re.fullmatch(pattern, value):
            yield Problem(path, "bad_pattern", {"got": value, "pattern": pattern})
        elif not value.isprintable() and any(_steers(c) for c in value):
            yield Problem(path, "control_character", {})

    return Kind(read, lambda value: "" if value is None else value, "text")


def choice(values: set[str]) -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value not in ("", None) and not (isinstance(value, str) and value in values):
            yield Problem(path, "not_a_choice", {"got": value, "choices": sorted(values)})

    return Kind(read, lambda value: "" if value is None else value, "text")


def number(minimum: int = 0, maximum: int = 10_000) -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(path, "not_number", {"got": value})
        elif not minimum <= value <= maximum:
            yield Problem(path, "out_of_range", {"got": value, "minimum": minimum, "maximum": maximum})

    return Kind(read, lambda value: value, "number")


def _money(value: Any) -> str | None:
    return None if value in (None, "") else f"{Decimal(str(value)):.2f}"


def money() -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value in (None, ""):
            return
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            yield Problem(path, "not_money", {"got": value})
            return
        if (
            isinstance(value, bool)
            or not amount.is_finite()
            or not 0 <= amount < 10_000_000_000
            or amount != amount.quantize(Decimal("0.01"))
        ):
            yield Problem(path, "not_money", {"got": str(value)})

    return Kind(read, _money, "money")


def flag() -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value is not None and not isinstance(value, bool):
            yield Problem(path, "not_yes_no", {"got": value})

    return Kind(read, bool, "flag")


def day() -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value in (None, ""):
            return
        try:
            if date.fromisoformat(value).isoformat() != value:
                yield Problem(path, "not_date", {"got": value})
        except (TypeError, ValueError):
            yield Problem(path, "not_date", {"got": value})

    return Kind(read, lambda value: value or None, "day")


def anything_of(types: tuple[type, ...]) -> Kind:
    """A value whose own rules stand elsewhere (a condition, a field's bound): kept as it is."""

    def read(value: Any, path: str) -> Iterator[Problem]:
        if value is not None and not isinstance(value, types):
            yield Problem(path, "wrong_kind", {"got": type(value).__name__})

    return Kind(read, lambda value: value, "json")


def bound() -> Kind:
    """A least or greatest value: a whole number, decimal text, or a day."""
    inner = anything_of((int, str))

    def read(value: Any, path: str) -> Iterator[Problem]:
        yield from inner.read(value, path)
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 40):
            yield Problem(path, "wrong_kind", {"got": type(value).__name__})

    return Kind(read, lambda value: None if value == "" else value, "bound")


def listing(kind: Kind) -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value is None:
            return
        if not isinstance(value, list):
            yield Problem(path, "not_list", {"got": type(value).__name__})
            return
        for index, one in enumerate(value):
            if one in (None, ""):
                yield Problem(f"{path}[{index}]", "needed", {})
            else:
                yield from kind.read(one, f"{path}[{index}]")

    return Kind(read, lambda value: [kind.normal(one) for one in value or []], "list")


def group(shape: Mapping[str, Kind], *, may_be_null: bool = False, needs: Sequence[str] = ()) -> Kind:
    def read(value: Any, path: str) -> Iterator[Problem]:
        if value is None and not needs:
            return
        if not isinstance(value, dict):
            yield Problem(path, "not_group", {"got": type(value).__name__})
            return
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in shape:
                yield Problem(f"{prefix}{key}", "unknown_key", {"known": sorted(shape)})
        for key in needs:
            if value.get(key) in (None, "", []):
                yield Problem(f"{prefix}{key}", "needed", {})
        for key, kind in shape.items():
            if key in value:
                yield from kind.read(value[key], f"{prefix}{key}")

    def normal(value: Any) -> Any:
        if value is None and may_be_null:
            return None
        return {key: kind.normal((value or {}).get(key)) for key, kind in shape.items()}

    return Kind(read, normal, "group", shape, nullable=may_be_null)


def rows(shape: Mapping[str, Kind], *, needs: Sequence[str] = (), code: str = "code") -> Kind:
    """A list of groups; where the rows carry a code, no code stands twice."""
    inner = listing(group(shape, needs=needs))

    def read(value: Any, path: str) -> Iterator[Problem]:
        yield from inner.read(value, path)
        if code not in shape or not isinstance(value, list):
            return
        seen: set[str] = set()
        for index, row in enumerate(value):
            own = row.get(code) if isinstance(row, dict) else None
            if isinstance(own, str) and own:
                if own in seen:
                    yield Problem(f"{path}[{index}].{code}", "code_twice", {"got": own})
                seen.add(own)

    return Kind(read, inner.normal, "rows", shape)


CODE = r"[A-Za-z][A-Za-z0-9_-]{0,39}"


def _without_floats(value: Any) -> Any:
    """Numbers with a fraction as text: a float has no single spelling, and documents are hashed."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _without_floats(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_floats(one) for one in value]
    return value


_short, _name, _long = text(100), text(200), text(20_000)
_limit = group({"amount": number(0, 3660), "unit": choice(UNITS)}, may_be_null=True, needs=("amount", "unit"))
_plain = Kind(anything_of((dict,)).read, lambda value: _without_floats(value or {}), "json")
_condition = Kind(anything_of((dict,)).read, lambda value: _without_floats(value) or None, "json")
_options = rows({"value": text(60), "label": _name, "label_en": text(400)}, needs=("value", "label"), code="value")


def _nullable(kind: Kind) -> Kind:
    return replace(kind, read=lambda value, path: iter(()) if value is None else kind.read(value, path))


LIMIT = _nullable(_limit)

LEGAL_BASIS = {
    "name": text(300), "name_en": text(600), "organ": _name, "doc_no": _short, "article": _name,
    "text": _long, "url": text(500), "valid_until": day(),
}  # fmt: skip
MATERIAL = {
    "code": text(40, CODE), "name": text(300), "name_en": text(600),
    "type": choice({"original", "copy", "form"}),
    "format": choice({"paper", "electronic", "either"}),
    "necessity": choice({"required", "conditional", "optional"}),
    "condition": _condition, "copies": number(0, 100), "page_format": _short,
    "source": _short, "source_note": _long, "source_note_en": _long, "issuer": _name, "basis": _long,
    "standard": _long, "standard_en": _long, "fill_note": _long, "blank_form": _name, "sample": _name,
    "deferrable": flag(), "e_cert_type": text(60), "reusable": flag(), "share_source": text(60),
    "promise_replaceable": flag(),
}  # fmt: skip
FEE_ITEM = {
    "code": text(40, CODE), "name": _name, "name_en": text(400), "standard": _long, "amount": money(),
    "basis": _long, "reducible": flag(), "reduction_basis": _long,
}  # fmt: skip
SPECIAL_PROCEDURE = {
    "code": text(40, CODE), "kind": choice({"1", "2"}), "name": _name, "name_en": text(400), "basis": _long,
    "amount": number(), "unit": choice(UNITS), "counted": flag(), "fee": _long,
}  # fmt: skip
SITUATION = {"code": text(40, CODE), "question": text(300), "question_en": text(600), "options": _options}
SERVICE_POINT = {
    "name": _name, "name_en": text(400), "address": text(300), "hours": _name, "phone": _short,
}  # fmt: skip
FIELD = {
    "code": text(40, CODE), "type": text(20), "label": _name, "label_en": text(400), "hint": _long, "hint_en": _long,
    "required": flag(), "condition": _condition, "max_length": number(1, 20_000),
    "min": bound(), "max": bound(), "options": _options, "prefill": text(60),
}  # fmt: skip
SECTION = {
    "code": text(40, CODE), "title": _name, "title_en": text(400), "hint": _long, "hint_en": _long,
    "condition": _condition,
    "repeat": _nullable(
        group({"min": number(0, 200), "max": number(1, 200)}, may_be_null=True, needs=("max",))
    ),
    "fields": rows(FIELD, needs=("code", "type", "label")),
}  # fmt: skip
CHECK = {"code": text(40, CODE), "text": text(1000), "text_en": text(2000)}
EXAMPLE = {
    "code": text(40, CODE), "name": _name, "name_en": text(400),
    "situations": _plain, "answers": _plain,
    "asks": listing(_short), "asks_not": listing(_short), "materials": listing(_short), "refuses": listing(_short),
}  # fmt: skip
FLAGS = ("pay_online", "express", "appointment", "terminal", "hall")

SHAPE: dict[str, Kind] = {
    "name": _name, "name_en": text(400),
    "item_code": text(50, r"[0-9A-Za-z][0-9A-Za-z_.-]{0,49}"),
    "catalog_code": text(36), "impl_code": text(50), "handling_code": text(50), "external_code": text(60),
    "item_type": choice(ITEM_TYPES), "level": choice(LEVELS), "region_code": text(12),
    "implementing_org": text(18), "org_nature": choice(ORG_NATURES), "power_source": _short, "entrusted_by": _name,
    "joint_orgs": listing(_name), "applicant_types": listing(choice(APPLICANT_TYPES)),
    "acceptance_conditions": _long, "acceptance_conditions_en": _long,
    "legal_bases": rows(LEGAL_BASIS, needs=("name",)),
    "legal_limit": LIMIT, "promised_limit": LIMIT,
    "handling_mode": choice(HANDLING_MODES), "case_kind": choice(CASE_KINDS),
    "special_procedures": rows(SPECIAL_PROCEDURE, needs=("code", "name")),
    "channels": listing(choice(CHANNELS)), "onsite_visits": number(0, 100), "onsite_reason": _long,
    "charges_fee": flag(), "fee_items": rows(FEE_ITEM, needs=("code", "name")),
    "intermediary_services": rows({"name": _name, "basis": _long}, needs=("name",)),
    "cross_region_scope": _short, "quota_note": _long,
    "result": group({
        "name": _name, "name_en": text(400), "kind": choice(RESULT_KINDS), "certificate_type": text(60), "sample": _name,
    }),
    "lowest_level": choice(LOWEST_LEVELS),
    "online": flag(), "online_depth": text(10), "flags": group({name: flag() for name in FLAGS}),
    "service_points": rows(SERVICE_POINT, needs=("name",)),
    "consult_contacts": listing(_name), "supervise_contacts": listing(_name),
    "faqs": rows({"question": _long, "answer": _long, "question_en": _long, "answer_en": _long}, needs=("question",)),
    "topics": group({"person": listing(_short), "enterprise": listing(_short)}),
    "life_events": listing(_short), "keywords": listing(_short), "supplement_stops_clock": flag(),
    "situations": rows(SITUATION, needs=("code", "question")),
    "materials": rows(MATERIAL, needs=("code", "name")),
    "form": group({"sections": rows(SECTION, needs=("code", "title"))}),
    "procedure": group({
        "stages": rows({"stage": choice(set(STAGES)), "limit_days": number(0, 1000)}, needs=("stage",), code="stage"),
        "checklist": group({stage: rows(CHECK, needs=("code", "text")) for stage in STAGES}),
    }),
    "delivery": listing(choice({"pickup", "post", "electronic"})),
    "examples": rows(EXAMPLE, needs=("code", "name")),
    "effective_from": day(), "effective_to": day(),
    "successor": text(50), "retired_basis": _long,
    "origin": group({"publisher": _name, "licence": _short, "url": text(1000)}),
}  # fmt: skip

_DOCUMENT = group(SHAPE, needs=("name", "item_code"))


def problems(raw: Any) -> list[Problem]:
    """Everything wrong with the shape of a document, in the document's order; empty means it can be kept."""
    return list(_DOCUMENT.read(raw, ""))


def normalise(raw: Mapping[str, Any]) -> ItemDocument:
    """The canonical form: every key present, emptiness written one way. Idempotent; asks for a document without problems."""
    document: ItemDocument = _DOCUMENT.normal(dict(raw))
    return document


def empty(item_code: str, name: str) -> ItemDocument:
    return normalise({"item_code": item_code, "name": name})
