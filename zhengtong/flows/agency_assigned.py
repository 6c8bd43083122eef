from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import AgencyRequest
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.agency_notices import tell_agent, tell_applicant
from zhengtong.rules.clock import local_date


@transaction.atomic
def assign_agent(row: AgencyRequest, staff_no: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    """A named person from now on; the applicant knows whom to ask."""
    agent = registry.officer_here(staff_no, local_date(at))
    assigned = actions.assign_agent(row, agent, seen=seen, by=by, at=at)
    tell_applicant("agency.assigned", assigned, at=at, officer=agent.name)
    tell_agent("agency.to_agent", assigned, agent, at=at)
    return assigned
