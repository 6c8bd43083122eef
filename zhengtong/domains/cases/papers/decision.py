from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from zhengtong.domains.cases.papers.content import Applicant, Content, ItemName, Part, Remedies


class Granted(StrEnum):
    LICENCE = "licence"  # 准予行政许可决定书
    FILING = "filing"  # 备案回执
    CONFIRMATION = "confirmation"  # 行政确认决定书
    SERVICE = "service"  # 办理结果通知书: benefits, rewards, public services


@dataclass(frozen=True, kw_only=True)
class Scope(Part):
    """What was granted, where and how long. Without `valid_until` it is open-ended, which the paper says."""

    needs = ("content",)

    content: str
    scope: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class GrantDecision(Content):
    """F-05 准予行政许可决定书, or its sibling for filings, confirmations and services (行政许可法 38(1), 39).

    A licence names its scope, the certificate and the duties under supervision; a filing needs no certificate.
    """

    form: ClassVar = "F-05"
    paper: ClassVar = "grant_decision"
    word: ClassVar = "准"
    needs = ("case_no", "applicant", "item", "kind", "applied_on", "facts", "basis", "granted", "duties", "contacts")

    case_no: str
    applicant: Applicant
    item: ItemName
    kind: Granted
    applied_on: date
    facts: str
    basis: str
    granted: Scope
    duties: tuple[str, ...]
    certificate_name: str = ""
    certificate_no: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind == Granted.LICENCE:
            for name, value in (("granted.scope", self.granted.scope), ("certificate_no", self.certificate_no)):
                if not value.strip():
                    raise ValueError(f"GrantDecision lacks {name}")


@dataclass(frozen=True, kw_only=True)
class RefusalDecision(Content):
    """F-06 不予行政许可决定书: reasons item by item, and the remedies (行政许可法 38(2)).

    `licence` false: 不予办理决定书, for filings, confirmations and services.
    """

    form: ClassVar = "F-06"
    paper: ClassVar = "refusal_decision"
    word: ClassVar = "不准"
    needs = (
        "case_no",
        "applicant",
        "item",
        "applied_on",
        "facts",
        "evidence",
        "reasons",
        "basis",
        "remedies",
        "contacts",
    )

    case_no: str
    applicant: Applicant
    item: ItemName
    licence: bool = True
    applied_on: date
    facts: str
    evidence: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: str
    remedies: Remedies

    def __post_init__(self) -> None:
        super().__post_init__()
        if not all(reason.strip() for reason in self.reasons):
            raise ValueError("RefusalDecision has an empty reason")
