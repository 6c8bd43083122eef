from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import AgencyNote, AgencyRequest
from zhengtong.domains.cases import queries as cases
from zhengtong.flows.agency_notices import tell_applicant
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def note_progress(
    row: AgencyRequest, text: str, *, case_no: str = "", seen: int | None, by: Acting, at: datetime
) -> AgencyNote:
    """办理进展: pushed to the applicant. A case is named only if there is one of that number."""
    number = case_no.strip().upper()
    if number and number not in cases.cases_by_numbers([number]):
        raise Refusal(RefusalCode.ORDER_CASE_UNKNOWN, number=number)
    note = actions.note(row, text, case_no=number, seen=seen, by=by, at=at)
    tell_applicant("agency.noted", row, at=at)
    return note
