"""办件: the working page of one case, and every step that may be taken from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.files.respond import respond
from zhengtong.base.permission import Acting
from zhengtong.domains.applications import queries as applications
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.contents import PAPER_NAMES
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.flows import handle, request_supplement, supplement_at_counter, talk
from zhengtong.flows.draw_paper import draw_paper
from zhengtong.rules.clock import Unit
from zhengtong.rules.edition import Edition
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.masking import mask_mobile, mask_resident_id
from zhengtong.rules.procedure import (
    BEFORE_DECISION,
    Stage,
    Standing,
    State,
    Step,
    may_take,
    possible_steps,
)
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role
from zhengtong.web.desk import answers, defects, history, words
from zhengtong.web.desk.card_marks import case_cards
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.lamps import lamp
from zhengtong.web.desk.received import Received, received, shared
from zhengtong.web.desk.steps import (
    ALL,
    FORM_OF,
    CorrectContact,
    HandleAtOnce,
    Note,
    ProposeVoid,
    Room,
    Say,
    StepForm,
    Take,
)
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence, sentence_html
from zhengtong.web.frame.whole import whole

SHOWN_LIMITS = tuple(kind.value for kind in (DeadlineKind.PROMISE, DeadlineKind.NOTICE, DeadlineKind.DELIVERY))
# The step one came for stands open on top; the others wait folded.
FIRST = (
    HandleAtOnce.name, "accept", Take.name, "void", "grant-special", "decide", "result-back", "forward", "resume", "finish", "deliver",
)  # fmt: skip
AT_WORK = {Role.WINDOW, Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SECTION_HEAD, Role.CENTRE_MANAGER}


@dataclass
class Refused:
    """A form that was sent and met a "no": shown again with all that was typed."""

    form: StepForm | None = None
    sentence: Any = None
    status: int = 422
    typed: tuple[str, ...] = ()
    lines: list[defects.DefectRow] | None = None


@require_GET
@desk()
def page(request: ActingRequest, number: str) -> HttpResponse:
    return _page(request, number)


def _page(request: ActingRequest, number: str, refused: Refused | None = None, **shown: Any) -> HttpResponse:
    case, at = cases.case_for(request.acting, number), timezone.now()
    context = case_context(request.acting, case, at, refused, **shown)
    unread = any(m.from_applicant and m.read_at is None for m in context["thread"])
    if unread and case.holder_id in request.acting.principals():
        talk.read(number, by=request.acting, at=at)
    return render(request, "desk/case.html", context, status=refused.status if refused else 200)


def case_context(
    by: Acting, case: cases.Case, at: datetime, refused: Refused | None = None, *, clear: bool = False, **shown: Any
) -> dict[str, Any]:
    edition, entries = catalogue.edition(case.item_version_id), cases.acts(case, public=False)
    content = applications.frozen_content(case.application) if case.application else {}
    handed_in = received(applications.all_materials(case.application), edition, case) if case.application else []
    limits, days = deadlines_of("case", case.number), cases.law_for(case).calendar
    open_limits = {row.kind: row for row in limits if row.outcome == plan.Deadline.OPEN}
    standing = standing_of(by, case, edition, entries)
    forms = step_forms(standing, Room(case, edition, by, at), refused)
    stage = Stage(case.suspended_stage or case.stage)
    return {
        "case": case,
        "edition": edition,
        "lamp": lamp(case, open_limits, at, days),
        "state": words.word(words.STATES, case.state),
        "kind": words.word(words.CASE_KINDS, case.case_kind),
        "channel": words.word(words.CHANNELS, case.channel),
        "decision": words.word(words.DECISIONS, case.decision) if case.decision else "",
        "result": words.word(words.RESULTS, case.result_code) if case.result_code else "",
        "stages": history.stages(case, entries),
        "forms": forms,
        "first": next((form for name in FIRST for form in forms if form.name == name), None),
        "refused": refused,
        "groups": answers.read_out(edition, content, clear=clear),
        "situations": answers.situations(edition, content),
        "received": handed_in,
        "viewed": next((one.url for one in handed_in if one.url and not one.replaced), ""),
        "shared": shared(content, edition),
        "limits": [_limit(row, days, at) for row in limits],
        "clock": _clock(open_limits, limits, days),
        "today": timezone.localdate(at),
        "undecided": standing.state in BEFORE_DECISION,
        "checklist": _checklist(case, edition, stage, by),
        "acts": history.acts(entries),
        "cards": case_cards(by, case.number),
        "papers": [(paper, *paper_name(paper.form)) for paper in cases.papers(case)],
        "thread": cases.thread(case),
        "consultations": cases.consultations(case),
        "runs": cases.special_runs(case) if edition.special_procedures else [],
        "supplements": cases.supplement_items(case) if case.supplements else [],
        "defects": _defect_rows(standing, edition, content, refused),
        "takes_supplements": case.state == State.SUPPLEMENT.value and Step.SUPPLEMENT in possible_steps(standing),
        "phone": mask_mobile(case.contact_phone),
        "id_number": mask_resident_id(case.person.id_number) if case.person else "",
        "may_reveal": by.can(Ability.REVEAL),
        "modes": words.RECEIVED_AS.items(),
        "clear": clear,
        **shown,
    }


def paper_name(form: str) -> tuple[str, str]:
    return PAPER_NAMES.get(form, (form, form))


# --- which steps ---


def standing_of(by: Acting, case: cases.Case, edition: Edition, entries: list[cases.Entry]) -> Standing:
    """Windows serve the whole organ; the other posts only their section."""
    fits = (r for r in Role if by.post_for([r], case.organ_id, None if r is Role.WINDOW else case.section_id))
    return Standing(
        state=State(case.state),
        stage=Stage(case.suspended_stage or case.stage),
        case_kind=case.case_kind,
        officer=by.id,
        roles=frozenset(fits),
        in_hand=case.holder_id is not None and case.holder_id in by.principals(),
        held=case.holder_id is not None,
        handler=case.handler_id,
        reviewer=case.reviewer_id,
        void_proposed_by=case.void_proposed_by_id,
        special=case.is_special,
        special_asked_by=case.special_asked_by_id,
        passed_on_by=cases.passed_on_by(entries),
        procedures=any(p.kind != "1" for p in edition.special_procedures),
    )


def step_forms(standing: Standing, room: Room, refused: Refused | None = None) -> list[StepForm]:
    """Forms of what this officer may do now. The one that was refused comes back as it was sent."""
    kinds: list[type[StepForm]] = []
    steps = possible_steps(standing)
    for step in steps:
        if step is Step.ACCEPT and standing.case_kind == "IMMEDIATE":
            kinds.append(HandleAtOnce)
        if step in FORM_OF:
            kinds.append(FORM_OF[step])
    if may_take(standing):
        kinds.append(Take)
    if standing.state in BEFORE_DECISION and standing.void_proposed_by is None and standing.proposes:
        kinds.append(ProposeVoid)
    if standing.roles & AT_WORK and standing.state not in (State.DELIVERED, State.VOID):
        kinds += [Say, Note]
        if Role.WINDOW in standing.roles:
            kinds.append(CorrectContact)
    sent = refused.form if refused else None
    return [sent if isinstance(sent, kind) else kind(room=room) for kind in kinds]


def _defect_rows(
    standing: Standing, edition: Edition, content: dict[str, Any], refused: Refused | None
) -> list[defects.DefectRow]:
    if Step.REQUEST_SUPPLEMENT not in possible_steps(standing):
        return []
    if refused and refused.lines is not None:
        return refused.lines
    brought = {m["code"] for m in content.get("materials", [])} | set(content.get("shared", []))
    missing = [
        m.code for m in edition.materials if m.necessity == "required" and m.type != "form" and m.code not in brought
    ]
    return defects.rows(edition.materials, missing)


# --- pieces of the page ---


@dataclass(frozen=True, slots=True)
class LimitShown:
    label: Any
    row: plan.Deadline
    amount: int
    used: int | None
    natural: bool
    state: str  # open, over, met, missed, void, waiting


def _limit(row: plan.Deadline, days: Any, at: datetime) -> LimitShown:
    counted = row.unit != Unit.MOMENT.value and row.outcome == plan.Deadline.OPEN
    used = plan.used(row, timezone.localdate(at), days) if counted else None
    waiting = row.outcome == plan.Deadline.OPEN and row.due_on is None
    over = row.outcome == plan.Deadline.OPEN and row.due_at is not None and row.due_at < at and not row.provisional
    state = "waiting" if waiting else "over" if over else row.outcome
    natural = row.unit == Unit.CALENDAR_DAY.value
    return LimitShown(words.word(words.LIMITS, row.kind), row, row.amount + row.extension, used, natural, state)


def _clock(running: dict[str, plan.Deadline], limits: list[plan.Deadline], days: Any) -> dict[str, Any] | None:
    """The limit that runs now, day by day; of a closed case, its promise."""
    row = next((running[kind] for kind in SHOWN_LIMITS if kind in running), None)
    if row is None:
        row = next((one for one in limits if one.kind == DeadlineKind.PROMISE.value), None)
    if row is None or row.unit == Unit.MOMENT.value:
        return None
    return {"label": words.word(words.LIMITS, row.kind), "row": row, "explained": plan.explained(row, days)}


@dataclass(frozen=True, slots=True)
class Point:
    code: str
    text: str
    text_en: str
    tick: Any


def _checklist(case: cases.Case, edition: Edition, stage: Stage, by: Acting) -> dict[str, Any]:
    points = edition.checklist.get(stage.value, ())
    if not points:
        return {}
    ticked = cases.ticks(case)
    rows = [Point(p.code, p.text, p.text_en, ticked.get((stage.value, p.code))) for p in points]
    mine = case.holder_id is not None and case.holder_id in by.principals()
    return {"rows": rows, "mine": mine, "stage": stage.value, "label": words.STAGES[stage]}


# --- steps ---


@require_POST
@desk()
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    if name not in ALL:
        raise Http404
    at = timezone.now()
    case = cases.case_for(request.acting, number)
    form = ALL[name](request.POST, room=Room(case, catalogue.edition(case.item_version_id), request.acting, at))
    if not form.is_valid():
        return _page(request, number, Refused(form, _("请改正下面标出的地方，内容没有丢失。")))
    try:
        form.run(number, seen=form.cleaned_data["seen"], by=request.acting, at=at)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, number, refused_by(refusal, form))
    return _after(request, number, form)


def refused_by(refusal: Refusal, form: StepForm) -> Refused:
    """The sentence stands on top and the texts in their boxes; `seen` is the version shown now, for the next try."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, whatever the stubs say
    data["seen"] = str(form.room.case.version) if refusal.code is RefusalCode.STALE else data.get("seen", "")
    form.data = data
    texts = tuple(str(v) for n, v in data.items() if n not in ("seen", "csrfmiddlewaretoken") and len(str(v)) > 3)
    return Refused(form, sentence_html(refusal), status_of(refusal.code), texts)


def _after(request: ActingRequest, number: str, form: StepForm) -> HttpResponse:
    """The next case opens by itself when this one has left these hands; a link leads back."""
    way = reverse("desk:case", args=[number])
    if form.leaves:
        following = cases.inbox(request.acting, limit=2).cases
        other = next((c for c in following if c.number != number and c.due_on is not None), None)
        messages.success(request, format_html('{} <a href="{}">{}</a>', form.done, way, number))
        return redirect("desk:case", number=other.number) if other else redirect("desk:inbox")
    messages.success(request, form.done)
    return redirect(way)


@require_POST
@desk(Ability.TAKE_IN)
def supplement_notice(request: ActingRequest, number: str) -> HttpResponse:
    case = cases.case_for(request.acting, number)
    rows = defects.rows(catalogue.edition(case.item_version_id).materials, (), request.POST)
    try:
        request_supplement.request_supplement(
            number, defects.defects(rows), seen=_seen(request), by=request.acting, at=timezone.now()
        )
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        told = Refused(None, sentence_html(refusal), status_of(refusal.code), lines=rows)
        return _page(request, number, told)
    messages.success(request, _("补正告知书已出具，申请人补正前不再催办您。"))
    return redirect("desk:case", number=number)


@require_POST
@desk(Ability.TAKE_IN)
def supplements_brought(request: ActingRequest, number: str) -> HttpResponse:
    """The applicant is at the window with what the notice asked for."""
    at = timezone.now()
    case = cases.case_for(request.acting, number)
    try:
        brought = [
            supplement_at_counter.brought(
                code,
                mode=request.POST.get(f"mode.{code}", "1"),
                copies=request.POST.get(f"copies.{code}", "1"),
                upload=request.FILES.get(f"file.{code}"),
                at=at,
            )
            for code in request.POST.getlist("brought")
        ]
        supplement_at_counter.supplement_at_counter(number, brought, seen=_seen(request), by=request.acting, at=at)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, case.number, Refused(None, sentence_html(refusal), status_of(refusal.code)))
    messages.success(request, _("补正材料已收，受理审查期限重新计算。"))
    return redirect("desk:case", number=number)


@require_POST
@desk()
def tick(request: ActingRequest, number: str) -> HttpResponse:
    stage = request.POST.get("stage", "")
    if stage not in set(Stage):
        raise Http404
    done = request.POST.get("done") == "yes"
    code = request.POST.get("code", "")
    handle.tick(number, stage=Stage(stage), code=code, done=done, by=request.acting, at=timezone.now())
    return redirect(reverse("desk:case", args=[number]) + "#checklist")


@require_POST
@desk(Ability.REVEAL)
def reveal(request: ActingRequest, number: str) -> HttpResponse:
    """The page once more with one masked value in clear. Not a redirect: what is revealed has no address."""
    what, purpose, at = request.POST.get("what", ""), request.POST.get("purpose", ""), timezone.now()
    shown: dict[str, Any] = {}
    try:
        if what == "phone":
            shown["phone"] = talk.reveal_phone(number, purpose=purpose, by=request.acting, at=at)
        elif what == "id_number":
            shown["id_number"] = talk.reveal_id(number, purpose=purpose, by=request.acting, at=at)
        elif what == "answers":
            talk.reveal_answers(number, purpose=purpose, by=request.acting, at=at)
            shown["clear"] = True
        else:
            raise Http404
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        messages.error(request, _("请写明查看的用途。") if not purpose.strip() else sentence(refusal))
    response = _page(request, number, **shown)
    response["Cache-Control"] = "no-store"
    return response


def _seen(request: HttpRequest) -> int | None:
    return whole(request.POST.get("seen"))


# --- files ---


@require_GET
@desk()
def material(request: ActingRequest, number: str, material_id: int) -> HttpResponseBase:
    case = cases.case_for(request.acting, number)
    if case.application is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    row = applications.material_for(case.application, material_id)
    if row.file is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return respond(row.file, row.file_name, inline="download" not in request.GET)


@require_GET
@desk()
def paper(request: ActingRequest, number: str, uid: str) -> HttpResponseBase:
    case = cases.case_for(request.acting, number)
    issued = cases.paper_for(case, uid)
    file = draw_paper(issued, at=timezone.now())
    name = f"{paper_name(issued.form)[0]} {issued.number or case.number}.pdf"
    return respond(file, name, inline="download" not in request.GET)


__all__ = ["Received", "case_context", "page", "step"]
