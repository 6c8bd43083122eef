"""知识库: the keepers' list with its queues, and one article with its editions, its readers' words and every act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.domains.knowledge import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import Light
from zhengtong.rules.kinds import Kind
from zhengtong.rules.knowledge import ArticleKind, ArticleState, EditionState, Topic, Unhelped
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.lamps import Lamp
from zhengtong.web.frame import acts
from zhengtong.web.frame.knowledge_words import EDITION_STATES, KINDS, STATES, TOPICS, UNHELPED
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

SHELVES = {
    "": gettext_lazy("全部"),
    "draft": gettext_lazy("起草中"),
    "checking": gettext_lazy("待审核"),
    "review": gettext_lazy("到期复核"),
    "published": gettext_lazy("已发布"),
    "withdrawn": gettext_lazy("已撤下"),
}
ACTS = {
    Kind.ARTICLE_DRAFTED: gettext_lazy("起草"),
    Kind.ARTICLE_PROPOSED: gettext_lazy("由来信答复提出"),
    Kind.ARTICLE_IMPORTED: gettext_lazy("导入"),
    Kind.ARTICLE_EDITED: gettext_lazy("修改"),
    Kind.ARTICLE_SENT_TO_CHECK: gettext_lazy("送审"),
    Kind.ARTICLE_SENT_BACK: gettext_lazy("退回修改"),
    Kind.ARTICLE_PUBLISHED: gettext_lazy("审核发布"),
    Kind.ARTICLE_REVISION_OPENED: gettext_lazy("开始修订"),
    Kind.ARTICLE_REVISION_DROPPED: gettext_lazy("放弃修订"),
    Kind.ARTICLE_REVIEWED: gettext_lazy("复核，仍然有效"),
    Kind.ARTICLE_REVIEW_MOVED: gettext_lazy("复核日期随放假安排调整"),
    Kind.ARTICLE_OWNER_CHANGED: gettext_lazy("更换负责人"),
    Kind.ARTICLE_WITHDRAWN: gettext_lazy("撤下"),
}
FACTS = {
    "number": gettext_lazy("版本"),
    "reason": gettext_lazy("理由"),
    "note": gettext_lazy("说明"),
    "owner": gettext_lazy("负责人"),
    "was": gettext_lazy("原期限"),
    "due": gettext_lazy("期限"),
}
SOON = 14  # days before the review in which it shows


def review_lamp(article: queries.Article, today: Any) -> Lamp | None:
    if article.state != ArticleState.PUBLISHED.value or article.review_on is None:
        return None
    left = (article.review_on - today).days
    if left < 0:
        return Lamp(Light.LATE, _("该复核了"))
    if left == 0:
        return Lamp(Light.SOON, _("今天复核"))
    return Lamp(Light.SOON if left <= SOON else Light.OK, _("%(n)d 天后复核") % {"n": left})


@desk(Ability.KEEP_KNOWLEDGE)
@require_safe
def knowledge(request: ActingRequest) -> HttpResponse:
    today, text = timezone.localdate(), reading.words(request)
    chosen = {name: reading.key(request, name) for name in ("shelf", "kind", "topic")}
    shelf = chosen["shelf"] if chosen["shelf"] in SHELVES else ""
    found = queries.articles(
        request.acting, shelf=shelf, kind=chosen["kind"], topic=chosen["topic"], text=text, on=today,
        before=reading.number(request.GET.get("before")), limit=queries.PAGE + 1,
    )  # fmt: skip
    shown = found[: queries.PAGE]
    newest, helped, counts = (
        queries.newest_editions(shown), queries.helped(shown), queries.counts(request.acting, on=today)
    )  # fmt: skip
    context = {
        "rows": [
            {
                "article": row, "edition": newest.get(row.pk), "kind": KINDS[ArticleKind(row.kind)],
                "topic": TOPICS[Topic(row.topic)], "state": _state(row, newest.get(row.pk)),
                "lamp": review_lamp(row, today), "helped": helped[row.pk],
            }
            for row in shown
        ],
        "shelves": [(code, label, counts.get(code, "")) for code, label in SHELVES.items()],
        "shelf": shelf, "chosen": chosen, "q": text, "kinds": KINDS.items(), "topics": TOPICS.items(),
        "before": shown[-1].pk if len(found) > queries.PAGE and shelf != "review" else "",
    }  # fmt: skip
    return render(request, "desk/knowledge/list.html", context)


def _state(row: queries.Article, edition: queries.Edition | None) -> Any:
    if edition is not None and edition.state in queries.OPEN:
        return EDITION_STATES[EditionState(edition.state)]
    return STATES[ArticleState(row.state)]


@desk(Ability.KEEP_KNOWLEDGE)
@require_GET
def page(request: ActingRequest, key: str) -> HttpResponse:
    return _page(request, queries.article_for(request.acting, key))


def _page(request: ActingRequest, article: queries.Article, refused: Any = "", status: int = 200) -> HttpResponse:
    today, every = timezone.localdate(), queries.editions(article)
    open_one = next((one for one in every if one.state in queries.OPEN), None)
    limits = [row for row in deadlines_of("article", article.key) if row.outcome == "open"]
    checking = open_one is not None and open_one.state == EditionState.CHECKING.value
    own = open_one is not None and request.acting.id in open_one.editors
    context = {
        "article": article, "edition": open_one or article.current, "open": open_one, "checking": checking,
        "own_words": own, "kind": KINDS[ArticleKind(article.kind)], "topic": TOPICS[Topic(article.topic)],
        "state": STATES[ArticleState(article.state)], "lamp": review_lamp(article, today),
        "editions": [(one, EDITION_STATES[EditionState(one.state)]) for one in every],
        "helped": queries.helped([article])[article.pk],
        "reasons": UNHELPED,
        "unhelped": [(row, UNHELPED.get(Unhelped(row.reason)) if row.reason else "") for row in queries.unhelped(article)],
        "clock": plan.explained(limits[-1], calendar.current(), until=today) if limits else None, "today": today,
        "acts": _acts(article), "refused": refused, "published": article.state == ArticleState.PUBLISHED.value,
        "withdrawn": article.state == ArticleState.WITHDRAWN.value,
    }  # fmt: skip
    return render(request, "desk/knowledge/page.html", context, status=status)


def _acts(article: queries.Article) -> list[acts.Act]:
    rows = [
        acts.Act(ACTS.get(Kind(e.kind), e.kind), e.at, acts.who(e), acts.fact_lines(facts_of(e), FACTS, _said))
        for e in entries_of("article", article.key)
    ]
    return rows[::-1]


def _said(value: Any) -> str:
    return _("第 %(n)s 版") % {"n": value} if isinstance(value, int) else acts.said(value)


def _hand_over(article: queries.Article, *, staff_no: str, by: Any, at: Any) -> Any:
    return actions.hand_to(article, registry.officer_for(staff_no.strip()[:40]).pk, by=by, at=at)


Step = Callable[..., Any]
STEPS: dict[str, tuple[Step, tuple[str, ...], Any]] = {
    "send": (actions.send_to_check, (), gettext_lazy("已送审，由另一个人审核。")),
    "publish": (actions.publish, (), gettext_lazy("已发布，群众现在看得到。")),
    "send-back": (actions.send_back, ("reason",), gettext_lazy("已退回修改。")),
    "drop": (actions.drop_revision, (), gettext_lazy("这次修订已放弃，现行版本不变。")),
    "confirm": (actions.confirm, ("note",), gettext_lazy("已复核，下次复核重新计算。")),
    "hand-over": (_hand_over, ("staff_no",), gettext_lazy("负责人已更换。")),
    "withdraw": (actions.withdraw, ("reason",), gettext_lazy("已撤下，原来的地址会说明理由。")),
}


@desk(Ability.KEEP_KNOWLEDGE)
@require_POST
def step(request: ActingRequest, key: str, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    act, fields, done = STEPS[name]
    article = queries.article_for(request.acting, key)
    if (seen := reading.number(request.POST.get("seen"))) is not None and seen != article.version:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=article.state)
    try:
        act(article, by=request.acting, at=timezone.now(), **{field: request.POST.get(field, "") for field in fields})
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        fresh = queries.article_for(request.acting, key)
        return _page(request, fresh, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, str(done))
    return redirect("desk:article", key)
