"""A person has looked at a lead and found it true: it becomes a card."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.authenticity.actions.settling import check_may_settle
from zhengtong.domains.authenticity.models import Lead
from zhengtong.domains.supervision.actions import raise_card
from zhengtong.rules.authenticity.suspicion import INFORMATION
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
    rows = queries.evidence_of(lead, limit=EVIDENCE)
    return Finding(
        rule_code=lead.rule_code,
        level=level,
        subject_kind="lead",
        subject_key=lead.number,
        organ_id=lead.organ_id or 0,
        section_id=lead.section_id,
        officer_id=lead.officer_id,
        evidence=tuple(Evidence(row.subject_kind, row.subject_key, row.seq, {"what": row.what}) for row in rows),
        facts={"lead": lead.number, "period": lead.period},
    )
