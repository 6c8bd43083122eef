"""One villager's case as the clerk follows it: how far it is, supplements, the result handed over, the mandate."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.base.files.respond import respond
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.appointments import agencies
from zhengtong.domains.appointments.agencies import VillageFiling
from zhengtong.domains.cases import queries as cases
from zhengtong.flows import agency_filed
from zhengtong.flows.agency_handed_over import hand_result_over
from zhengtong.flows.agency_supplemented import supplement_for
from zhengtong.flows.supplement_at_counter import Brought, brought
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.village.filing import USUAL, mandate_of
from zhengtong.web.desk.village.lists import followed
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.cases.case import standing


@desk(Ability.FILE_FOR_OTHERS, Ability.KEEP_HALL)
@require_GET
def filing(request: ActingRequest, key: Any) -> HttpResponse:
    return _page(request, agencies.filing_for(request.acting, str(key)))


def _page(request: ActingRequest, row: VillageFiling, refused: Any = "", status: int = 200) -> HttpResponse:
    one = followed([row])[0]
    case = one["case"]
    context = {
        **one,
        "standing": standing(case, own=False) if case else None,
        "lines": cases.supplement_lines(case) if case and one["supplement"] else [],
        "own": row.clerk_id in request.acting.principals(),
        "ended": row.until < timezone.localdate(),
        "until": request.POST.get("until", "") or (timezone.localdate() + USUAL).isoformat(),
        "acts": [_act(entry) for entry in reversed(list(entries_of("filing", row.key)))],
        "refused": refused,
        "answer": request.POST.get("answer", ""),
    }
    return render(request, "desk/village/filing.html", context, status=status)


def _act(entry: Any) -> Act:
    facts = json.loads(entry.facts)
    return Act(words.ACTS.get(entry.kind, entry.kind), entry.at, acts.who(entry), acts.fact_lines(facts, words.FACTS))


@desk(Ability.FILE_FOR_OTHERS)
@require_POST
def supplement(request: ActingRequest, key: Any) -> HttpResponse:
    row, at = agencies.filing_for(request.acting, str(key)), timezone.now()
    try:
        laid = _brought(request, row, at)
        supplement_for(row, laid, answer=request.POST.get("answer", ""), seen=None, by=request.acting, at=at)
    except Refusal as refusal:
        fresh = agencies.filing_for(request.acting, str(key))
        return _page(request, fresh, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("已代为补正。"))
    return redirect("desk:filing", row.key)


def _brought(request: HttpRequest, row: VillageFiling, at: Any) -> list[Brought]:
    """What was ticked or scanned for the lines of the notice."""
    case = cases.cases_by_numbers([row.case_no]).get(row.case_no)
    asked = [line.material_code for line in cases.supplement_lines(case) if line.material_code] if case else []
    ticked = request.POST.getlist("material")
    return [
        brought(code, mode="1", copies="1", upload=request.FILES.get(f"file.{code}"), at=at)
        for code in asked
        if code in ticked or request.FILES.get(f"file.{code}") is not None
    ]


@desk(Ability.FILE_FOR_OTHERS)
@require_POST
def renew(request: ActingRequest, key: Any) -> HttpResponse:
    row, at = agencies.filing_for(request.acting, str(key)), timezone.now()
    try:
        agency_filed.renew_mandate(row, mandate_of(request, at), by=request.acting, at=at)
    except Refusal as refusal:
        return _page(request, row, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("新的委托书已存档。"))
    return redirect("desk:filing", row.key)


@desk(Ability.FILE_FOR_OTHERS)
@require_POST
def hand_over(request: ActingRequest, key: Any) -> HttpResponse:
    row = agencies.filing_for(request.acting, str(key))
    try:
        hand_result_over(row, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _page(request, row, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("已记录：结果交到本人手里。"))
    return redirect("desk:filing", row.key)


@desk(Ability.FILE_FOR_OTHERS, Ability.KEEP_HALL)
@require_GET
def scan(request: ActingRequest, key: Any) -> HttpResponseBase:
    """The mandate's scan, to whom the filing is shown."""
    row = agencies.filing_for(request.acting, str(key))
    return respond(row.scan, row.scan_name, inline="download" not in request.GET)
