"""Check your answers: everything once more, all that is missing as links, then one press."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.applications import queries
from zhengtong.flows.submit import submit
from zhengtong.rules.edition import Edition
from zhengtong.rules.forms import pruned, summary
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.fields import control_id
from zhengtong.web.frame.language import either
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal import words
from zhengtong.web.portal.apply import drafting
from zhengtong.web.portal.apply.delivery import asked_elsewhere, reaching
from zhengtong.web.portal.apply.materials import asked
from zhengtong.web.portal.apply.steps import CHECK, DELIVERY, SITUATIONS, asked_sections, before, place, step_of, steps
from zhengtong.web.portal.apply.values import said


@dataclass(frozen=True, slots=True)
class Lacking:
    url: str
    label: Any
    sentence: Any


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActingRequest, uid: UUID) -> HttpResponse:
    application, edition = drafting.opened(request, uid)
    if (there := drafting.gone(application)) is not None and request.method != "POST":
        return there
    error: Any = ""
    if request.method == "POST":
        if application.state == "draft" and _lacking(application, edition):
            error = _("请先补齐上面列出的几处，再提交。")
        elif request.POST.get("truthful") != "yes" and application.state == "draft":
            error = _("请先勾选承诺，再提交。")
        else:
            try:
                case = submit(
                    application,
                    seen=drafting.seen_version(request, application),
                    by=request.acting,
                    at=timezone.now(),
                )
            except Refusal as refusal:
                application = drafting.refresh(application, request)
                if (there := drafting.gone(application)) is not None:
                    return there  # the other of two presses was quicker: it is the same case
                error = sentence_html(refusal)
                if refusal.code not in (RefusalCode.APPLICATION_INCOMPLETE, RefusalCode.APPLICATION_STALE):
                    raise
            else:
                return redirect("portal:submitted", case.number)
    lacking = _lacking(application, edition)
    made = steps(edition, application)
    number, total = place(made, CHECK)
    context = {
        "application": application,
        "edition": edition,
        "lacking": lacking,
        "situations": _situations(application, edition),
        "parts": _parts(application, edition),
        "materials": asked(application, edition, {}),
        "delivery": words.word(words.DELIVERY, application.delivery),
        "delivery_asked": not asked_elsewhere(edition),
        "previous": before(made, CHECK),
        "number": number,
        "total": total,
        "error": error,
        "urls": {"situations": _url(application, SITUATIONS), "delivery": _url(application, DELIVERY)},
    }
    return render(request, "portal/apply/check.html", context, status=422 if error else 200)


def _lacking(application: Any, edition: Edition) -> list[Lacking]:
    names = {
        f"{section.code}.{field.code}": either(field.label, field.label_en) for section, field in edition.form.fields()
    }
    titles = {section.code: either(section.title, section.title_en) for section in edition.form.sections}
    questions = {f"situation.{s.code}": either(s.question, s.question_en) for s in edition.situations}
    materials = {f"material.{m.code}": either(m.name, m.name_en) for m in edition.materials}
    urls = {step.code: step.url for step in steps(edition, application)}
    found = []
    for name, refusal in queries.wanting(application, on=timezone.localdate()).items():
        section, _dot, rest = name.partition(".")
        field = rest.partition(".")[2]
        label: Any = questions.get(name) or materials.get(name) or names.get(f"{section}.{field}")
        anchor = f"material-{rest}" if name in materials else control_id(name)
        found.append(
            Lacking(f"{urls.get(step_of(name), '')}#{anchor}", label or titles[section], sentence_html(refusal))
        )
    form = reaching(application, edition)
    found += [
        Lacking(f"{urls[DELIVERY]}#id_{name}", form.fields[name].label, sentences[0])
        for name, sentences in form.errors.items()
        if sentences
    ]
    return found


def _situations(application: Any, edition: Edition) -> list[tuple[Any, Any]]:
    rows = []
    for one in edition.situations:
        option = next((o for o in one.options if o.value == application.situation.get(one.code)), None)
        rows.append((either(one.question, one.question_en), either(option.label, option.label_en) if option else ""))
    return rows


def _parts(application: Any, edition: Edition) -> list[dict[str, Any]]:
    """Asked sections with their rows of (label, answer)."""
    answers = pruned(edition.form, application.answers, application.situation)
    parts: dict[str, dict[str, Any]] = {
        section.code: {
            "title": either(section.title, section.title_en),
            "url": reverse("portal:section", args=[application.uid, section.code]),
            "repeated": section.repeat is not None,
            "rows": {},
        }
        for section in asked_sections(edition, application)
    }
    for one, value in summary(edition.form, answers, application.situation):
        if one.field.type != "statement" and one.section.code in parts:
            rows = parts[one.section.code]["rows"]
            rows.setdefault(one.row, []).append((either(one.field.label, one.field.label_en), said(one.field, value)))
    return [{**part, "rows": list(part["rows"].values())} for part in parts.values()]


def _url(application: Any, page: str) -> str:
    return reverse(f"portal:{page}", args=[application.uid])
