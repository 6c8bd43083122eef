"""Between the item document and its rows: one side per direction, and nothing lost on the way."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from zhengtong.domains.catalogue.models import (
    Facet,
    FeeItem,
    ItemVersion,
    LegalBasis,
    MaterialRequirement,
    ServicePoint,
    Situation,
    SpecialProcedure,
)
from zhengtong.rules.agency import levels_of
from zhengtong.rules.item_document import ItemDocument, normalise

ROWS: dict[str, type[Any]] = {
    "legal_bases": LegalBasis,
    "materials": MaterialRequirement,
    "fee_items": FeeItem,
    "special_procedures": SpecialProcedure,
    "situations": Situation,
    "service_points": ServicePoint,
}
COLUMNS = (
    "name", "name_en", "catalog_code", "impl_code", "handling_code", "item_type", "level", "region_code",
    "handling_mode", "case_kind", "charges_fee", "online", "onsite_visits", "form", "procedure",
)  # fmt: skip
DATES = ("effective_from", "effective_to")
LIMITS = {"legal_limit": "legal", "promised_limit": "promised"}
ELSEWHERE = ("item_code", "implementing_org", "external_code")  # columns of the item and of its organ


def columns(document: ItemDocument) -> dict[str, Any]:
    """The columns of a version for a canonical document, its child rows apart."""
    values: dict[str, Any] = {key: document[key] for key in COLUMNS}
    for key in DATES:
        values[key] = date.fromisoformat(document[key]) if document[key] else None
    for key, prefix in LIMITS.items():
        limit = document[key]
        values[f"{prefix}_amount"] = limit["amount"] if limit else None
        values[f"{prefix}_unit"] = limit["unit"] if limit else ""
    kept = {*COLUMNS, *DATES, *LIMITS, *ROWS, *ELSEWHERE}
    values["elements"] = {key: value for key, value in document.items() if key not in kept}
    return values


def replace_rows(version: ItemVersion, document: ItemDocument) -> None:
    """Writes the child rows of a draft anew. Only ever called on an open version."""
    for model in ROWS.values():
        model._default_manager.filter(item_version=version).delete()
    add_rows(version, document)


def add_rows(version: ItemVersion, document: ItemDocument) -> None:
    for key, model in ROWS.items():
        if document[key]:
            model._default_manager.bulk_create(
                model(item_version=version, position=position, **_row_values(model, row))
                for position, row in enumerate(document[key])
            )


def _row_values(model: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    values = dict(row)
    if model is LegalBasis and values["valid_until"]:
        values["valid_until"] = date.fromisoformat(values["valid_until"])
    if model is FeeItem and values["amount"] is not None:
        values["amount"] = Decimal(values["amount"])
    return values


def read(version: ItemVersion) -> ItemDocument:
    """The canonical document of a stored version. Wants `item` and `implementing_organ` selected; six queries for rows."""
    raw: dict[str, Any] = {key: getattr(version, key) for key in COLUMNS}
    for key in DATES:
        value = getattr(version, key)
        raw[key] = value.isoformat() if value else None
    for key, prefix in LIMITS.items():
        amount = getattr(version, f"{prefix}_amount")
        raw[key] = None if amount is None else {"amount": amount, "unit": getattr(version, f"{prefix}_unit")}
    for key, model in ROWS.items():
        raw[key] = [_row(model, one) for one in getattr(version, key).all()]
    raw["item_code"] = version.item.item_code
    raw["external_code"] = version.item.external_code
    raw["implementing_org"] = version.implementing_organ.code
    return normalise({**raw, **version.elements})


def _row(model: type[Any], row: Any) -> dict[str, Any]:
    skipped = {"id", "position", "item_version"}
    values = {f.name: getattr(row, f.name) for f in model._meta.concrete_fields if f.name not in skipped}
    if isinstance(values.get("valid_until"), date):
        values["valid_until"] = values["valid_until"].isoformat()
    if isinstance(values.get("amount"), Decimal):
        values["amount"] = str(values["amount"])
    return values


def facets(document: ItemDocument) -> Iterable[tuple[str, str]]:
    """Every way to find the item, as (kind, value), each once."""
    kinds = {
        Facet.Kind.PERSON_TOPIC: document["topics"]["person"],
        Facet.Kind.ENTERPRISE_TOPIC: document["topics"]["enterprise"],
        Facet.Kind.LIFE_EVENT: document["life_events"],
        Facet.Kind.CHANNEL: document["channels"],
        Facet.Kind.APPLICANT: document["applicant_types"],
        Facet.Kind.LEVEL: levels_of(document["lowest_level"]) if document["lowest_level"] else (),
    }
    return dict.fromkeys((kind.value, value) for kind, values in kinds.items() for value in values)
