"""A person has looked at a lead and found it true: it becomes a card."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.authenticity.actions.settling import check_may_settle
from zhengtong.domains.authenticity.models import Lead, LeadEvidence
from zhengtong.domains.supervision.actions import raise_card
from zhengtong.rules.authenticity.suspicion import INFORMATION, Scope
from zhengtong.rules.lights import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.supervision.findings import Evidence, Finding

EVIDENCE = 20  # rows a card carries; the lead keeps them all


@transaction.atomic
def confirm_lead(number: str, *, level: Level, reason: str, by: Acting, at: datetime) -> Lead:
    """The card is raised at the level the person chose; it names the lead, and the lead names it (§5.4)."""
    lead = queries.lead_for(by, number)
    check_may_settle(lead, by=by)
    if lead.rule_code in INFORMATION:
        raise Refusal(RefusalCode.LEAD_INFORMATION, rule=lead.rule_code)
    if lead.organ_id is None:
        raise Refusal(RefusalCode.LEAD_WITHOUT_ORGAN, number=lead.number)
    card = raise_card(_finding(lead, level), by=by, at=at)
    actions.confirm(lead, level, reason=reason, card_no=card.number if card is not None else "", by=by, at=at)
    return lead


def _finding(lead: Lead, level: Level) -> Finding:
    """About the case where there is one, else about the lead itself."""
    rows = queries.evidence_of(lead, limit=EVIDENCE)
    of_case = lead.scope == Scope.CASE
    return Finding(
        rule_code=lead.rule_code,
        level=level,
        subject_kind="case" if of_case else "lead",
        subject_key=lead.scope_key if of_case else lead.number,
        organ_id=lead.organ_id or 0,
        section_id=lead.section_id,
        officer_id=lead.officer_id,
        evidence=tuple(Evidence(row.subject_kind, row.subject_key, row.seq) for row in rows),
        facts=_facts(lead, rows),
        aspect=lead.number,
    )


def _facts(lead: Lead, rows: Sequence[LeadEvidence]) -> dict[str, Any]:
    """What the rule's sentence asks for; the lead itself says the rest."""
    facts = {"lead": lead.number, "what": lead.number, "acts": len(rows), **lead.facts}
    if lead.organ is not None:
        facts["organ"] = lead.organ.name
    if lead.officer is not None:
        facts["officer"] = lead.officer.name
    counted = next((lead.facts[name] for name in ("gamed", "voided") if name in lead.facts), None)
    if counted is not None and lead.facts.get("base"):
        facts["percent"] = round(100 * counted / lead.facts["base"])
    for row in rows:
        facts |= {name: row.facts[name] for name in ("seconds", "minutes") if name in row.facts and name not in facts}
    others = [row.subject_key for row in rows if row.subject_key != lead.scope_key]
    return facts | ({"other": others[0]} if others else {})
