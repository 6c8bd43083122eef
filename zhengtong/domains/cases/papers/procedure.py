from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Applicant, Content, ItemName, LimitLine


@dataclass(frozen=True, kw_only=True)
class ExtensionNotice(Content):
    """F-07 延长期限告知书: the reason is told to the applicant (行政许可法 42(1))."""

    form: ClassVar = "F-07"
    paper: ClassVar = "extension_notice"
    word: ClassVar = "延"
    needs = (
        "case_no",
        "applicant",
        "item",
        "accepted_on",
        "reason",
        "approver",
        "added",
        "old_due_on",
        "basis",
        "contacts",
    )

    case_no: str
    applicant: Applicant
    item: ItemName
    accepted_on: date
    reason: str
    approver: str  # name and office of the head of the organ
    added: LimitLine  # days added; its due_on is the new last day
    old_due_on: date
    basis: str = "《中华人民共和国行政许可法》第四十二条第一款"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.added.due_on is None or self.added.amount < 1:
            raise ValueError("ExtensionNotice lacks added.due_on")
        if self.issued_on > self.old_due_on:
            raise ValueError("ExtensionNotice is issued after the limit it extends")


@dataclass(frozen=True, kw_only=True)
class SpecialProcedureNotice(Content):
    """F-07 特别程序告知书: which procedure, on what basis, how long, at whose cost (行政许可法 45)."""

    form: ClassVar = "F-07"
    paper: ClassVar = "special_procedure_notice"
    word: ClassVar = "特"
    needs = (
        "case_no",
        "applicant",
        "item",
        "accepted_on",
        "procedure",
        "reason",
        "basis",
        "approver",
        "started_on",
        "expected",
        "fee",
        "contacts",
    )

    case_no: str
    applicant: Applicant
    item: ItemName
    accepted_on: date
    procedure: str
    reason: str
    basis: str
    approver: str
    started_on: date
    expected: LimitLine
    fee: str = "申请人不承担费用。"
