"""帮办代办 ends: done, declined, or withdrawn by who asked."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import AgencyRequest
from zhengtong.flows.agency_notices import tell_agent, tell_applicant


@transaction.atomic
def finish_agency(row: AgencyRequest, outcome: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    done = actions.finish(row, outcome, seen=seen, by=by, at=at)
    tell_applicant("agency.done", done, at=at)
    return done


@transaction.atomic
def decline_agency(row: AgencyRequest, reason: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    declined = actions.decline(row, reason, seen=seen, by=by, at=at)
    tell_applicant("agency.declined", declined, at=at)
    return declined


@transaction.atomic
def withdraw_agency(row: AgencyRequest, reason: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    withdrawn = actions.withdraw(row, reason, seen=seen, by=by, at=at)
    if withdrawn.officer is not None:
        tell_agent("agency.withdrawn", withdrawn, withdrawn.officer, at=at)
    return withdrawn
