"""An item as its readers meet it: limits, shares and materials put into figures. Knows documents, asks for durations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.utils.functional import Promise

from zhengtong.base import calendar
from zhengtong.domains.cases.queries import recent_durations
from zhengtong.rules.agency import levels_of
from zhengtong.rules.item_document import ItemDocument
from zhengtong.web.portal import words

Words = Promise | str
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Typical:
    """Working days from acceptance to the end in the last 90 days: half of `base` cases took no longer."""

    days: float
    base: int


@dataclass(frozen=True, slots=True)
class ShownItem:
    item: Any
    document: ItemDocument
    type: Words
    kind: Words
    for_whom: list[Words]
    channels: list[Words]
    delivery: list[Words]
    nearest: list[Words]  # where it may be filed, the nearest first; empty where the item does not say
    compression: int | None  # percent of the legal limit that the promise saves
    saved_trips: bool  # 零跑腿
    materials: list["ShownMaterial"]
    not_brought: int

    @property
    def open(self) -> bool:
        return bool(self.item.status == "published")

    @property
    def applies_online(self) -> bool:
        return self.open and bool(self.document["online"])


@dataclass(frozen=True, slots=True)
class ShownMaterial:
    row: dict[str, Any]
    kind: Words
    necessity: Words
    format: Words
    not_brought: bool
    filled_online: bool


def shown(item: Any, document: ItemDocument) -> ShownItem:
    materials = _materials(document)
    return ShownItem(
        item=item,
        document=document,
        type=words.word(words.ITEM_TYPES, document["item_type"]),
        kind=words.word(words.CASE_KINDS, document["case_kind"]),
        for_whom=words.several(words.APPLICANTS, document["applicant_types"]),
        channels=words.several(words.CHANNELS, document["channels"]),
        delivery=words.several(words.DELIVERY, document["delivery"]),
        nearest=[words.FILED_AT[one] for one in levels_of(document["lowest_level"])]
        if document["lowest_level"]
        else [],
        compression=_compression(document),
        saved_trips=document["onsite_visits"] == 0 and bool(document["online"]),
        materials=materials,
        not_brought=sum(one.not_brought for one in materials),
    )


def _materials(document: ItemDocument) -> list[ShownMaterial]:
    filled = bool(document["form"]["sections"])
    return [
        ShownMaterial(
            row=row,
            kind=words.word(words.MATERIAL_TYPES, row["type"]),
            necessity=words.word(words.NECESSITY, row["necessity"]),
            format=words.word(words.FORMATS, row["format"]),
            not_brought=bool(row["share_source"] or row["e_cert_type"]),
            filled_online=row["type"] == "form" and filled,
        )
        for row in document["materials"]
    ]


def _compression(document: ItemDocument) -> int | None:
    legal, promised = document["legal_limit"], document["promised_limit"]
    if not legal or not promised or legal["unit"] != promised["unit"] or not legal["amount"]:
        return None
    return round(100 * (legal["amount"] - promised["amount"]) / legal["amount"])


def typical(item_id: int, now: datetime) -> Typical | None:
    """None while there is nothing to count: no figure is better than an invented one."""
    durations = recent_durations(item_id, now - RECENT)
    if not durations:
        return None
    days = calendar.current()
    return Typical(median(days.working_days(accepted, finished) for accepted, finished in durations), len(durations))
