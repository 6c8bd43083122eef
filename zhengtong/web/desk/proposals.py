"""待我同意: what colleagues proposed and a second person must agree to, 作废 and 特办."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhengtong.domains.cases import queries as cases
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk


@require_GET
@desk(Ability.DISPATCH)
def proposals(request: ActingRequest) -> HttpResponse:
    page = cases.proposals(request.acting, after=request.GET.get("after", ""))
    return render(request, "desk/proposals.html", {"rows": page.cases, "after": page.after})
