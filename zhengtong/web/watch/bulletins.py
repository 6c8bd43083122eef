"""督查通报: the circulars that are out, for every officer; drafting, editing, approval and publication for those whose work
it is; each as a page and as a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base.files.names import content_disposition
from zhengtong.domains.bulletins import actions, papers, queries
from zhengtong.flows.bulletin_approved import bulletin_approved
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.bulletin_published import bulletin_published
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring_months import month_from, month_of
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import charts
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.watch import bulletin_words as words
from zhengtong.web.watch.score_words import AWAITED, word

SUPERVISE, PUBLISH = Ability.SUPERVISE, Ability.PUBLISH_REPORTS
PAGE = 24


@desk()
@require_safe
def bulletins(request: ActingRequest) -> HttpResponse:
    before = month_from(reading.key(request, "before"))
    found = queries.bulletins(request.acting, before=before.since if before else None, limit=PAGE + 1)
    shown, today = found[:PAGE], timezone.localdate()
    past = month_of(today).moved(-1)
    context = {
        "rows": [(one, word(words.STATES, one.state)) for one in shown],
        "before": f"{shown[-1].month:%Y-%m}" if len(found) > PAGE else "",
        "drafts": request.acting.can(SUPERVISE),
        "months": [past.moved(-back) for back in range(6)],
    }
    return render(request, "watch/bulletins.html", context)


@desk(SUPERVISE)
@require_POST
def draft(request: ActingRequest) -> HttpResponse:
    """Takes the figures of a month; with a reason, drafts the correction of its circular."""
    month = month_from(request.POST.get("month", ""))
    if month is None:
        raise Http404
    row = bulletin_drafted(month, reason=request.POST.get("reason", ""), by=request.acting, at=timezone.now())
    messages.success(request, _("已取数起草，请逐节核对文字。"))
    return redirect("watch:bulletin", row.journal_key)


# --- one circular ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    heads: list[tuple[str, bool]]  # (title, whether of numbers)
    rows: list[list["Cell"]]


@dataclass(frozen=True, slots=True)
class Cell:
    """`zh` and `en`: a name; else `text`, with the base of a share as `base`. `label` is the column's head."""

    label: str
    text: str = ""
    base: str = ""
    zh: str = ""
    en: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    text: str
    tables: list[Table]
    charts: list[SafeString]
    waits: list[str]


@desk()
@require_safe
def bulletin(request: ActingRequest, key: str) -> HttpResponse:
    return _page(request, queries.bulletin_for(request.acting, key))


def _page(request: ActingRequest, found: Any, refusal: Refusal | None = None) -> HttpResponse:
    by = request.acting
    texts = dict(found.texts)
    if refusal and (section := request.POST.get("section", "")) in texts:
        texts[section] = request.POST.get("text", "")  # what was typed is not lost
    context = {
        "bulletin": found,
        "state": word(words.STATES, found.state),
        "sections": [_section(one, texts.get(one["code"], "")) for one in found.contents["sections"]],
        "others": queries.revisions(found, by),
        "copies": queries.copies(found) if found.state == "published" else [],
        "edits": by.can(SUPERVISE) and found.state == "draft",
        "approves": by.can(PUBLISH) and found.state == "draft" and by.officer_id not in found.editors,
        "own": by.can(PUBLISH) and found.state == "draft" and by.officer_id in found.editors,
        "publishes": by.can(PUBLISH) and found.state == "approved",
        "corrects": by.can(SUPERVISE) and found.state == "published" and not _later(found, by),
        "refusal": sentence_html(refusal) if refusal else "",
    }
    return render(request, "watch/bulletin.html", context, status=status_of(refusal.code) if refusal else 200)


def _later(found: Any, by: Any) -> bool:
    return any(other.revision > found.revision for other in queries.revisions(found, by))


def _section(one: Mapping[str, Any], text: str) -> Section:
    return Section(
        code=one["code"],
        title=word(words.SECTIONS, one["code"]),
        text=text,
        tables=[_table(table) for table in one.get("tables", ()) if table["rows"]],
        charts=[drawn for chart in one.get("charts", ()) if (drawn := _chart(chart))],
        waits=[word(AWAITED, wait) for wait in one.get("waits", ())],
    )


def _table(table: Mapping[str, Any]) -> Table:
    heads = [
        word(words.COLUMNS, f"{table['code']}.{column}" if f"{table['code']}.{column}" in words.COLUMNS else column)
        for column in table["columns"]
    ]
    rows = [
        [_cell(column, head, value) for column, head, value in zip(table["columns"], heads, row, strict=True)]
        for row in table["rows"]
    ]
    numbers = [all(row[at].number for row in rows) for at in range(len(heads))]
    return Table(word(words.TABLES, table["code"]), list(zip(heads, numbers, strict=True)), rows)


def _cell(column: str, head: str, value: Any) -> Cell:
    if isinstance(value, Mapping):
        if "zh" in value:
            return Cell(head, zh=value["zh"], en=value["en"])
        share = f"{100 * value['n'] / value['of']:.1f}%" if value["of"] else "—"
        return Cell(head, share, f"{value['n']}/{value['of']}", number=True)
    if value is None:
        return Cell(head, "—", number=True)
    if column == "change":
        return Cell(head, f"▲{value}" if value > 0 else f"▼{-value}" if value < 0 else "＝", number=True)
    if column == "kind":
        return Cell(head, word(words.KINDS, value))
    if column == "number":
        return Cell(head, zh=str(value))
    return Cell(head, str(value), number=isinstance(value, int) or column == "total")


def _chart(chart: Mapping[str, Any]) -> SafeString:
    if len(chart["rows"]) < 2:
        return SafeString("")
    named = [(row[0]["en"] if in_english() and row[0]["en"] else row[0]["zh"], row) for row in chart["rows"]]
    title = word(words.CHARTS, chart["code"])
    if chart["code"] == "in_time":
        rows = [(name, 100 * row[1] / row[2]) for name, row in named]
        return charts.bars(rows, title=title, unit="%", most=100, decimals=1)
    return charts.bars([(name, row[1]) for name, row in named], title=title)


STEPS = ("edit", "refresh", "approve", "send-back", "publish")


@desk(SUPERVISE, PUBLISH)
@require_POST
def step(request: ActingRequest, key: str, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    found, by, at = queries.bulletin_for(request.acting, key), request.acting, timezone.now()
    try:
        if name == "edit":
            actions.edit(found, request.POST.get("section", ""), request.POST.get("text", ""), by=by, at=at)
        elif name == "refresh":
            actions.refresh(found, by=by, at=at)
        elif name == "approve":
            bulletin_approved(key, by=by, at=at)
        elif name == "send-back":
            actions.send_back(found, reason=request.POST.get("reason", ""), by=by, at=at)
        else:
            bulletin_published(key, by=by, at=at)
    except Refusal as refusal:
        return _page(request, queries.bulletin_for(by, key), refusal)
    told = {
        "edit": _("文字已保存。"), "refresh": _("已重新取数；改过的文字没有动。"), "approve": _("已审批，可以印发。"),
        "send-back": _("已退回起草人。"), "publish": _("已编号印发。"),
    }  # fmt: skip
    messages.success(request, told[name])
    anchor = f"#s-{request.POST.get('section', '')}" if name == "edit" else ""
    return redirect(f"{request.path.rsplit('/', 3)[0]}/{anchor}")


@desk()
@require_safe
def paper(request: ActingRequest, key: str) -> HttpResponse:
    """The printed circular, as government papers look; a draft says that it is one."""
    found = queries.bulletin_for(request.acting, key)
    response = HttpResponse(papers.pdf(found, queries.copies(found)), content_type="application/pdf")
    name = f"{found.number or found.journal_key} 督查通报.pdf"
    response["Content-Disposition"] = content_disposition(name, inline=True)
    response["Cache-Control"] = "private, no-store"
    return response
