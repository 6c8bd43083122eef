from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.base.files.respond import respond
from zhengtong.domains.cases import queries as cases
from zhengtong.flows.draw_paper import draw_paper
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.portal import words


@citizen_door
@require_safe
def paper(request: ActingRequest, number: str, uid: UUID) -> HttpResponse:
    """The PDF of a paper, drawn when it is first asked for."""
    case = cases.case_for(request.acting, number)
    row = cases.paper_for(case, uid)
    file = draw_paper(row, at=timezone.now())
    name = f"{words.word(words.PAPERS, row.form)}-{row.number or case.number}.pdf"
    return cast("HttpResponse", respond(file, name, inline=True))
