"""One lawful item document, to be spoiled in one thing at a time."""

import copy
import json
from pathlib import Path
from typing import Any

from zhengtong.rules.item_document import ItemDocument, normalise

DEMO = Path(__file__).parents[2] / "zhengtong" / "city" / "data" / "commerce_items.json"


def demo_documents() -> list[ItemDocument]:
    return [normalise(raw) for raw in json.loads(DEMO.read_text())]


_PREPAID = next(d for d in demo_documents() if d["name"].startswith("单用途商业预付卡"))


def prepaid_card() -> ItemDocument:
    """单用途商业预付卡发卡企业备案, as the demo city publishes it."""
    return copy.deepcopy(_PREPAID)


def changed(path: str, value: Any) -> ItemDocument:
    """The document with one thing changed, `materials[0].basis` for instance; a callable is given the old value."""
    document = prepaid_card()
    target: Any = document
    *way, last = [step for part in path.split(".") for step in part.replace("]", "").split("[")]
    for step in way:
        target = target[int(step) if step.isdigit() else step]
    key = int(last) if last.isdigit() else last
    target[key] = value(target[key]) if callable(value) else value
    return document
