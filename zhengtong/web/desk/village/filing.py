"""代为申请: a village clerk files for a villager. The page is the counter's; beside it stand mandate and consent."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtong.base.files.store import store
from zhengtong.domains.applications import queries as applications
from zhengtong.domains.appointments import agencies
from zhengtong.domains.appointments.actions.filing import Mandate
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import agency_filed
from zhengtong.rules.edition import Edition
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import words
from zhengtong.web.desk.counter import BESIDE, DELIVERY, DELIVERY_WORDS, known_of, material_rows, told_at_once
from zhengtong.web.desk.counter_form import Typed, from_draft, from_post, parts, with_rows
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.fields import ID_KIND_WORDS
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

USUAL = timedelta(days=90)  # offered for a mandate; the paper decides
AT_MANDATE = {
    RefusalCode.FILING_NO_CONSENT: "consent",
    RefusalCode.FILE_NOT_CHOSEN: "scan",
    RefusalCode.FILING_MANDATE_ENDED: "until",
}


@desk(Ability.FILE_FOR_OTHERS)
@require_http_methods(["GET", "POST"])
def item(request: ActingRequest, item_code: str) -> HttpResponse:
    row = catalogue.published_item(item_code)
    agency_filed.check_level(row)
    edition = catalogue.edition(row.current_version_id or 0)
    if request.method == "GET":
        return _page(request, row, edition, _opened(request, edition))
    typed = from_post(request, edition)
    typed.kind = "person"
    draft = applications.counter_draft(request.acting, typed.uid)
    if draft is not None and draft.case_no:
        return redirect("desk:filing", str(typed.uid))
    if draft is not None:
        edition = catalogue.edition(draft.item_version_id)
    do = request.POST.get("do", "look")
    if do in ("save", "file"):
        return _kept(request, row, edition, typed, send=do == "file")
    with_rows(typed.answers, edition.form, do.removeprefix("add:") if do.startswith("add:") else "")
    return _page(request, row, edition, typed, errors=told_at_once(typed))


def _opened(request: ActingRequest, edition: Edition) -> Typed:
    """A draft one comes back to, if it is this clerk's own and not yet sent; else an empty page."""
    typed = from_post(request, edition)
    kept = request.GET.get("draft", "")
    filing = agencies.own_filing(request.acting, kept[:36]) if kept and "\x00" not in kept else None
    draft = applications.counter_draft(request.acting, UUID(filing.key)) if filing else None
    if draft is not None and not draft.case_no:
        typed = from_draft(draft, edition)
    typed.kind = "person"
    return typed


def _kept(request: ActingRequest, row: Any, edition: Edition, typed: Typed, *, send: bool) -> HttpResponse:
    """The mandate and the draft are kept even if sending is refused: nothing that was typed or scanned is lost."""
    by, at = request.acting, timezone.now()
    try:
        laid = typed.laid(edition, request.FILES, at)
        kept = agency_filed.keep_filing(row, typed.uid, typed.who, laid, mandate_of(request, at), by=by, at=at)
        if not send:
            messages.success(request, _("已暂存。可以从“代办”里接着办。"))
            return redirect(f"{reverse('desk:village_item', args=[row.item_code])}?draft={typed.uid}")
        case = agency_filed.file_for(kept, by=by, at=at)
    except Refusal as refusal:
        return _refused(request, row, edition, typed, refusal)
    messages.success(request, _("已代为提交，办件编号 %(number)s。请把收件凭证交给本人。") % {"number": case.number})
    return redirect("desk:filing", str(typed.uid))


def mandate_of(request: ActingRequest, at: Any) -> Mandate:
    upload = request.FILES.get("scan")
    scan = store(upload, upload.name or "", at=at) if upload is not None else None
    until = reading.day(request.POST.get("until")) or timezone.localdate()
    return Mandate(scan, upload.name or "" if upload is not None else "", until, request.POST.get("consent") == "1")


def _refused(request: ActingRequest, row: Any, edition: Edition, typed: Typed, refusal: Refusal) -> HttpResponse:
    errors: dict[str, Any] = {}
    top: Any = ""
    beside = {**BESIDE, **AT_MANDATE}
    if refusal.code is RefusalCode.APPLICATION_INCOMPLETE:
        draft = applications.counter_draft(request.acting, typed.uid)
        lacking = applications.wanting(draft, on=timezone.localdate()) if draft is not None else {}
        errors = {name: sentence_html(one) for name, one in lacking.items()}
    elif refusal.code in beside:
        errors[beside[refusal.code]] = sentence_html(refusal)
    elif refusal.code is RefusalCode.TEXT_REQUIRED and refusal.facts.get("field") in ("name", "id_number"):
        errors["id_number" if refusal.facts["field"] == "id_number" else "person_name"] = sentence_html(refusal)
    else:
        top = sentence_html(refusal)
    return _page(request, row, edition, typed, errors=errors, top=top, status=status_of(refusal.code))


def _page(
    request: ActingRequest,
    row: Any,
    edition: Edition,
    typed: Typed,
    *,
    errors: dict[str, Any] | None = None,
    top: Any = "",
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    known = known_of(typed)
    filing = agencies.own_filing(request.acting, str(typed.uid))
    ended = filing is not None and filing.until < timezone.localdate()
    context = {
        "item": row,
        "edition": edition,
        "typed": typed,
        "comer": typed.comer,
        "errors": errors,
        "pairs": [*([("", top)] if top else []), *errors.items()],
        "known": known,
        "parts": parts(typed, edition, errors, known),
        "situations": [
            (s, typed.situation.get(s.code, ""), errors.get(f"situation.{s.code}", "")) for s in edition.situations
        ],
        "materials": material_rows(typed, edition, errors),
        "id_kinds": ID_KIND_WORDS.items(),
        "modes": [(code, label) for code, label in words.RECEIVED_AS.items() if code != "9"],
        "deliveries": [(code, DELIVERY_WORDS[code]) for code in DELIVERY if code in edition.delivery]
        or [("pickup", DELIVERY_WORDS["pickup"])],
        "regions": registry.places(),
        "filing": filing,
        "ended": ended,
        "until": request.POST.get("until", "") or (timezone.localdate() + USUAL).isoformat(),
        "consent": request.POST.get("consent") == "1" or (filing is not None and not ended),
    }
    return render(request, "desk/village/item.html", context, status=status)
