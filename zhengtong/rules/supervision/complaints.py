"""Knows what a complaint found true, or a drawn file looked at again, shows against the rules (§5.3 M-06, S-6).

Refuses to judge: whether what the author said is so, a person has found; whether a card follows, another decides.
"""

from dataclasses import dataclass
from datetime import datetime

from zhengtong.rules.clock import Level
from zhengtong.rules.history import Act, History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.supervision.conduct import TAKEN_BACK
from zhengtong.rules.supervision.findings import Evidence, Finding

REFUSED, CONFIRMED = "M-06", "S-6"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint found true, or partly true; `version` of the letter when it was."""

    number: str
    version: int
    organ_id: int
    section_id: int | None
    received_at: datetime


def turned_away(history: History, *, before: datetime | None = None) -> Act | None:
    """The act by which an application was not accepted, or refused; None: it was not, or the case has been taken back.

    `before`: a complaint can only be about what had been done when it was written.
    """
    if history.state in TAKEN_BACK:
        return None
    for act in reversed(history.of(Kind.CASE_ACCEPTANCE_REFUSED, Kind.CASE_DECIDED)):
        refused = act.kind == Kind.CASE_ACCEPTANCE_REFUSED.value or act.facts.get("decision") == "REFUSE"
        if refused and (before is None or act.at <= before):
            return act
    return None


def unlawful_refusal(history: History, act: Act, level: Level, shown: Evidence) -> Finding:
    """M-06: of the case, and of whoever turned it away. `shown` is what confirms it."""
    return Finding(
        REFUSED, level, "case", history.number, organ_id=history.organ_id, section_id=history.section_id,
        officer_id=act.actor_id if act.actor_kind == "officer" else None,
        evidence=(Evidence("case", history.number, act.seq, {"kind": act.kind}), shown),
        facts={"key": history.number}, imported=history.imported,
    )  # fmt: skip


def complaint_confirmed(complaint: Complaint, level: Level) -> Finding:
    """S-6: of the organ that answered. A complaint names no officer; the organ's answer to the card says who it was."""
    return Finding(
        CONFIRMED, level, "letter", complaint.number, organ_id=complaint.organ_id, section_id=complaint.section_id,
        evidence=(evidence(complaint),), facts={"key": complaint.number},
    )  # fmt: skip


def evidence(complaint: Complaint) -> Evidence:
    return Evidence("letter", complaint.number, complaint.version)
