"""The papers a case issues (domain-rules §3.2). What must stand in each is asked when it is built: a paper that lacks
an obligatory element raises ValueError and never exists. `to_json()` is what is frozen; `pdf()` prints it, any day later.
"""

from collections.abc import Mapping
from typing import Any

from zhengtong.base.papers import render
from zhengtong.domains.cases.papers.acceptance import AcceptanceNotice, AcceptanceRefusal, Refused
from zhengtong.domains.cases.papers.content import (
    AcceptedMaterial,
    Applicant,
    Contacts,
    Content,
    ItemName,
    LimitLine,
    NotCounted,
    Remedies,
)
from zhengtong.domains.cases.papers.decision import GrantDecision, Granted, RefusalDecision, Scope
from zhengtong.domains.cases.papers.delivery import DeliveredPaper, DeliveryMode, ServiceReceipt
from zhengtong.domains.cases.papers.guide import ItemGuide
from zhengtong.domains.cases.papers.procedure import ExtensionNotice, SpecialProcedureNotice
from zhengtong.domains.cases.papers.receipt import ReceiptSlip, ReceivedMaterial
from zhengtong.domains.cases.papers.register import AcceptanceRegister, RegisterRow
from zhengtong.domains.cases.papers.returning import ReturnNotice, WithdrawalConfirmation
from zhengtong.domains.cases.papers.supplement import SupplementLine, SupplementNotice

__all__ = [
    "AcceptanceNotice",
    "AcceptanceRefusal",
    "AcceptanceRegister",
    "AcceptedMaterial",
    "Applicant",
    "Contacts",
    "Content",
    "DeliveredPaper",
    "DeliveryMode",
    "ExtensionNotice",
    "GrantDecision",
    "Granted",
    "ItemGuide",
    "ItemName",
    "LimitLine",
    "NotCounted",
    "ReceiptSlip",
    "ReceivedMaterial",
    "RefusalDecision",
    "Refused",
    "RegisterRow",
    "Remedies",
    "ReturnNotice",
    "Scope",
    "ServiceReceipt",
    "SpecialProcedureNotice",
    "SupplementLine",
    "SupplementNotice",
    "WithdrawalConfirmation",
    "pdf",
]

TEMPLATES = {
    kind.paper: f"domains/cases/papers/{kind.paper}.typ"
    for kind in (
        ReceiptSlip,
        AcceptanceNotice,
        AcceptanceRefusal,
        SupplementNotice,
        GrantDecision,
        RefusalDecision,
        ExtensionNotice,
        SpecialProcedureNotice,
        ServiceReceipt,
        ReturnNotice,
        WithdrawalConfirmation,
        AcceptanceRegister,
        ItemGuide,
    )
}


def pdf(content: Mapping[str, Any]) -> bytes:
    """The PDF of a frozen content, as `to_json()` gave it. The same content prints the same bytes."""
    return render(TEMPLATES[content["paper"]], content)
