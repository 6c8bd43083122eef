"""One published edition of an item as a case sees it: frozen values read from an item document, no database behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhengtong.rules.clock import Limit, Unit
from zhengtong.rules.form_shape import Form, Option, form_from, options_from
from zhengtong.rules.item_document import ItemDocument

UNITS = {"working_day": Unit.WORKING_DAY, "calendar_day": Unit.CALENDAR_DAY}


@dataclass(frozen=True, slots=True)
class Material:
    """One required material; `condition` decides whether a conditional one is asked for."""

    code: str
    name: str
    name_en: str
    type: str
    format: str
    necessity: str
    condition: Mapping[str, Any] | None
    copies: int
    page_format: str
    source: str
    source_note: str
    source_note_en: str
    issuer: str
    basis: str
    standard: str
    standard_en: str
    fill_note: str
    blank_form: str
    sample: str
    deferrable: bool
    e_cert_type: str
    reusable: bool
    share_source: str
    promise_replaceable: bool


@dataclass(frozen=True, slots=True)
class Situation:
    code: str
    question: str
    question_en: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """Hearing, expert review, inspection… `limit` None: no fixed length. `counted`: inside the limit, or not (art 45)."""

    code: str
    kind: str
    name: str
    name_en: str
    basis: str
    limit: Limit | None
    counted: bool
    fee: str


@dataclass(frozen=True, slots=True)
class FeeItem:
    code: str
    name: str
    name_en: str
    standard: str
    amount: Decimal | None
    basis: str
    reducible: bool
    reduction_basis: str


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """A point the officer of a stage ticks off."""

    code: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What a case is pinned to: limits, materials, fees, form and procedure of one item version."""

    version_id: int
    item_id: int
    organ_id: int
    number: int
    item_code: str
    name: str
    name_en: str
    item_type: str
    handling_mode: str
    case_kind: str
    legal_limit: Limit | None
    promised_limit: Limit | None
    supplement_stops_clock: bool
    materials: tuple[Material, ...]
    situations: tuple[Situation, ...]
    special_procedures: tuple[SpecialProcedure, ...]
    fee_items: tuple[FeeItem, ...]
    form: Form
    stage_limits: Mapping[str, int]  # working days of a stage that has its own limit
    checklist: Mapping[str, tuple[CheckPoint, ...]]
    result_name: str
    result_name_en: str
    result_kind: str
    certificate_type: str
    delivery: tuple[str, ...]
    effective_from: date | None
    effective_to: date | None
    document: ItemDocument  # the whole; read only

    @property
    def immediate(self) -> bool:
        return self.case_kind == "IMMEDIATE"

    def material(self, code: str) -> Material | None:
        return next((m for m in self.materials if m.code == code), None)

    def special_procedure(self, code: str) -> SpecialProcedure | None:
        return next((p for p in self.special_procedures if p.code == code), None)


def limit_from(value: Mapping[str, Any] | None) -> Limit | None:
    return None if value is None else Limit(value["amount"], UNITS[value["unit"]])


def edition_from(document: ItemDocument, *, version_id: int, item_id: int, organ_id: int, number: int) -> Edition:
    """Reads a canonical document (see `item_document.normalise`)."""
    result, procedure = document["result"], document["procedure"]
    return Edition(
        version_id=version_id,
        item_id=item_id,
        organ_id=organ_id,
        number=number,
        item_code=document["item_code"],
        name=document["name"],
        name_en=document["name_en"],
        item_type=document["item_type"],
        handling_mode=document["handling_mode"],
        case_kind=document["case_kind"],
        legal_limit=limit_from(document["legal_limit"]),
        promised_limit=limit_from(document["promised_limit"]),
        supplement_stops_clock=document["supplement_stops_clock"],
        materials=tuple(Material(**{**row, "copies": row["copies"] or 0}) for row in document["materials"]),
        situations=tuple(
            Situation(row["code"], row["question"], row["question_en"], options_from(row["options"]))
            for row in document["situations"]
        ),
        special_procedures=tuple(_special_procedure(row) for row in document["special_procedures"]),
        fee_items=tuple(
            FeeItem(**{**row, "amount": None if row["amount"] is None else Decimal(row["amount"])})
            for row in document["fee_items"]
        ),
        form=form_from(document["form"]),
        stage_limits={row["stage"]: row["limit_days"] for row in procedure["stages"] if row["limit_days"] is not None},
        checklist={
            stage: tuple(CheckPoint(**point) for point in points) for stage, points in procedure["checklist"].items()
        },
        result_name=result["name"],
        result_name_en=result["name_en"],
        result_kind=result["kind"],
        certificate_type=result["certificate_type"],
        delivery=tuple(document["delivery"]),
        effective_from=_date(document["effective_from"]),
        effective_to=_date(document["effective_to"]),
        document=document,
    )


def _special_procedure(row: Mapping[str, Any]) -> SpecialProcedure:
    unit = UNITS.get(row["unit"])
    limit = Limit(row["amount"], unit) if unit and row["amount"] is not None else None
    return SpecialProcedure(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        name_en=row["name_en"],
        basis=row["basis"],
        limit=limit,
        counted=row["counted"],
        fee=row["fee"],
    )


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
