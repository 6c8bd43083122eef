from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhengtong.domains.cases import queries as cases
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.evidence import evidence_answer


@citizen_door
@require_safe
def evidence(request: ActingRequest, number: str) -> HttpResponse:
    """The applicant's evidence pack: what the house can never deny again."""
    case = cases.case_for(request.acting, number)
    return evidence_answer(case.number, whole=False)
