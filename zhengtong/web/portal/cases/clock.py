from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.domains.cases import queries as cases
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.portal.cases import tracking


@never_cache
@citizen_door
@require_safe
def clock(request: ActingRequest, number: str) -> HttpResponse:
    """Why every limit ends where it ends, day by day."""
    case = cases.case_for(request.acting, number)
    today = timezone.localdate()
    every = tracking.clocks(deadlines_of("case", number), cases.law_for(case).calendar, today)
    return render(request, "portal/cases/clock.html", {"case": case, "clocks": every, "today": today, "own": True})
