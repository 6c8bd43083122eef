from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Applicant, Content, ItemName, Part


@dataclass(frozen=True, kw_only=True)
class SupplementLine(Part):
    needs = ("material", "problem", "standard", "remedy")

    material: str
    problem: str
    standard: str
    remedy: str
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class SupplementNotice(Content):
    """F-03 补正告知书: everything that can be seen now, told once, with one deadline (行政许可法 32(1)(4))."""

    form: ClassVar = "F-03"
    paper: ClassVar = "supplement_notice"
    word: ClassVar = "补"
    needs = ("case_no", "applicant", "item", "received_at", "lines", "deadline", "basis", "contacts")

    case_no: str
    applicant: Applicant
    item: ItemName
    received_at: datetime
    lines: tuple[SupplementLine, ...]
    deadline: date
    basis: str = "《中华人民共和国行政许可法》第三十二条第一款第（四）项"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.deadline < self.issued_on:
            raise ValueError("SupplementNotice ends before it is issued")
