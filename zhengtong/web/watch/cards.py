"""监察牌: every card with its state; issue drafts after a look, judge answers, decide appeals; take the list away."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.supervision import queries as supervision
from zhengtong.flows.card_issued import issue_many
from zhengtong.rules.clock import Level
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.definition import RuleGroup
from zhengtong.rules.supervision.procedure import CardState
from zhengtong.web.desk import card_page
from zhengtong.web.desk import card_words as words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.sentences import sentence
from zhengtong.web.frame.sheets import csv_answer, in_pieces
from zhengtong.web.watch.board import READ, SEE

SIDE = card_page.Side("watch", "watch/card.html", answers=False)


def _wanted(request: ActingRequest) -> dict[str, Any]:
    """The filters of the address; what makes no sense is left out."""
    get = request.GET
    return {
        "state": get.get("state", "") if get.get("state") in set(CardState) else "",
        "level": get.get("level", "") if get.get("level") in words.LEVELS else "",
        "group": get.get("group", "") if get.get("group") in set(RuleGroup) else "",
        "rule": reading.key(request, "rule")[:10],
        "organ_id": reading.number(get.get("organ")),
        "text": reading.words(request),
        "since": reading.day(get.get("since")),
        "until": reading.day(get.get("until")),
        "standing": get.get("open") == "1",
    }


@desk(SEE, READ)
@require_safe
def cards_list(request: ActingRequest) -> HttpResponse:
    at, wanted = timezone.now(), _wanted(request)
    found = supervision.cards(
        request.acting, before=reading.number(request.GET.get("before")), limit=supervision.PAGE + 1, **wanted
    )
    rows = found[: supervision.PAGE]
    counts = supervision.card_counts(request.acting)
    context = {
        "rows": card_page.rows(rows, at),
        "counts": [(words.STATES[state], counts[state], state) for state in words.STATES if counts.get(state)],
        "standing": sum(counts.values()),
        "before": rows[-1].pk if len(found) > supervision.PAGE else "",
        "filtered": any(value not in ("", None, False) for value in wanted.values()),
        "wanted": wanted,
        "states": words.STATES.items(),
        "levels": words.LEVELS.items(),
        "groups": words.GROUPS.items(),
        "organs": cases.readable_organs(request.acting, READ),
        "issues": request.acting.can(Ability.SUPERVISE) and any(card.state == CardState.DRAFT for card in rows),
    }
    return render(request, "watch/cards.html", context)


@desk(Ability.SUPERVISE)
@require_POST
def issue(request: ActingRequest) -> HttpResponse:
    """Drafts ticked in the list: first a look at what would go out and to whom, then, confirmed, they go."""
    numbers = [number for number in request.POST.getlist("card")[: supervision.PAGE] if "\x00" not in number]
    drafts = supervision.cards(request.acting, numbers=numbers, state=CardState.DRAFT.value) if numbers else []
    at = timezone.now()
    if not drafts:
        messages.error(request, _("没有可以发出的牌：请先勾选“待发”的牌。"))
        return redirect("watch:cards")
    if request.POST.get("confirmed") != "1":
        rows = card_page.rows(drafts[::-1], at)
        return render(request, "watch/cards_issue.html", {"rows": rows, "points": -sum(c.points for c in drafts)})
    issued, refused = issue_many([card.number for card in reversed(drafts)], by=request.acting, at=at)
    for number, refusal in refused:
        messages.error(request, f"{number} {sentence(refusal)}")
    if issued:
        said = ngettext("已发出 %(n)d 张监察牌。", "已发出 %(n)d 张监察牌。", len(issued)) % {"n": len(issued)}
        messages.success(request, said)
    return redirect("watch:cards")


@desk(SEE, READ)
@require_GET
def export(request: ActingRequest) -> HttpResponseBase:
    """CSV of what the list shows, at most 10,000 rows, read in pieces."""
    return csv_answer(_table(request), f"cards-{timezone.localdate():%Y%m%d}")


def _table(request: ActingRequest) -> Iterator[list[str]]:
    yield [
        str(word)
        for word in (
            _("监察编号"), _("监察规则编号"), _("规则名称"), _("监察预警类型代码"), _("级别"), _("对象"), _("对象编号"), _("部门"),
            _("科室"), _("责任人"), _("状态"), _("分值"), _("发牌时间"), _("答复期限"), _("答复时间"), _("督办编号"), _("内容"),
        )
    ]  # fmt: skip
    wanted = _wanted(request)
    rows = in_pieces(lambda before, limit: supervision.cards(request.acting, before=before, limit=limit, **wanted))
    yield from (_line(card) for card in rows)


def _line(card: supervision.Card) -> list[str]:
    said = (
        card.number, card.rule_code, card.rule_version.name, card.rank, words.LEVELS[Level(card.level)],
        words.SUBJECTS.get(card.subject_kind, card.subject_kind), card.subject_key, card.organ.name,
        card.section.name if card.section else "", card.officer.name if card.officer else "",
        words.STATES[CardState(card.state)], card.points, _moment(card.issued_at), card.answer_due_on or "",
        _moment(card.answered_at), card.order_no, supervision.message(card),
    )  # fmt: skip
    return [str(one) for one in said]


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


# --- one card ---


@desk(SEE, READ)
@require_GET
def page(request: ActingRequest, number: str) -> HttpResponse:
    return card_page.page(request, number, SIDE)


@desk(Ability.SUPERVISE, Ability.PUBLISH_REPORTS)
@require_POST
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    return card_page.step(request, number, name, SIDE)


@desk(SEE, READ)
@require_GET
def file(request: ActingRequest, number: str, file_id: int) -> HttpResponseBase:
    return card_page.file(request, number, file_id)
