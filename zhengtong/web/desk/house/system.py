"""Numbers of the law, what leaves the house, whether the journal holds, and which files are let in."""

import json
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.base.parameters import actions as parameter_actions
from zhengtong.base.parameters import queries as parameter_queries
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.file_kinds import KINDS, MOST_NESTING, MOST_PARTS, MOST_PIXELS, MOST_UNPACKED
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import day_field
from zhengtong.web.desk.house.words import ACTS, word
from zhengtong.web.frame.refusals import refused_on

KEEP, READ = Ability.KEEP_SYSTEM, Ability.SEE_ALL
PAGE = 50
MOST_ENTRIES = 500


# --- numbers of the law -----------------------------------------------------------------------------------------


@desk(KEEP, READ, Ability.READ_REPORTS)
@require_safe
def parameters(request: ActingRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = parameter_queries.parameters()
    in_force = {
        row.key: row
        for row in rows
        if row.effective_from <= today and (not row.effective_to or today <= row.effective_to)
    }
    later = {row.key: row for row in rows if row.effective_from > today}
    keys = list(dict.fromkeys(row.key for row in rows))
    context = {
        "rows": [(key, in_force.get(key), later.get(key)) for key in keys],
        "keeps": request.acting.can(KEEP),
    }
    return render(request, "desk/house/parameters.html", context)


class Value(forms.Form):
    value = forms.CharField(label=gettext_lazy("新的数值"), max_length=200, widget=forms.TextInput({"class": "short"}))
    effective_from = day_field(gettext_lazy("从哪天起"))
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("写明法律、文件的名称、文号和条款。")
    )


@desk(KEEP, READ, Ability.READ_REPORTS)
@require_http_methods(["GET", "POST"])
def parameter(request: ActingRequest, key: str) -> HttpResponse:
    """All values of one number, of all times; a later one is added, none is rewritten."""
    rows = [row for row in parameter_queries.parameters() if row.key == key]
    if not rows:
        raise Refusal(RefusalCode.PARAMETER_UNKNOWN, key=key)
    form = Value(request.POST or None)
    if request.method == "POST":
        request.acting.check(KEEP)
    if form.is_valid():
        asked = form.cleaned_data
        fields = {
            RefusalCode.PARAMETER_BACKDATED: "effective_from",
            RefusalCode.PARAMETER_VALUE: "value",
            RefusalCode.TEXT_REQUIRED: "source",
        }
        with refused_on(form, fields):
            parameter_actions.set_value(
                key,
                _typed(asked["value"], rows[0].value),
                effective_from=asked["effective_from"],
                source=asked["source"],
                at=timezone.localtime(),
            )
    if form.is_valid():
        messages.success(request, _("已登记，到生效日自动启用。"))
        return redirect("desk:parameter", key)
    context = {"key": key, "rows": rows, "form": form, "keeps": request.acting.can(KEEP), "today": timezone.localdate()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/house/parameter.html", context, status=status)


def _typed(text: str, known: Any) -> Any:
    """The value in the kind of the present one; text that is none stays text, for the action to refuse."""
    text = text.strip()
    if isinstance(known, int) and not isinstance(known, bool):
        value = reading.number(text)
        return text if value is None else value
    if isinstance(known, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


# --- whether the journal holds ----------------------------------------------------------------------------------


def _case(request: ActingRequest, key: str) -> Any:
    return cases.case_for(request.acting, key)


def _item(request: ActingRequest, key: str) -> Any:
    return catalogue.item_for(key)


def _officer(request: ActingRequest, key: str) -> Any:
    return registry.officer_for(key)


SUBJECTS = {"case": _case, "item": _item, "officer": _officer}


@desk(KEEP, READ)
@require_safe
def journal(request: ActingRequest) -> HttpResponse:
    """Reads one subject's chain and holds it against its row. Facts are shown without personal data: there is none."""
    kind, key = request.GET.get("kind", "case"), reading.key(request, "key")
    kind = kind if kind in SUBJECTS else "case"
    context: dict[str, Any] = {"kind": kind, "key": key}
    status = HTTPStatus.OK
    if key:
        try:
            subject = SUBJECTS[kind](request, key)
        except Refusal:
            context["missing"], status = True, HTTPStatus.NOT_FOUND
        else:
            entries = list(entries_of(kind, subject.journal_key))
            shown = entries[-MOST_ENTRIES:][::-1]
            context |= {
                "faults": check_subject(subject, entries),
                "count": len(entries),
                "head": subject.journal_head,
                "checked_at": timezone.now(),
                "entries": [(entry, word(ACTS, entry.kind), _shown(facts_of(entry))) for entry in shown],
            }
    return render(request, "desk/house/journal.html", context, status=status)


HIDDEN = {"phone", "id_number", "address", "contact_phone", "email"}


def _shown(facts: dict[str, Any]) -> str:
    kept = {name: "***" if name in HIDDEN else value for name, value in facts.items()}
    return json.dumps(kept, ensure_ascii=False, indent=1)[:4000] if kept else ""


@desk(KEEP, READ, Ability.TAKE_IN, Ability.HANDLE)
@require_safe
def file_types(request: ActingRequest) -> HttpResponse:
    context = {
        "kinds": KINDS,
        "most_megabytes": parameter_queries.value("upload.bytes", timezone.localdate()) // 1024 // 1024,
        "pixels": MOST_PIXELS // 1_000_000,
        "unpacked": MOST_UNPACKED // 1024 // 1024,
        "parts": MOST_PARTS,
        "nesting": MOST_NESTING,
    }
    return render(request, "desk/house/file_types.html", context)
