"""Score tables: read, edited line by line with every fault beside its field, tried on last month, put in force by another;
and the peer groups."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import tables
from zhengtong.domains.performance.preview import preview
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.scoring_months import month_from, month_of
from zhengtong.rules.scoring_quantities import DEFINITIONS, Sort, Subject
from zhengtong.rules.scoring_tables import MOST_INDICATORS, MOST_PARTS, problems
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.language import typed_in_chinese
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.watch import score_words as words
from zhengtong.web.watch.score_lines import named
from zhengtong.web.watch.scores import KEEP, PUBLISH, READ, SEE

READERS = (SEE, READ, PUBLISH, KEEP)


@desk(*READERS)
@require_safe
def score_tables(request: ActingRequest) -> HttpResponse:
    rows = [(table, queries.versions(table)) for table in queries.tables()]
    context = {
        "rows": [(table, words.word(words.SUBJECTS, table.subject), found) for table, found in rows],
        "keeps": request.acting.can(KEEP),
        "groups": queries.peer_groups(),
    }
    return render(request, "watch/score_tables.html", context)


# --- one version -----------------------------------------------------------------------------------------------------


@desk(*READERS)
@require_safe
def score_table(request: ActingRequest, code: str, number: int) -> HttpResponse:
    version = queries.version_for(code, number)
    document = version.document
    today = timezone.localdate()
    context = {
        "version": version,
        "document": document,
        "parts": [(named(part), part, [_told(one) for one in part["indicators"]]) for part in document["parts"]],
        "bonus": [_told(one) for one in document["bonus"]["indicators"]],
        "editable": request.acting.can(KEEP) and not version.frozen,
        "approvable": request.acting.can(PUBLISH) and not version.frozen and version.edited_by_id != request.acting.id,
        "months": [month_of(today), month_of(today).moved(1), month_of(today).moved(2)],
        "vetoes": [(words.in_words(one["expression"]), one["grade"]) for one in document["vetoes"]],
    }
    return render(request, "watch/score_table.html", context)


def _told(row: dict[str, Any]) -> tuple[tuple[str, bool], dict[str, Any], str]:
    return named(row), row, "" if row.get("manual") else words.in_words(row["expression"])


@desk(PUBLISH)
@require_POST
def score_table_approve(request: ActingRequest, code: str) -> HttpResponse:
    month = month_from(request.POST.get("month", ""))
    if month is None:
        raise Refusal(RefusalCode.SCORE_TABLE_BACKDATED, month=request.POST.get("month", "")[:7] or "—")
    version = tables.approve(code, month, by=request.acting, at=timezone.now())
    messages.success(request, _("已批准，从 %(month)s 起使用。") % {"month": str(month)})
    return redirect("watch:score_table", code, version.number)


# --- the editor ------------------------------------------------------------------------------------------------------


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def score_table_edit(request: ActingRequest, code: str) -> HttpResponse:
    """One field for every place of the table; its name is the path a fault names."""
    table = queries.table_for(code)
    newest = queries.versions(table)[0]
    document = _read(request, newest.document) if request.method == "POST" else newest.document
    faults = {one.path: words.problem_words(one) for one in problems(document)} if request.method == "POST" else {}
    tried: Any = None
    if request.method == "POST" and not faults:
        if "preview" not in request.POST:
            version = tables.edit(code, document, by=request.acting, at=timezone.now())
            messages.success(request, _("已保存为第 %(number)s 版草稿，批准后才会使用。") % {"number": version.number})
            return redirect("watch:score_table", code, version.number)
        tried = preview(document, Subject(table.subject))
    context = {
        "table": table,
        "document": document,
        "parts": [_part_fields(at, part, faults) for at, part in enumerate(_with_blank(document["parts"], MOST_PARTS, _PART))],
        "bonus": _indicator_fields("bonus", document["bonus"]["indicators"], faults),
        "bonus_max": _field("bonus.max", document["bonus"]["max"], faults),
        "least": _field("least_finished", document["least_finished"], faults),
        "source": _field("source", document["source"], faults),
        "name": _field("name", document["name"], faults),
        "name_en": _field("name_en", document["name_en"], faults),
        "faults": list(faults.items()),
        "quantities": _quantities(Subject(table.subject)),
        "tried": tried,
    }  # fmt: skip
    return render(request, "watch/score_table_edit.html", context, status=422 if faults else 200)


_INDICATOR = {"code": "", "name": "", "name_en": "", "expression": "", "min": "", "max": "", "source": ""}
_PART = {"code": "", "name": "", "name_en": "", "weight": "", "source": "", "indicators": []}


def _with_blank(rows: list[Any], most: int, blank: dict[str, Any]) -> list[Any]:
    """One empty row at the end, to add by."""
    return [*rows, blank] if len(rows) < most else rows


def _field(path: str, value: object, faults: dict[str, str]) -> dict[str, Any]:
    name = path.replace("[", "-").replace("].", "-").replace(".", "-")
    return {
        "name": path,
        "id": f"id_{name}",
        "value": value,
        "error": faults.get(path, ""),
        "chinese": typed_in_chinese(value),
    }


def _indicator_fields(owner: str, rows: list[dict[str, Any]], faults: dict[str, str]) -> list[dict[str, Any]]:
    shown = []
    for at, row in enumerate(_with_blank(rows, MOST_INDICATORS, _INDICATOR)):
        path = f"{owner}.indicators[{at}]"
        fields = {
            name: _field(f"{path}.{name}", row.get(name, ""), faults)
            for name in ("code", "name", "name_en", "expression", "min", "max", "source")
        }
        shown.append({"path": path, "new": not row["code"], "manual": bool(row.get("manual")), **fields})
    return shown


def _part_fields(at: int, part: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    path = f"parts[{at}]"
    fields = {
        name: _field(f"{path}.{name}", part.get(name, ""), faults)
        for name in ("code", "name", "name_en", "weight", "source")
    }
    return {
        "path": path,
        "new": not part["code"],
        "title": named(part) if part["name"] else ("", False),
        "indicators": _indicator_fields(path, part["indicators"], faults),
        "rows_error": faults.get(f"{path}.indicators", ""),
        **fields,
    }


def _read(request: HttpRequest, base: dict[str, Any]) -> dict[str, Any]:
    """The document as it was typed. What the form does not show (grades, vetoes) stays as it was."""
    post = request.POST
    taken: set[str] = set()

    def text(path: str) -> str:
        return " ".join(post.get(path, "").replace("\x00", "").split())

    def number(path: str) -> int | str:
        typed = text(path).replace("−", "-")
        return int(typed) if typed.lstrip("-").isascii() and typed.lstrip("-").isdecimal() and len(typed) < 9 else typed

    def code(path: str, stem: str) -> str:
        typed, serial = text(f"{path}.code"), 1
        while not typed or typed in taken:
            if typed and not text(f"{path}.code"):
                serial += 1
            typed = f"{stem}_{serial}"
            serial += 1
        taken.add(typed)
        return typed

    def indicators(owner: str, stem: str) -> list[dict[str, Any]]:
        found = []
        for at in range(MOST_INDICATORS):
            path = f"{owner}.indicators[{at}]"
            manual = f"{path}.manual" in post
            typed = any(text(f"{path}.{name}") for name in ("name", "expression", "max"))
            if f"{path}.remove" in post or not typed:
                continue
            row: dict[str, Any] = {
                "code": code(path, stem),
                "name": text(f"{path}.name"),
                "name_en": text(f"{path}.name_en"),
            }
            row |= {"manual": True} if manual else {"expression": text(f"{path}.expression")}
            row |= {"min": number(f"{path}.min"), "max": number(f"{path}.max")}
            if source := text(f"{path}.source"):
                row["source"] = source
            found.append(row)
        return found  # fmt: skip

    parts = []
    for at in range(MOST_PARTS):
        path = f"parts[{at}]"
        if f"{path}.remove" in post or not (text(f"{path}.name") or text(f"{path}.weight")):
            continue
        own = code(path, "part")
        parts.append(
            {"code": own, "name": text(f"{path}.name"), "name_en": text(f"{path}.name_en"),
             "weight": number(f"{path}.weight"), "source": text(f"{path}.source"), "indicators": indicators(path, own)}
        )  # fmt: skip
    return base | {
        "name": text("name"),
        "name_en": text("name_en"),
        "source": text("source"),
        "least_finished": number("least_finished"),
        "parts": parts,
        "bonus": {"max": number("bonus.max"), "indicators": indicators("bonus", "bonus")},
    }


def _quantities(subject: Subject) -> list[tuple[str, str, bool, str]]:
    """(name, words, whether a rate, what it waits for) of everything an expression may name."""
    return [
        (one.name, words.word(words.QUANTITIES, one.name), one.sort is Sort.RATE, words.word(words.AWAITED, one.awaits) if one.awaits else "")
        for one in DEFINITIONS.values()
        if subject in one.subjects
    ]  # fmt: skip


# --- peer groups -----------------------------------------------------------------------------------------------------


class GroupForm(forms.Form):
    code = forms.RegexField(
        r"^[a-z][a-z0-9_-]{0,29}$", label=gettext_lazy("代码"), help_text=gettext_lazy("小写字母开头，以后不能改。")
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)


@desk(KEEP)
@require_http_methods(["GET", "POST"])
def peer_group(request: ActingRequest, code: str = "") -> HttpResponse:
    """Founds or changes a group: organs of similar function and volume."""
    found = queries.peer_group_for(code) if code else None
    initial = {"code": found.code, "name": found.name, "name_en": found.name_en} if found else None
    form = GroupForm(request.POST or None, initial=initial)
    if found is not None:
        del form.fields["code"]
    chosen = request.POST.getlist("organs") if request.method == "POST" else found.organ_codes if found else []
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.PEER_GROUP_EXISTS: "code"}):
            tables.keep_group(
                code or asked["code"], name=asked["name"], name_en=asked["name_en"], organ_codes=chosen,
                new=found is None, by=request.acting, at=timezone.now(),
            )  # fmt: skip
    if form.is_valid():
        messages.success(request, _("已保存。已经锁定的月份不受影响。"))
        return redirect("watch:score_tables")
    others = {c: group for group in queries.peer_groups() if group.code != code for c in group.organ_codes}
    organs = [(organ, organ.code in chosen, others.get(organ.code)) for organ in registry.organs()]
    context = {"form": form, "group": found, "organs": organs}
    return render(request, "watch/peer_group.html", context, status=422 if form.is_bound else 200)
