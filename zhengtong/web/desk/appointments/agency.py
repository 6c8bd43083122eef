"""帮办代办 at the desk: who asks, who is sent, what was done."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.appointments import agencies
from zhengtong.domains.appointments.agencies import AgencyRequest
from zhengtong.flows.agency_assigned import assign_agent
from zhengtong.flows.agency_ended import decline_agency, finish_agency
from zhengtong.flows.agency_noted import note_progress
from zhengtong.rules.agency import AgencyState, AgencyStep, agency_steps
from zhengtong.rules.masking import mask_mobile, mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

LEADING = (AgencyStep.ASSIGN, AgencyStep.DECLINE)


@desk()
@require_safe
def requests(request: ActingRequest) -> HttpResponse:
    finished = request.GET.get("finished") == "1"
    past = reading.number(request.GET.get("past"))
    found = agencies.requests_at_desk(request.acting, finished=finished, past=past, limit=agencies.PAGE + 1)
    shown = found[: agencies.PAGE]
    context = {
        "rows": [(row, words.AGENCY_STATES[row.state]) for row in shown],
        "finished": finished,
        "leads": request.acting.can(*agencies.LEADS),
        "past": past or "",
        "next": shown[-1].pk if len(found) > agencies.PAGE else "",
    }
    return render(request, "desk/appointments/agencies.html", context)


@desk()
@require_GET
def page(request: ActingRequest, key: Any) -> HttpResponse:
    return _page(request, agencies.request_for(request.acting, str(key)))


def _page(
    request: ActingRequest, row: AgencyRequest, refused: Any = "", status: int = 200, *, pressed: str = ""
) -> HttpResponse:
    by = request.acting
    leads = by.can(*agencies.LEADS)
    agent = row.officer_id in by.principals()
    steps = [
        step
        for step in agency_steps(AgencyState(row.state))
        if step in words.AGENCY_STEPS and (leads if step in LEADING else leads or agent)
    ]
    context = {
        "row": row,
        # Whoever leads hands it on and need not ring up; the agent has to.
        "name": row.person_name if agent else mask_name(row.person_name),
        "phone": row.phone if agent else mask_mobile(row.phone),
        "state": words.AGENCY_STATES[row.state],
        "notes": agencies.notes_of(row),
        "steps": {step.value: True for step in steps},
        "acts": [_act(entry) for entry in reversed(list(entries_of("agency", row.key)))],
        "refused": refused,
        "typed": request.POST,
        "pressed": pressed,
    }
    return render(request, "desk/appointments/agency.html", context, status=status)


def _act(entry: Any) -> Act:
    facts = json.loads(entry.facts)
    return Act(words.ACTS.get(entry.kind, entry.kind), entry.at, acts.who(entry), acts.fact_lines(facts, words.FACTS))


@desk()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ActingRequest, key: Any, name: str) -> HttpResponse:
    if request.method != "POST":  # a refusal was drawn here, and the page is opened again in another language
        return redirect("desk:agency_request", key)
    row = agencies.request_for(request.acting, str(key))
    by, at, text = request.acting, timezone.now(), request.POST.get("text", "")
    try:
        match name:
            case AgencyStep.ASSIGN.value:
                assign_agent(row, request.POST.get("staff_no", "").replace("\x00", "").strip(), seen=None, by=by, at=at)
            case AgencyStep.NOTE.value:
                note_progress(
                    row, text, case_no=request.POST.get("case_no", "").replace("\x00", ""), seen=None, by=by, at=at
                )
            case AgencyStep.FINISH.value:
                finish_agency(row, text, seen=None, by=by, at=at)
            case AgencyStep.DECLINE.value:
                decline_agency(row, text, seen=None, by=by, at=at)
            case _:
                raise Refusal(RefusalCode.NOT_FOUND)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        fresh = agencies.request_for(by, str(key))
        return _page(request, fresh, sentence_html(refusal), status_of(refusal.code), pressed=name)
    messages.success(request, _("已记录，已告知申请人。"))
    return redirect("desk:agency_request", row.key)
