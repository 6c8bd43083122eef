from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.base.outbox.queries import unread_count
from zhengtong.domains.applications.queries import drafts_of
from zhengtong.domains.cases.queries import cases_of_applicant
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.portal import keyset
from zhengtong.web.portal.cases.tracking import listed

PAGE = 20


@never_cache
@citizen_door
@require_safe
def my_cases(request: ActingRequest) -> HttpResponse:
    by = request.acting
    before = keyset.before(request)
    found = cases_of_applicant(by, before=before, limit=PAGE + 1)
    context = {
        "drafts": [] if before else drafts_of(by.id or 0),
        "cases": listed(found[:PAGE]),
        "next": found[PAGE - 1].pk if len(found) > PAGE else "",
        "before": before or "",
        "unread": unread_count(by.id or 0),
    }
    return render(request, "portal/my_cases.html", context)
