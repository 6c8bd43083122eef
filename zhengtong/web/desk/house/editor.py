"""Editing a draft, a page of elements at a time; and the whole document as JSON for who prefers it."""

import copy
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtong.domains.catalogue import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.exchange.item_words import place, problem_sentence
from zhengtong.rules import item_document, linter
from zhengtong.rules.item_document import ItemDocument, Problem
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.differences import field_names
from zhengtong.web.desk.house.document_form import (
    Layout,
    control_name,
    controls,
    moved,
    typed,
)
from zhengtong.web.desk.house.items import CHECK, EDIT
from zhengtong.web.desk.house.json_lines import line_of, lines_of
from zhengtong.web.desk.house.parts import BY_KEY, following, page_of
from zhengtong.web.desk.house.versions import context_of, found_in_words
from zhengtong.web.desk.house.words import TESTS, choices
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

MOST_JSON = 2_000_000  # characters; the largest item of a province is a tenth of it
SECTION_FIELDS = "form.sections.fields"
ROW_ACTS = ("add", "remove", "up", "down")
FIXED = frozenset({"item_code"})


def _elements(document: ItemDocument, part: str) -> tuple[str, ...]:
    """The controls of a page; Http404 for a page there is not."""
    if part in BY_KEY:
        return BY_KEY[part].elements
    key, _dash, number = part.partition("-")
    index = reading.number(number)
    if key != "form" or index is None or index >= len(document["form"]["sections"]):
        raise Http404
    return (f"form.sections.{index}.fields",)


@desk(EDIT, CHECK)
@require_http_methods(["GET", "POST"])
def edit(request: ActingRequest, code: str, number: int, part: str) -> HttpResponse:
    version = queries.version_numbered(code, number)
    if not context_of(request, version)["editable"]:
        return redirect("desk:item_version", code, number)
    document = copy.deepcopy(queries.document(version.pk))
    if request.method == "POST":
        return _post(request, version, document, part)
    return _page(request, version, document, part)


def _post(request: ActingRequest, version: Any, document: ItemDocument, part: str) -> HttpResponse:
    part = _section_again(document, part, request.POST.get("section", ""))
    elements = _elements(document, part)
    draft = _with_typed(request, document, part, elements)
    act, _colon, name = request.POST.get("do", "save").partition(":")
    if act in ROW_ACTS:
        focus = moved(draft, act, name) if name.startswith(tuple(elements)) else ""
        return _page(request, version, draft, part, focus=focus, unsaved=True)
    problems = item_document.problems(draft)
    if problems:
        return _page(request, version, draft, part, problems=problems, unsaved=True)
    try:
        actions.edit_draft(version.pk, draft, by=request.acting, at=timezone.now(), seen=reading.seen(request))
    except Refusal as refusal:
        if refusal.code is not RefusalCode.ITEM_NOTHING_CHANGED:
            fresh = queries.version_numbered(version.item.item_code, version.number)
            return _page(request, fresh, draft, part, refusal=refusal, unsaved=True)
        messages.info(request, _("内容没有变化，不用保存。"))
    else:
        messages.success(request, _("已保存。"))
    to = following(part) if act == "next" else None
    return redirect("desk:item_edit", version.item.item_code, version.number, to.key if to else part)


def _section_again(document: ItemDocument, part: str, code: str) -> str:
    """A section's page is known by its number; when somebody moved the sections meanwhile, by its code."""
    if part.startswith("form-") and code:
        for index, section in enumerate(document["form"]["sections"]):
            if section["code"] == code:
                return f"form-{index}"
    return part


def _with_typed(request: ActingRequest, document: ItemDocument, part: str, elements: Sequence[str]) -> ItemDocument:
    """The stored document with what this page sent in its place. Other pages' elements stay as they are stored."""
    draft = copy.deepcopy(document)
    sent = typed(request.POST, elements, document)
    if part.startswith("form-"):
        draft["form"]["sections"][int(part.removeprefix("form-"))]["fields"] = sent[elements[0]]
        return draft
    for element, value in sent.items():
        if element not in FIXED:
            draft[element] = value
    if part == "form":
        _carry_fields(request, document, draft)
    return draft


def _carry_fields(request: ActingRequest, document: ItemDocument, draft: ItemDocument) -> None:
    """The page of sections does not show their fields: each section keeps those it had under its former code."""
    stored = {section["code"]: section["fields"] for section in document["form"]["sections"]}
    numbers = sorted(
        int(key.split(".")[2])
        for key in request.POST
        if key.startswith("form.sections.") and key.endswith(".row") and key.split(".")[2].isdecimal()
    )
    for section, number in zip(draft["form"]["sections"], numbers, strict=False):
        was = request.POST.get(f"form.sections.{number}.was", "")
        section["fields"] = copy.deepcopy(stored.get(was, []))


def _page(
    request: ActingRequest,
    version: Any,
    document: ItemDocument,
    part: str,
    *,
    problems: Sequence[Problem] = (),
    refusal: Refusal | None = None,
    focus: str = "",
    unsaved: bool = False,
) -> HttpResponse:
    elements = _elements(document, part)
    if refusal is not None and refusal.code is RefusalCode.ITEM_DOCUMENT_INVALID:
        problems = refusal.facts["problems"]  # type: ignore[assignment]  # facts are object; this code carries problems
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(control_name(problem.path), []).append(problem_sentence(problem))
    here = tuple(elements)
    findings = [] if unsaved else linter.lint(document, on=timezone.localdate())
    marked = frozenset(control_name(one.path) for one in findings)
    shown = controls(elements, document, _layout(version, errors, focus, part, marked))
    context = context_of(request, version) | {
        "part": part,
        "title": _title(document, part),
        "controls": shown,
        "summary": [
            (control_name(p.path) if page_of(p.path) == part else "", f"{place(p.path)}：{problem_sentence(p)}")
            for p in problems
        ],
        "refused": sentence_html(refusal) if refusal else "",
        "stale": refusal is not None and refusal.code is RefusalCode.STALE,
        "unsaved": unsaved,
        "following": following(part),
        "tests": choices(TESTS),
        "names": list(field_names(document).items()) if _has_conditions(here) else [],
        "section": document["form"]["sections"][int(part[5:])]["code"] if part.startswith("form-") else "",
        "notes": _notes(version, findings, part),
    }
    status = HTTPStatus.OK
    if refusal is not None:
        status = HTTPStatus(status_of(refusal.code))
    elif problems:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "desk/house/edit.html", context, status=status)


def _layout(version: Any, errors: dict[str, list[str]], focus: str, part: str, marked: frozenset[str]) -> Layout:
    organs = [(organ.code, organ.name) for organ in registry.organs()] if part == "basics" else []
    links = {}
    if part == "form":
        links = {
            f"form.sections.{n}": f"form-{n}" for n in range(len(queries.document(version.pk)["form"]["sections"]))
        }
    return Layout(
        errors=errors,
        organs=organs,
        fixed=FIXED,
        focus=focus,
        leave_out=frozenset() if part.startswith("form-") else frozenset({SECTION_FIELDS}),
        row_links=links,
        marked=marked,
    )


def _has_conditions(elements: Sequence[str]) -> bool:
    return any(element.startswith(("materials", "form")) for element in elements)


def _title(document: ItemDocument, part: str) -> str:
    if part in BY_KEY:
        return str(BY_KEY[part].title)
    return str(document["form"]["sections"][int(part[5:])]["title"])


def _notes(version: Any, findings: list[linter.Finding], part: str) -> list[dict[str, Any]]:
    """What the rules say of this page's elements, each with a link to its control."""
    rows = found_in_words(findings, version.item.item_code, version.number, linked=True)
    return [row for row in rows if row["page"] == part]


# --- the whole as JSON ------------------------------------------------------------------------------------------


@desk(EDIT, CHECK)
@require_http_methods(["GET", "POST"])
def raw(request: ActingRequest, code: str, number: int) -> HttpResponse:
    version = queries.version_numbered(code, number)
    context = context_of(request, version)
    text = json.dumps(queries.document(version.pk), ensure_ascii=False, indent=2)
    faults: list[tuple[int, str, str]] = []
    refused, status = "", HTTPStatus.OK
    if request.method == "POST" and context["editable"]:
        text = request.POST.get("json", "").replace("\r\n", "\n")
        try:
            faults, document = _judged(text)
            if not faults:
                actions.edit_draft(
                    version.pk, document, by=request.acting, at=timezone.now(), seen=reading.seen(request)
                )
                messages.success(request, _("已保存。"))
                return redirect("desk:item_json", code, number)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except Refusal as refusal:
            refused, status = sentence_html(refusal), HTTPStatus(status_of(refusal.code))
            context |= context_of(request, queries.version_numbered(code, number))
    shown = {"text": text, "faults": faults, "refused": refused, "rows": min(40, text.count("\n") + 2)}
    return render(request, "desk/house/json.html", context | shown, status=status)


def _judged(text: str) -> tuple[list[tuple[int, str, str]], Any]:
    """(line, place, sentence) of every fault, and the document if there is none."""
    if len(text) > MOST_JSON:
        return [(1, "", problem_sentence(Problem("", "file_too_large", {"most": MOST_JSON // 1_000_000})))], None
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        facts = {"line": error.lineno, "column": error.colno}
        return [(error.lineno, "", problem_sentence(Problem("", "bad_json", facts)))], None
    except (RecursionError, ValueError):
        return [(1, "", problem_sentence(Problem("", "not_group", {})))], None
    lines = lines_of(text)
    found = item_document.problems(document)
    faults = [(line_of(p.path, lines), place(p.path) if p.path else "", problem_sentence(p)) for p in found]
    return sorted(faults), document
