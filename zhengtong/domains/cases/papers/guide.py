from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from zhengtong.domains.cases.papers.content import Content


@dataclass(frozen=True, kw_only=True)
class ItemGuide(Content):
    """办事指南 of one published edition: what 行政许可法 art. 30 wants displayed, on paper.

    `document` is the canonical item document; `edition` its number as shown to people; `online_url` where to apply.
    Guides carry no number and no seal: the edition is what a reader can cite.
    """

    paper: ClassVar = "item_guide"
    needs = ("document", "edition")

    document: Mapping[str, Any]
    edition: str
    online_url: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("name", "item_code", "legal_bases", "promised_limit", "materials", "consult_contacts"):
            if not self.document.get(name):
                raise ValueError(f"ItemGuide lacks document.{name}")

    def to_json(self) -> dict[str, Any]:
        plain = super().to_json()
        return {**plain, "document": dict(self.document), "verify_url": self.verify_url or self.online_url}
