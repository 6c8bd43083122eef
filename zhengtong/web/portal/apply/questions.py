"""The questions of an application, one section a page. What was typed is always kept, right or wrong."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.registry.queries import places
from zhengtong.rules.edition import Edition
from zhengtong.rules.form_shape import Section
from zhengtong.rules.forms import answers_from_post, flat_name, missing, read, visible_fields
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.kinds import AnswerKind, answer_kind
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.apply import drafting, prefill
from zhengtong.web.portal.apply.asking import Question, deciding, rows_shown
from zhengtong.web.portal.apply.steps import SITUATIONS, after, asked_sections, before, place, steps

PLACED = {"region", "address"}


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def situations(request: ActingRequest, uid: UUID) -> HttpResponse:
    """The guided questions that narrow form and materials; without them nothing else is asked."""
    application, edition = drafting.opened(request, uid)
    if (there := drafting.gone(application)) is not None:
        return there
    if not edition.situations:
        return redirect(steps(edition, application)[0].url)
    values, errors = dict(application.situation), {}
    if request.method == "POST":
        values = {
            one.code: given
            for one in edition.situations
            if (given := request.POST.get(f"situation.{one.code}", "")) in {option.value for option in one.options}
        }
        try:
            at = drafting.save(request, application, situation=values)
        except Refusal as refusal:
            if drafting.is_autosave(request) or refusal.code is not RefusalCode.APPLICATION_STALE:
                raise
            application, errors = drafting.refresh(application, request), {"": sentence_html(refusal)}
        else:
            if drafting.is_autosave(request):
                return drafting.saved(application, at)
            errors = {
                f"situation.{one.code}": sentence_html(Refusal(RefusalCode.TEXT_REQUIRED, field=one.code))
                for one in edition.situations
                if one.code not in values
            }
            if request.POST.get("do") == "leave":
                return redirect("portal:my_cases")
            if not errors:
                return redirect(after(steps(edition, application), SITUATIONS).url)
    asked = [(one, values.get(one.code, ""), errors.get(f"situation.{one.code}", "")) for one in edition.situations]
    context = _page(application, edition, SITUATIONS) | {"asked": asked, "errors": errors}
    return render(request, "portal/apply/situations.html", context, status=422 if errors else 200)


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: ActingRequest, uid: UUID, section: str) -> HttpResponse:
    application, edition = drafting.opened(request, uid)
    if (there := drafting.gone(application)) is not None:
        return there
    shape = edition.form.section(section)
    if shape is None:
        raise Http404
    if shape not in asked_sections(edition, application):
        return redirect("portal:draft", uid)  # an answer before it has changed since: it is not asked any more
    if request.method == "POST":
        return _answered(request, application, edition, shape)
    rows = application.answers.get(section) or [prefill.known(shape, application)]
    return _asked(request, application, edition, shape, rows, {})


def _answered(request: ActingRequest, application: Any, edition: Edition, shape: Section) -> HttpResponse:
    rows = answers_from_post(edition.form, dict(request.POST.lists()))[shape.code]
    do = request.POST.get("do", "")
    rows = _changed_rows(shape, rows, do)
    answers = {**application.answers, shape.code: rows}
    piece = answer_kind(request) is AnswerKind.FRAGMENT
    try:
        at = drafting.save(request, application, answers=answers, **_told_by(shape, rows, edition))
    except Refusal as refusal:
        if refusal.code is not RefusalCode.APPLICATION_STALE or drafting.is_autosave(request) or piece:
            raise
        application = drafting.refresh(application, request)
        return _asked(request, application, edition, shape, rows, {"": refusal})
    if drafting.is_autosave(request):
        return drafting.saved(application, at)
    if do == "leave":
        return redirect("portal:my_cases")
    if piece or do == "add" or do.startswith("remove."):
        return _asked(request, application, edition, shape, rows, {}, piece=piece)
    refusals = _judged(application, edition, shape)
    if refusals and do != "later":
        return _asked(request, application, edition, shape, rows, refusals)
    return redirect(after(steps(edition, application), shape.code).url)


def _changed_rows(shape: Section, rows: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    if shape.repeat is None:
        return rows
    if do == "add" and len(rows) < shape.repeat.max:
        return [*rows, {}]
    if do.startswith("remove."):
        return [row for at, row in enumerate(rows) if str(at) != do.removeprefix("remove.")]
    return rows


def _told_by(shape: Section, rows: list[dict[str, Any]], edition: Edition) -> dict[str, str]:
    """Some forms ask themselves how the result is to be delivered; it is not asked a second time."""
    field = shape.field("delivery")
    row = rows[0] if rows else {}
    if shape.repeat is not None or field is None or row.get("delivery") not in edition.delivery:
        return {}
    return {"delivery": str(row["delivery"]), "delivery_address": str(row.get("post_address") or "")[:300]}


def _judged(application: Any, edition: Edition, shape: Section) -> dict[str, Refusal]:
    today = timezone.localdate()
    reading = read(edition.form, application.answers, application.situation, on=today, sections=[shape.code])
    lacking = missing(edition.form, reading.answers, application.situation, sections=[shape.code])
    return {**{name: refusal for name, refusal in lacking.items() if name not in reading.refusals}, **reading.refusals}


def _asked(
    request: ActingRequest,
    application: Any,
    edition: Edition,
    shape: Section,
    rows: list[dict[str, Any]],
    refusals: dict[str, Refusal],
    *,
    piece: bool = False,
) -> HttpResponse:
    shown = rows_shown(shape, rows)
    asked = {
        one.name
        for one in visible_fields(edition.form, {**application.answers, shape.code: shown}, application.situation)
        if one.section.code == shape.code
    }
    errors = {name: sentence_html(refusal) for name, refusal in refusals.items()}
    known = prefill.known(shape, application)
    decide = deciding(edition.form, shape)
    questions = [
        [
            Question.of(field, flat_name(shape.code, number, field.code), row, errors, known, decide)
            for field in shape.fields
            if flat_name(shape.code, number, field.code) in asked
        ]
        for number, row in enumerate(shown)
    ]
    context = _page(application, edition, shape.code) | {
        "section": shape,
        "questions": questions,
        "errors": _in_order(errors, questions, shape),
        "rows_error": errors.get(shape.code, ""),
        "can_add": shape.repeat is not None and len(shown) < shape.repeat.max,
        "regions": places() if PLACED & {field.type for field in shape.fields} else [],
    }
    if piece:
        return render(request, "portal/apply/questions.html", context)
    return render(request, "portal/apply/section.html", context, status=422 if errors else 200)


def _in_order(errors: dict[str, Any], questions: list[list[Question]], shape: Section) -> list[tuple[str, Any]]:
    names = ["", *(one.name for row in questions for one in row), shape.code]
    place_of = {name: at for at, name in enumerate(names)}
    return sorted(errors.items(), key=lambda pair: place_of.get(pair[0], len(names)))


def _page(application: Any, edition: Edition, code: str) -> dict[str, Any]:
    made = steps(edition, application)
    number, total = place(made, code)
    return {
        "application": application,
        "edition": edition,
        "previous": before(made, code),
        "number": number,
        "total": total,
        "page_key": drafting.page_key(),
    }
