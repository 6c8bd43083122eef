from datetime import date, datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import AgencyRequest
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Officer
from zhengtong.flows.agency_notices import tell_agent, tell_applicant
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode


def officer_named(staff_no: str, on: date) -> Officer:
    """Who is to go or to act, by the number somebody typed. OFFICER_UNKNOWN, OFFICER_LEFT."""
    try:
        return registry.officer_here(staff_no.strip(), on)
    except Refusal as refusal:
        if refusal.code is not RefusalCode.NOT_FOUND:
            raise
        raise Refusal(RefusalCode.OFFICER_UNKNOWN, staff_no=staff_no) from None


@transaction.atomic
def assign_agent(row: AgencyRequest, staff_no: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    """A named person from now on; the applicant knows whom to ask."""
    agent = officer_named(staff_no, local_date(at))
    assigned = actions.assign_agent(row, agent, seen=seen, by=by, at=at)
    tell_applicant("agency.assigned", assigned, at=at, officer=agent.name)
    tell_agent("agency.to_agent", assigned, agent, at=at)
    return assigned
