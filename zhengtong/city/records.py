"""The invented city as its file tells it: places, organs, people, enterprises. Nobody in it is real."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
BASE_ITEMS = DATA / "base_items.json.gz"
RECEIPT_LOG = DATA / "receipt.csv.gz"

Record = dict[str, Any]


@dataclass(frozen=True)
class Records:
    regions: Sequence[Record]
    windows: Sequence[Record]
    organs: Sequence[Record]
    officers: Sequence[Record]
    persons: Sequence[Record]
    enterprises: Sequence[Record]
    messages: Sequence[Record]
    halls: Sequence[Record]

    def person(self, key: str) -> Record:
        return next(p for p in self.persons if p["key"] == key)

    def mandates(self) -> list[tuple[str, str]]:
        """(agent's key, 统一社会信用代码): the contact of an enterprise applies for it."""
        return [(e["contact"], e["uscc"]) for e in self.enterprises if e["contact"] != e["legal_representative"]]


@lru_cache(maxsize=1)
def city() -> Records:
    told = json.loads((DATA / "city.json").read_text(encoding="utf-8"))
    return Records(**{name: told[name] for name in Records.__dataclass_fields__})


@lru_cache(maxsize=1)
def item_documents() -> list[Record]:
    """The 35 items of commerce and its neighbours, in full."""
    documents: list[Record] = json.loads((DATA / "commerce_items.json").read_text(encoding="utf-8"))
    return documents


# 35 items; the last three digits of their main part are how this folder calls them.
def tail(item_code: str) -> str:
    return item_code[-6:-3]


# Which section of the bureau of commerce handles what; the police, the market and the housing bureau have one each.
SECTIONS = {
    "市场秩序科": ("007", "010", "011", "014", "015", "026", "027"),
    "外资管理科": ("001", "002", "003", "004", "005", "029", "032"),
    "对外贸易科": ("006", "016", "017", "018", "019", "020", "021", "022", "025", "028"),
    "流通业发展科": ("008", "009", "012", "013", "023", "024", "030"),
    "电子商务科": ("031",),
    "户政科": ("033",),
    "登记注册科": ("034",),
    "建筑业管理科": ("035",),
}
SECTION_OF = {item: section for section, items in SECTIONS.items() for item in items}
