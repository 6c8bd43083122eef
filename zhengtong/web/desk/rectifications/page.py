"""One bad rating: what was said, what was found and done, who answers for it, the clock, every act. Never who rated."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.files.respond import respond
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.rectifications import queries
from zhengtong.flows.rectification_revisited import reveal_rater
from zhengtong.rules.kinds import Kind
from zhengtong.rules.ratings_publication import masked
from zhengtong.rules.rectifications import RectState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.rectifications import words
from zhengtong.web.desk.rectifications.lamps import lamp_of
from zhengtong.web.desk.rectifications.steps import BY_NAME, FORMS, RectForm, offered
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence, sentence_html

CALLING = (Ability.REVISIT, Ability.KEEP_HALL, Ability.SUPERVISE)


@dataclass
class Refused:
    form: RectForm
    sentence: Any
    status: int = 422


@desk()
@require_safe
def page(request: ActingRequest, number: str) -> HttpResponse:
    return _page(request, number)


def _page(request: ActingRequest, number: str, refused: Refused | None = None, **shown: Any) -> HttpResponse:
    row, at, by = queries.rectification_for(request.acting, number), timezone.now(), request.acting
    known = calendar.current()
    limits = deadlines_of(queries.Rectification.journal_kind, row.number)
    running = next((limit for limit in reversed(limits) if limit.outcome == plan.Deadline.OPEN), None)
    notes = queries.notes(row)
    forms = [FORMS[step](row=row) for step in offered(row, by, at, notes)]
    if refused is not None:
        forms = [refused.form if type(form) is type(refused.form) else form for form in forms]
    said = queries.revisits(row)
    context = {
        "row": row,
        "lamp": lamp_of(row, at, known),
        "state": words.STATES[RectState(row.state)],
        "level": words.LEVELS.get(str(row.level), row.level),
        "reasons": [words.REASONS.get(one, one) for one in row.reasons],
        "service": words.SERVICES.get(row.service, ""),
        "verdict": words.VERDICTS.get(row.verdict, ""),
        "outcome": words.OUTCOMES.get(row.outcome, ""),
        "closed_from": words.CLOSED_FROM.get(row.closed_from, ""),
        "own": by.is_officer and by.id == row.officer_id,
        "appeal_until": queries.appeal_until(row),
        "forms": forms,
        "first": forms[0] if forms and not forms[0].stop else None,
        "refused": refused,
        "notes": [(note, words.STEPS.get(note.step, note.step)) for note in notes if note.text],
        "revisits": [(one, masked(one.text)) for one in said],
        "may_reveal": queries.may_reveal(by, row),
        "limit": running,
        "clock": plan.explained(running, known) if running else None,
        "today": timezone.localdate(at),
        "said": masked(row.text),
        "acts": [
            _act(entry, by) for entry in reversed(list(entries_of(queries.Rectification.journal_kind, row.number)))
        ],
        **shown,
    }
    return render(request, "desk/rectifications/page.html", context, status=refused.status if refused else 200)


def _act(entry: Any, by: Acting) -> tuple[Act, bool]:
    """With whether the hour is shown: when somebody rated says who stood at the window then."""
    facts = json.loads(entry.facts)
    if not by.can(*CALLING):  # why a caller looked up the rater may name them
        facts.pop("purpose", None)
    for name in ("verdict", "declined", "overturned"):
        if name in facts:
            facts[name] = str(words.VERDICTS.get(facts[name], facts[name]))
    said = _said_by_rater(entry)
    who = _("评价人") if said else acts.who(entry)
    return Act(words.ACTS.get(entry.kind, entry.kind), entry.at, who, acts.fact_lines(facts, words.FACTS)), not said


def _said_by_rater(entry: Any) -> bool:
    """Whichever device or clerk wrote it down. The journal names the part the rater plays, and no name."""
    return entry.actor_kind == ActorKind.APPLICANT or entry.kind == Kind.RECTIFICATION_OPENED


@desk()
@require_POST
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    form_class = BY_NAME.get(name)
    if form_class is None:
        raise Http404
    row = queries.rectification_for(request.acting, number)
    form = form_class(request.POST, row=row)
    if not form.is_valid():
        return _page(request, number, Refused(form, _("请改正下面标出的地方，内容没有丢失。")))
    try:
        form.run(files=request.FILES.getlist("files"), by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        return _page(request, number, _refused_by(refusal, form, row))
    messages.success(request, form.done)
    return redirect("desk:rectification", number=number)


def _refused_by(refusal: Refusal, form: RectForm, row: queries.Rectification) -> Refused:
    """The sentence stands on top and the texts in their boxes; `seen` is the version shown now, for the next try."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, whatever the stubs say
    data["seen"] = str(row.version)
    form.data = data
    return Refused(form, sentence_html(refusal), status_of(refusal.code))


@desk()
@require_POST
def reveal(request: ActingRequest, number: str) -> HttpResponse:
    """The page once more with whom to call. Not a redirect: what is revealed has no address."""
    purpose = request.POST.get("purpose", "")
    shown: dict[str, Any] = {}
    try:
        shown["rater"] = reveal_rater(number, purpose=purpose, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        messages.error(request, _("请写明查看的用途。") if not purpose.strip() else sentence(refusal))
    response = _page(request, number, **shown)
    response["Cache-Control"] = "no-store"
    return response


@desk()
@require_GET
def evidence(request: ActingRequest, number: str, evidence_id: int) -> HttpResponseBase:
    row = queries.rectification_for(request.acting, number)
    found = queries.evidence_for(row, evidence_id)
    return respond(found.file, found.name, inline="download" not in request.GET)
