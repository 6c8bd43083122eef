"""电子档案: find any case one may see, take the list away as a file, and, for who dispatches, hand cases on in one go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhengtong.base import search
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.hot import candidates
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.flows import handle
from zhengtong.rules.procedure import ROLE_OF, Candidate, Stage, State
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.inbox import rows
from zhengtong.web.frame.sentences import sentence
from zhengtong.web.frame.sheets import csv_answer, in_pieces, xlsx_answer

SEARCH_DEPTH = 500


@dataclass(frozen=True)
class Wanted:
    """The filters of the address, as the query takes them; what makes no sense is left out."""

    q: str
    chosen: dict[str, Any]
    too_many: bool = False


def wanted(get: QueryDict) -> Wanted:
    chosen: dict[str, Any] = {
        "state": get.get("state", "") if get.get("state") in set(State) else "",
        "organ_id": _number(get.get("organ", "")),
        "item_id": _item_id(get.get("item", "")),
        "channel": get.get("channel", "") if get.get("channel") in words.CHANNELS else "",
        "since": _day(get.get("since", "")),
        "until": _day(get.get("until", "")),
        "holder": get.get("holder", "").strip()[:50],
        "open_only": get.get("open") == "1",
        "late_at": timezone.now() if get.get("late") == "1" else None,
        "imported": {"1": True, "0": False}.get(get.get("imported", "")),
        "finished": {"1": True, "0": False}.get(get.get("finished", "")),
        "outcome": get.get("outcome", "") if get.get("outcome") in ("met", "missed") else "",
    }
    q = get.get("q", "").strip()[:100]
    if q:
        chosen["numbers"] = search.search("case", q, limit=SEARCH_DEPTH)
    return Wanted(q, chosen, len(chosen.get("numbers", ())) == SEARCH_DEPTH)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _item_id(code: str) -> int | None:
    if not code:
        return None
    try:
        return int(catalogue.item_for(code).pk)
    except Refusal:
        return 0  # an unknown item has no cases


@require_GET
@desk(Ability.SEARCH_FILES)
def files(request: ActingRequest) -> HttpResponse:
    asked = wanted(request.GET)
    found = cases.files(
        request.acting, before=_number(request.GET.get("before", "")), limit=cases.PAGE + 1, **asked.chosen
    )
    shown = found[: cases.PAGE]
    context = {
        "rows": [(row, words.word(words.STATES, row.case.state)) for row in rows(shown, request, timezone.now())],
        "before": shown[-1].pk if len(found) > cases.PAGE else "",
        "asked": asked,
        "filtered": any(value not in ("", None, False) for value in asked.chosen.values()),
        "states": words.STATES.items(),
        "channels": words.CHANNELS.items(),
        "organs": cases.readable_organs(request.acting, Ability.SEARCH_FILES),
        "dispatches": request.acting.can(Ability.DISPATCH),
    }
    return render(request, "desk/files.html", context)


# --- taking the list away ---


@require_GET
@desk(Ability.SEARCH_FILES)
def export(request: ActingRequest) -> HttpResponseBase:
    """At most 10,000 rows, read in pieces; what a spreadsheet would take for a formula is made text."""
    asked = wanted(request.GET)
    name = f"cases-{timezone.localdate():%Y%m%d}"
    table = _table(request, asked)
    if request.GET.get("as") == "xlsx":
        return xlsx_answer(table, name)
    return csv_answer(table, name)


def _table(request: ActingRequest, asked: Wanted) -> Iterator[list[str]]:
    yield [
        str(word)
        for word in (
            _("办件编号"), _("事项"), _("申请人"), _("机关"), _("渠道"), _("状态"), _("环节"), _("在办人"), _("收件日期"),
            _("受理日期"), _("期限"), _("办结日期"), _("结果"), _("原系统编号"),
        )
    ]  # fmt: skip
    rows = in_pieces(lambda before, limit: cases.files(request.acting, before=before, limit=limit, **asked.chosen))
    yield from (_line(case) for case in rows)


def _line(case: cases.Case) -> list[str]:
    finished = timezone.localdate(case.finished_at).isoformat() if case.finished_at else ""
    said = (
        case.number, case.item_name, case.applicant_name, case.organ.name, words.word(words.CHANNELS, case.channel),
        words.word(words.STATES, case.state), words.word(words.STAGES, case.stage),
        case.holder.name if case.holder else "", case.received_on, case.accepted_on or "", case.due_on or "", finished,
        words.word(words.RESULTS, case.result_code) if case.result_code else "", case.external_no,
    )  # fmt: skip
    return [str(one) for one in said]


# --- handing on in one go ---


@require_POST
@desk(Ability.DISPATCH)
def assign(request: ActingRequest) -> HttpResponse:
    """First a preview of who may take what; then, with a name chosen, one act for each case."""
    chosen = [pair.partition(":")[::2] for pair in request.POST.getlist("case")[: cases.PAGE]]
    found = [(cases.case_for(request.acting, number), seen) for number, seen in chosen]
    to = _number(request.POST.get("to", ""))
    if request.POST.get("confirm") and to is not None:
        return _handed_on(request, found, to)
    able = _able([case for case, _seen in found])
    context = {
        "rows": [
            (case, seen, words.word(words.STAGES, case.suspended_stage or case.stage), case.pk in able)
            for case, seen in found
        ],
        "people": _common(able),
        "reason": request.POST.get("reason", ""),
        "unchosen": bool(request.POST.get("confirm")),
    }
    return render(request, "desk/assign.html", context)


def _able(found: list[cases.Case]) -> dict[int, list[Candidate]]:
    """Who may take each case; one query for cases of the same section and stage."""
    known: dict[tuple[Any, ...], list[Candidate]] = {}
    able = {}
    for case in found:
        if case.state not in (State.SUBMITTED, State.PROCESSING, State.REVIEWING, State.APPROVING, State.SUSPENDED):
            continue
        stage = Stage(case.suspended_stage or case.stage)
        key = (case.organ_id, case.section_id, stage)
        if key not in known:
            known[key] = candidates(case, ROLE_OF[stage], on=timezone.localdate())
        done = {Stage.REVIEW: (case.handler_id,), Stage.APPROVE: (case.handler_id, case.reviewer_id)}.get(stage, ())
        able[case.pk] = [c for c in known[key] if c.officer not in (*done, case.holder_id)]
    return {pk: people for pk, people in able.items() if people}


def _common(able: dict[int, list[Candidate]]) -> list[tuple[Candidate, int]]:
    """Everybody who may take at least one of the cases, with how many; the least loaded first."""
    counts: dict[int, tuple[Candidate, int]] = {}
    for people in able.values():
        for one in people:
            counts[one.officer] = (one, counts.get(one.officer, (one, 0))[1] + 1)
    return sorted(counts.values(), key=lambda pair: (-pair[1], pair[0].load, pair[0].officer))


def _handed_on(request: ActingRequest, found: list[tuple[cases.Case, str]], to: int) -> HttpResponse:
    done = 0
    for case, seen in found:
        try:
            handle.assign(
                case.number, to=to, reason=request.POST.get("reason", ""), seen=_number(seen), by=request.acting,
                at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            messages.error(request, f"{case.number} {sentence(refusal)}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("已移交 %(n)d 件。", "已移交 %(n)d 件。", done) % {"n": done})
    return redirect(reverse("desk:files") + "?open=1")
