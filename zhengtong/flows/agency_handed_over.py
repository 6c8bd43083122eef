from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import VillageFiling
from zhengtong.domains.cases import queries as cases
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def hand_result_over(filing: VillageFiling, *, by: Acting, at: datetime) -> VillageFiling:
    """代领结果已交本人: only what is decided can be handed over. The organ's own 送达 stands in the case."""
    case = cases.cases_by_numbers([filing.case_no]).get(filing.case_no)
    if case is None or case.decided_at is None:
        state = case.state if case else State.SUBMITTED.value
        raise Refusal(RefusalCode.CASE_WRONG_STATE, step="hand_over", state=state)
    return actions.hand_over(filing, by=by, at=at)
