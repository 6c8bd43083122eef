"""The desk of disputes, and the list of who stands last twice: read by people, acted on by nobody but people."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.performance import queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.score_appeal_decided import score_appeal_decided
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.watch import score_words as words
from zhengtong.web.watch.score_lines import named, working
from zhengtong.web.watch.scores import PUBLISH, SEE, SUPERVISE, indicators_of, read_points


@desk(SUPERVISE, PUBLISH)
@require_safe
def appeals(request: ActingRequest) -> HttpResponse:
    context = {
        "open": [(one, indicator_name(one)) for one in queries.open_appeals()],
        "decided": [
            (one, indicator_name(one), words.word(words.APPEAL_STATES, one.state)) for one in queries.decided_appeals()
        ],
    }
    return render(request, "watch/score_appeals.html", context)


def indicator_name(appeal: Any) -> tuple[str, bool]:
    """(name in the page's language, whether Chinese) of the disputed line."""
    document = appeal.score.month.table_version.document
    rows = [one for part in document["parts"] for one in part["indicators"]] + document["bonus"]["indicators"]
    code = appeal.indicator
    return next((named(one) for one in rows if one["code"] == code), (code, False))


@desk(SUPERVISE, PUBLISH)
@require_http_methods(["GET", "POST"])
def appeal(request: ActingRequest, number: int) -> HttpResponse:
    """One dispute with the line it is about; who publishes decides, unless the score or the dispute is their own."""
    found, refusal = queries.appeal_for(number), None
    if request.method == "POST":
        request.acting.check(PUBLISH)
        points = request.POST.get("points", "").strip()
        try:
            given = read_points(points) if points else None
            if points and given is None:
                raise Refusal(RefusalCode.TEXT_REQUIRED, field="points")
            score_appeal_decided(
                number,
                granted=request.POST.get("granted") == "yes",
                decision=request.POST.get("decision", ""),
                points=given,
                by=request.acting,
                at=timezone.now(),
            )
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("已裁决，理由会显示给提出异议的人。"))
            return redirect("watch:score_appeals")
    score = found.score
    edition = queries.edition(score)
    shown = working(score.month.table_version.document, edition.content, score, linked=request.acting.can(SEE))
    context = {
        "appeal": found,
        "score": score,
        "line": next((one for one in indicators_of(shown) if one.code == found.indicator), None),
        "state": words.word(words.APPEAL_STATES, found.state),
        "decides": request.acting.can(PUBLISH)
        and found.state == "open"
        and request.acting.id not in {found.appealed_by_id, score.officer_id},
        "refusal": sentence_html(refusal) if refusal else "",
        "typed": request.POST,
    }
    return render(request, "watch/score_appeal.html", context, status=status_of(refusal.code) if refusal else 200)


@desk(SEE)
@require_safe
def suggestions(request: ActingRequest) -> HttpResponse:
    """末位建议名单 (§5.9): last in two quarters running, and less satisfying than the group's median."""
    quarter, found = queries.suggestions(timezone.localdate())
    organs = {organ.code: organ for organ in registry.organs()}
    groups = {group.code: group for group in queries.peer_groups()}
    context = {
        "quarter": quarter,
        "before": quarter.previous(),
        "rows": [(one, organs.get(one.key), groups.get(one.group)) for one in found],
    }
    return render(request, "watch/score_suggestions.html", context)
