"""A person looks at a lead and says what it is. Nobody settles a lead about their own work."""

from datetime import datetime

from django.db.models import Q

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity.models import Lead
from zhengtong.rules.authenticity.suspicion import INFORMATION
from zhengtong.rules.kinds import Kind
from zhengtong.rules.lights import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_text

MOST = 1000


def confirm(lead: Lead, level: Level, *, reason: str, card_no: str = "", by: Acting, at: datetime) -> None:
    """The lead is true: work was made up. `card_no` is the card that follows from it."""
    if lead.rule_code in INFORMATION:
        raise Refusal(RefusalCode.LEAD_INFORMATION, rule=lead.rule_code)
    _settle(lead, Kind.LEAD_CONFIRMED, Lead.CONFIRMED, reason, by=by, at=at, level=level.value, card_no=card_no)


def dismiss(lead: Lead, *, reason: str, by: Acting, at: datetime) -> None:
    """Honest work that only looked like something else; the reason stays readable."""
    _settle(lead, Kind.LEAD_DISMISSED, Lead.DISMISSED, reason, by=by, at=at)


def check_may_settle(lead: Lead, *, by: Acting) -> None:
    by.check(Ability.SUPERVISE)
    if lead.state != Lead.OPEN:
        raise Refusal(RefusalCode.LEAD_SETTLED, number=lead.number, state=lead.state)
    if lead.officer_id == by.officer_id or lead.evidence.filter(officer_id=by.officer_id).exists():
        raise Refusal(RefusalCode.LEAD_OWN)


def _settle(
    lead: Lead, kind: Kind, state: str, reason: str, *, by: Acting, at: datetime, **changes: str
) -> None:  # fmt: skip
    check_may_settle(lead, by=by)
    text = require_text(reason, MOST, "reason")
    facts = {"reason": text, **{name: value for name, value in changes.items() if value}}
    journal.commit(
        lead, Event(kind, facts), by=by, at=at, where=Q(state=Lead.OPEN), state=state, reason=text, settled_at=at,
        settled_by_id=by.officer_id, **changes,
    )  # fmt: skip
