"""A complaint was found true: supervision gets the draft of a card, and a person decides on it (§5.3 M-06, S-6)."""

from collections.abc import Sequence
from datetime import datetime

from zhengtong.base.permission import SYSTEM
from zhengtong.domains.cases.histories import histories
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.supervision import queries as supervision
from zhengtong.flows.card_issued import raise_card
from zhengtong.rules.clock import Level, local_date
from zhengtong.rules.supervision.complaints import (
    CONFIRMED,
    REFUSED,
    Complaint,
    complaint_confirmed,
    evidence,
    turned_away,
    unlawful_refusal,
)


def judge_complaints(numbers: Sequence[str], *, at: datetime) -> None:
    """Of answered letters those that were complaints and true. One complaint, one card: of the refusal where the case it
    names was turned away before, else of what was complained about."""
    found = letters.borne_out(numbers)
    told = histories([letter.case_no for letter in found if letter.case_no])
    for letter in found:
        complaint = Complaint(
            letter.number, letter.version, letter.organ_id or 0, letter.section_id, letter.received_at
        )
        history = told.get(letter.case_no)
        act = turned_away(history, before=letter.received_at) if history is not None else None
        refused, confirmed = level_of(REFUSED, at), level_of(CONFIRMED, at)
        if history is not None and act is not None and refused is not None:
            raise_card(unlawful_refusal(history, act, refused, evidence(complaint)), by=SYSTEM, at=at)
        elif confirmed is not None:
            raise_card(complaint_confirmed(complaint, confirmed), by=SYSTEM, at=at)


def level_of(code: str, at: datetime) -> Level | None:
    """The level of a rule whose element is a plain yes; None while no such rule is in force."""
    version = supervision.rule_in_force(code, local_date(at))
    return version.definition().level_of(1) if version is not None else None
