from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Applicant, Content, ItemName


@dataclass(frozen=True, kw_only=True)
class ReturnNotice(Content):
    """F-10 退回件通知书: the answer is plain, with policy basis and direction (退回事项明确答复).

    `recheck` is where the applicant may ask for a second look, usually the business section of the centre.
    """

    form: ClassVar = "F-10"
    paper: ClassVar = "return_notice"
    word: ClassVar = "退"
    needs = ("case_no", "applicant", "item", "received_at", "reasons", "basis", "direction", "recheck", "contacts")

    case_no: str
    applicant: Applicant
    item: ItemName
    received_at: datetime
    reasons: tuple[str, ...]
    basis: str
    direction: str
    recheck: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalConfirmation(Content):
    """F-13 撤件确认: the applicant withdrew; the case is closed and may be filed again."""

    form: ClassVar = "F-13"
    paper: ClassVar = "withdrawal_confirmation"
    word: ClassVar = "撤"
    needs = ("case_no", "applicant", "item", "applied_on", "withdrawn_at", "withdrawn_by", "contacts")

    case_no: str
    applicant: Applicant
    item: ItemName
    applied_on: date
    withdrawn_at: datetime
    withdrawn_by: str  # the applicant or the agent with a mandate
    reason: str = ""
    returned_materials: tuple[str, ...] = ()
