from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue.queries import edition
from zhengtong.domains.ratings import queries as ratings
from zhengtong.rules.clock import local_date
from zhengtong.rules.procedure import BY_APPLICANT, MOVES, State
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.rating_words import KINDS
from zhengtong.web.portal import words
from zhengtong.web.portal.cases import tracking

WAITING_FOR_OFFICERS = frozenset(State) - tracking.SETTLED - {State.SUPPLEMENT}


def standing(case: Any, *, own: bool) -> dict[str, Any]:
    """What the tracking page shows of a case, for its applicant or for whoever holds the slip."""
    at = timezone.now()
    days = cases.law_for(case).calendar
    limits = deadlines_of("case", case.number)
    entries = cases.acts(case, public=True)
    papers = cases.papers(case) if own else []
    clocks = tracking.clocks(limits, days, local_date(at))
    state = State(case.state)
    return {
        "case": case,
        "item": edition(case.item_version_id),
        "own": own,
        "today": local_date(at),
        "lamp": tracking.lamp(case, {row.kind: row for row in limits if row.outcome == "open"}, at, days),
        "state": words.STATES[state],
        "state_code": state.value,
        "way_in": words.word(words.WAYS_IN, case.channel),
        "steps": tracking.stage_steps(case, entries),
        "clock": tracking.main_clock(case, clocks),
        "acts": tracking.timeline(entries, papers, number=case.number, own=own),
        "papers": [(paper, words.word(words.PAPERS, paper.form)) for paper in papers],
    }


def possible(case: Any) -> dict[str, bool]:
    """The steps an applicant may take in this state; the actions ask the rules once more."""
    state = State(case.state)
    may = {step.value: state in MOVES[step].start for step in BY_APPLICANT}
    return {**may, "urge": state in WAITING_FOR_OFFICERS, "say": state not in tracking.CLOSED}


@never_cache
@citizen_door
@require_safe
def case(request: ActingRequest, number: str) -> HttpResponse:
    return shown(request, number)


def shown(request: ActingRequest, number: str, **told: Any) -> HttpResponse:
    """The page of one's own case; `told` is what was refused just now, with what was typed."""
    found = cases.case_for(request.acting, number)
    context = standing(found, own=True) | {
        "may": possible(found),
        "thread": cases.thread(found),
        "to_rate": [(node, KINDS[node.kind]) for node in _to_rate(request, number)],
        "term": cases.open_deadline(found, "supplement") if found.state == State.SUPPLEMENT.value else None,
        **told,
    }
    return render(request, "portal/cases/case.html", context, status=422 if told else 200)


def _to_rate(request: ActingRequest, number: str) -> list[Any]:
    return ratings.nodes_about(request.acting, ("case", number), at=timezone.now())


@never_cache
@citizen_door
@require_safe
def submitted(request: ActingRequest, number: str) -> HttpResponse:
    """The end of applying: the number, what happens next, and when."""
    found = cases.case_for(request.acting, number)
    slip = next((paper for paper in cases.papers(found) if paper.form == "F-00"), None)
    context = {
        "case": found,
        "item": edition(found.item_version_id),
        "slip": slip,
        "notice": next((row for row in deadlines_of("case", number) if row.kind == "notice"), None),
    }
    return render(request, "portal/cases/submitted.html", context)
