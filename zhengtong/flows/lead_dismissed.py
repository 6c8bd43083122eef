"""A person has looked at a lead and found honest work: the reason is kept, and counts for the rule's record."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.authenticity.models import Lead


@transaction.atomic
def dismiss_lead(number: str, *, reason: str, by: Acting, at: datetime) -> Lead:
    lead = queries.lead_for(by, number)
    actions.dismiss(lead, reason=reason, by=by, at=at)
    return lead
