from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhengtong.base.files.names import content_disposition
from zhengtong.domains.cases import queries as cases
from zhengtong.exchange.evidence_pack import evidence_zip
from zhengtong.web.accounts.acting import ActingRequest, citizen_door


@citizen_door
@require_safe
def evidence(request: ActingRequest, number: str) -> HttpResponse:
    """The applicant's evidence pack: what the house can never deny again."""
    case = cases.case_for(request.acting, number)
    response = HttpResponse(evidence_zip(case.number, whole=False), content_type="application/zip")
    response["Content-Disposition"] = content_disposition(f"evidence-{case.number}.zip")
    response["Cache-Control"] = "private, no-store"
    return response
