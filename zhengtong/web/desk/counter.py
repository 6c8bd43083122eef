"""窗口收件: item, applicant, form, materials and the next step on one page, all by keyboard, nothing lost on a refusal."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengtong.domains.applications import queries as applications
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import take_in, ticket_served
from zhengtong.flows.take_in import Then
from zhengtong.rules.codes import check_mobile, check_resident_id, check_uscc
from zhengtong.rules.edition import Edition
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import defects, words
from zhengtong.web.desk.case import paper_name
from zhengtong.web.desk.counter_form import Part, Typed, from_draft, from_post, parts, with_rows
from zhengtong.web.desk.counter_visitor import fill, offered, visitor_of
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.fields import ID_KIND_WORDS, control_id
from zhengtong.web.frame.language import either
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

HITS = 8
# Where the sentence of a refusal belongs.
BESIDE = {
    RefusalCode.CODE_USCC_LENGTH: "uscc",
    RefusalCode.CODE_USCC_CHARACTER: "uscc",
    RefusalCode.CODE_USCC_CHECK: "uscc",
    RefusalCode.CODE_RESIDENT_ID_FORM: "id_number",
    RefusalCode.CODE_RESIDENT_ID_REGION: "id_number",
    RefusalCode.CODE_RESIDENT_ID_BIRTH: "id_number",
    RefusalCode.CODE_RESIDENT_ID_CHECK: "id_number",
    RefusalCode.CODE_MOBILE_FORM: "phone",
    RefusalCode.MANDATE_MISSING: "paper_mandate",
}
NEXT = {"accept": Then.ACCEPT, "finish": Then.FINISH, "receive": Then.RECEIVE, "issue": Then.SUPPLEMENT}
DELIVERY = ("pickup", "post", "electronic")


# --- finding the item ---


@require_GET
@desk(Ability.TAKE_IN)
def start(request: ActingRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    visitor = visitor_of(request.acting)
    context = {
        "q": text,
        "visitor": visitor,
        "items": catalogue.find(text, open_only=True, limit=HITS).items if text else offered(visitor, HITS),
        "drafts": applications.counter_drafts(request.acting.id or 0),
    }
    template = "desk/counter_hits.html" if request.headers.get("HX-Request") else "desk/counter.html"
    return render(request, template, context)


# --- the page ---


@require_http_methods(["GET", "POST"])
@desk(Ability.TAKE_IN)
def item(request: ActingRequest, item_code: str) -> HttpResponse:
    row = catalogue.published_item(item_code)
    if request.method == "GET":
        return _opened(request, row)
    draft = applications.counter_draft(request.acting, from_post(request, _edition_of(row)).uid)
    if draft is not None and draft.case_no:
        return redirect("desk:received", number=draft.case_no)
    edition = catalogue.edition(draft.item_version_id) if draft else _edition_of(row)
    typed = from_post(request, edition)
    do = request.POST.get("do", "look")
    if do in NEXT:
        return _take_in(request, row, edition, typed, NEXT[do])
    if do == "save":
        return _save(request, row, edition, typed)
    if do == "visitor":
        return _visitor(request, row, edition, typed)
    if do == "notice":
        typed.lines = _lines(typed, edition)
        return _page(request, row, edition, typed, noticing=True)
    with_rows(typed.answers, edition.form, do.removeprefix("add:") if do.startswith("add:") else "")
    return _page(request, row, edition, typed, errors=told_at_once(typed))


def _edition_of(row: catalogue.Item) -> Edition:
    return catalogue.edition(row.current_version_id or 0)


def _opened(request: ActingRequest, row: catalogue.Item) -> HttpResponse:
    uid = request.GET.get("draft", "")
    if uid:
        draft = applications.application_for(request.acting, uid)
        edition = catalogue.edition(draft.item_version_id)
        return _page(request, row, edition, from_draft(draft, edition))
    edition = _edition_of(row)
    typed = from_post(request, edition)
    typed.kind = _usual_kind(edition)
    typed.lines = []
    return _page(request, row, edition, typed, bring=True)


def _usual_kind(edition: Edition) -> str:
    return "person" if set(edition.document["applicant_types"]) == {"1"} else "enterprise"


def _visitor(request: ActingRequest, row: catalogue.Item, edition: Edition, typed: Typed) -> HttpResponse:
    """The page once more with who is at the window. Not a redirect: what is revealed has no address."""
    if "kind" not in request.POST:
        typed.kind = _usual_kind(edition)
    try:
        ticket_served.reveal(item_code=row.item_code, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _refused(request, row, edition, typed, refusal)
    return _page(request, row, edition, typed, errors=told_at_once(typed), bring=True)


def _page(
    request: ActingRequest,
    row: catalogue.Item,
    edition: Edition,
    typed: Typed,
    *,
    errors: dict[str, Any] | None = None,
    top: Any = "",
    noticing: bool = False,
    bring: bool = False,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    kinds = set(edition.document["applicant_types"])
    visitor, fresh = visitor_of(request.acting), bring or request.method == "GET"
    if bring and visitor is not None and visitor.known:
        fill(typed, visitor, kinds, fresh="kind" not in request.POST, at=timezone.now())
    known = known_of(typed)
    shown = parts(typed, edition, errors, known)
    context = {
        "item": row,
        "edition": edition,
        "typed": typed,
        "comer": typed.comer,
        "errors": errors,
        "pairs": [*([("", top)] if top else []), *errors.items()],
        "known": known,
        "parts": shown,
        "sources": json.dumps(_sources(shown)),
        "situations": [
            (s, typed.situation.get(s.code, ""), errors.get(f"situation.{s.code}", "")) for s in edition.situations
        ],
        "materials": material_rows(typed, edition, errors),
        "id_kinds": ID_KIND_WORDS.items(),
        "modes": [(code, label) for code, label in words.RECEIVED_AS.items() if code != "9"],
        "deliveries": [(code, DELIVERY_WORDS[code]) for code in DELIVERY if code in edition.delivery]
        or [("pickup", DELIVERY_WORDS["pickup"])],
        "for_persons": not kinds or "1" in kinds,
        "for_enterprises": not kinds or bool(kinds - {"1"}),
        "noticing": noticing,
        "fresh": fresh and typed.kind == "enterprise",
        "fresh_person": fresh and typed.kind == "person",
        "defects": typed.lines if noticing else [],
        "regions": registry.places(),
        "visitor": visitor,
    }
    return render(request, "desk/counter_item.html", context, status=status)


DELIVERY_WORDS = {
    "pickup": words.DELIVERY_MODES["direct"],
    "post": words.DELIVERY_MODES["post"],
    "electronic": words.DELIVERY_MODES["electronic"],
}


def _sources(shown: list[Part]) -> dict[str, str]:
    """Id of a control → what the registers fill it from; for the script."""
    questions = [q for part in shown for row in part.rows for q in (*row.required, *row.optional)]
    return {control_id(q.name): q.field.prefill for q in questions if q.field.prefill}


@dataclass(frozen=True, slots=True)
class MaterialRow:
    code: str
    name: Any
    on: bool
    mode: str
    copies: str
    file_name: str
    wanted: bool
    need_not: bool
    filled_here: bool
    error: Any


def material_rows(typed: Typed, edition: Edition, errors: dict[str, Any]) -> list[MaterialRow]:
    rows = []
    for material in applications.materials_asked(edition, typed.answers, typed.situation):
        tick = typed.ticks.get(material.code)
        need_not = applications.need_not_bring(material)
        rows.append(
            MaterialRow(
                code=material.code,
                name=either(material.name, material.name_en),
                on=bool(tick and tick.on),
                mode=tick.mode if tick else "1",
                copies=tick.copies if tick else str(material.copies or 1),
                file_name=tick.file_name if tick else "",
                wanted=applications.must_upload(material, edition),
                need_not=need_not,
                filled_here=material.type == "form" and bool(edition.form.sections),
                error=errors.get(f"material.{material.code}", ""),
            )
        )
    return rows


# --- who applies ---


def known_of(typed: Typed) -> dict[str, str]:
    """What the registers know of the applicant, by the names an item's form prefills from; empty while unknown."""
    comer, known = (
        typed.who,
        {"person.mobile": typed.comer.get("phone", ""), "person.phone": typed.comer.get("phone", "")},
    )
    if typed.kind == "enterprise":
        enterprise = registry.enterprise_by_code(comer.uscc) if comer.uscc else None
        name = enterprise.name if enterprise else comer.enterprise_name
        known |= {"enterprise.name": name, "enterprise.uscc": comer.uscc.upper(), "person.name": comer.agent_name}
        if enterprise is not None:
            head = enterprise.legal_representative
            known |= {
                "found": enterprise.name,
                "enterprise.address": enterprise.address,
                "enterprise.registered_capital": enterprise.capital,
                "enterprise.legal_representative": head.name if head else "",
                "person.name": comer.agent_name or (head.name if head else ""),
            }
        return known
    person = registry.person_by_id_number(comer.id_number) if comer.id_number else None
    known |= {"person.name": comer.person_name, "person.id_number": comer.id_number}
    if person is not None:
        known |= {"found": mask_name(person.name), "person.name": comer.person_name or person.name}
    return known


def told_at_once(typed: Typed) -> dict[str, Any]:
    """Check digits of what is typed so far; what is still empty is no fault yet."""
    comer = typed.who
    errors = {}
    checks = [("uscc", comer.uscc, check_uscc), ("phone", comer.phone, check_mobile)]
    if comer.id_kind == "111":
        checks.append(("id_number", comer.id_number if typed.kind == "person" else "", check_resident_id))
    checks.append(("agent_id_number", comer.agent_id_number, check_resident_id))
    for name, value, check in checks:
        if value:
            try:
                check(value)
            except Refusal as refusal:
                errors[name] = sentence_html(refusal)
    return errors


@require_GET
@desk(Ability.TAKE_IN)
def look(request: ActingRequest) -> JsonResponse:
    """What the script of the counter asks while one types: is the code right, whose is it, what fills the form."""
    typed = Typed(uid=UUID(int=0), kind=request.GET.get("kind", "enterprise"))
    typed.comer = {
        name: request.GET.get(name, "")
        for name in ("uscc", "id_kind", "id_number", "phone", "agent_name", "agent_id_number")
    }
    errors = {name: str(said) for name, said in told_at_once(typed).items()}
    known = {} if errors.keys() & {"uscc", "id_number"} else known_of(typed)
    text = request.GET.get("enterprise_name", "").strip()
    hits = [{"uscc": e.uscc, "name": e.name} for e in registry.enterprises_like(text, HITS)] if len(text) > 1 else []
    return JsonResponse({"errors": errors, "found": known.pop("found", ""), "known": known, "hits": hits})


# --- saving and sending ---


def _save(request: ActingRequest, row: catalogue.Item, edition: Edition, typed: Typed) -> HttpResponse:
    try:
        draft = _keep(request, row, edition, typed)
    except Refusal as refusal:
        return _refused(request, row, edition, typed, refusal)
    messages.success(request, _("已暂存。可以先收别的件，再从“窗口收件”回来。"))
    return redirect(f"{reverse('desk:counter_item', args=[row.item_code])}?draft={draft.uid}")


def _keep(request: ActingRequest, row: catalogue.Item, edition: Edition, typed: Typed) -> applications.Application:
    at = timezone.now()
    laid = typed.laid(edition, request.FILES, at)
    return take_in.keep(row, typed.uid, typed.who, laid, by=request.acting, at=at)


def _take_in(request: ActingRequest, row: catalogue.Item, edition: Edition, typed: Typed, then: Then) -> HttpResponse:
    lines = defects.defects(typed.lines) if then is Then.SUPPLEMENT else []
    try:
        # The draft is kept even if taking it in is refused: the page may be closed and found again.
        draft = _keep(request, row, edition, typed)
        with transaction.atomic():
            case = take_in.take_in(
                draft, then, defects=lines, opinion=typed.opinion,
                paper_mandate=bool(typed.paper_mandate and draft.agent_name and draft.mandate_id is None),
                by=request.acting, at=timezone.now(),
            )  # fmt: skip
    except Refusal as refusal:
        if refusal.code is RefusalCode.APPLICATION_CLOSED and refusal.facts.get("case_no"):
            return redirect("desk:received", number=str(refusal.facts["case_no"]))
        return _refused(request, row, edition, typed, refusal, noticing=then is Then.SUPPLEMENT)
    return redirect("desk:received", number=case.number)


def _refused(
    request: ActingRequest,
    row: catalogue.Item,
    edition: Edition,
    typed: Typed,
    refusal: Refusal,
    *,
    noticing: bool = False,
) -> HttpResponse:
    errors: dict[str, Any] = {}
    top: Any = ""
    if refusal.code is RefusalCode.APPLICATION_INCOMPLETE:
        draft = applications.application_for(request.acting, typed.uid)
        lacking = applications.wanting(draft, on=timezone.localdate())
        errors = {name: sentence_html(one) for name, one in lacking.items()}
    elif refusal.code in BESIDE:
        errors[BESIDE[refusal.code]] = sentence_html(refusal)
    elif refusal.code is RefusalCode.TEXT_REQUIRED and refusal.facts.get("field") in ("name", "id_number"):
        name = "id_number" if refusal.facts["field"] == "id_number" else f"{typed.kind}_name"
        errors[name] = sentence_html(refusal)
    else:
        top = sentence_html(refusal)
    return _page(
        request, row, edition, typed, errors=errors, top=top, noticing=noticing, status=status_of(refusal.code)
    )


def _lines(typed: Typed, edition: Edition) -> list[defects.DefectRow]:
    """Written already for each material that must come and did not; the clerk changes what is otherwise."""
    asked = applications.materials_asked(edition, typed.answers, typed.situation)
    here = {code for code, tick in typed.ticks.items() if tick.on}
    missing = [m.code for m in asked if applications.must_upload(m, edition) and m.code not in here]
    return defects.rows(asked, missing)


# --- received ---


@require_GET
@desk(Ability.TAKE_IN)
def received(request: ActingRequest, number: str) -> HttpResponse:
    """What happened, what to print, what comes next."""
    case = cases.case_for(request.acting, number)
    context = {
        "case": case,
        "state": words.word(words.STATES, case.state),
        "papers": [(paper, *paper_name(paper.form)) for paper in cases.papers(case)],
        "open_to_accept": case.state == "SUBMITTED",
    }
    return render(request, "desk/received.html", context)
