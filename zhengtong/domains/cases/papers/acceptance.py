from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from zhengtong.domains.cases.papers.content import (
    AcceptedMaterial,
    Applicant,
    Content,
    ItemName,
    LimitLine,
    NotCounted,
    Remedies,
)


@dataclass(frozen=True, kw_only=True)
class AcceptanceNotice(Content):
    """F-01 受理通知书 (行政许可法 32(1)(5), 32(2)). `deemed`: accepted by silence from the day of receipt (32(1)(4)).

    `legal` None says that no law sets a limit; the promise is always there.
    """

    form: ClassVar = "F-01"
    paper: ClassVar = "acceptance_notice"
    word: ClassVar = "受"
    needs = (
        "case_no",
        "applicant",
        "item",
        "received_at",
        "accepted_on",
        "kind",
        "promised",
        "materials",
        "fee_notice",
        "query_code",
        "contacts",
    )

    case_no: str
    applicant: Applicant
    item: ItemName
    received_at: datetime
    accepted_on: date
    deemed: bool = False
    kind: str  # 承诺件, 即办件 …
    kind_en: str = ""
    promised: LimitLine
    legal: LimitLine | None = None
    materials: tuple[AcceptedMaterial, ...]
    not_counted: tuple[NotCounted, ...] = ()
    fee_notice: str = "本事项不收费。"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.contacts is not None and not self.contacts.officer:
            raise ValueError("AcceptanceNotice lacks contacts.officer")


class Refused(StrEnum):
    NOT_REQUIRED = "not_required"  # 不受理: no licence is needed (32(1)(1))
    NO_POWER = "no_power"  # 不予受理: not this organ's power (32(1)(2))


@dataclass(frozen=True, kw_only=True)
class AcceptanceRefusal(Content):
    """F-02 不受理/不予受理通知书. `failed_test` names which test of acceptance was not met."""

    form: ClassVar = "F-02"
    paper: ClassVar = "acceptance_refusal"
    word: ClassVar = "不受"
    needs = ("case_no", "applicant", "item", "kind", "facts", "failed_test", "legal_basis", "remedies", "contacts")

    case_no: str
    applicant: Applicant
    item: ItemName
    received_at: datetime
    kind: Refused
    facts: str
    failed_test: str
    legal_basis: str
    correct_organ: str = ""
    remedies: Remedies
