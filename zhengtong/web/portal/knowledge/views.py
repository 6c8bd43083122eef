"""常见问题: shelves by topic, search, one article with "did this help", and what suggests itself beside a text."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base.personal import lookup_hash
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.knowledge import actions, queries
from zhengtong.rules.knowledge import ArticleKind, ArticleState, Topic, Unhelped
from zhengtong.rules.refusal import Refusal
from zhengtong.web.frame.knowledge_words import KINDS, TOPICS, UNHELPED
from zhengtong.web.frame.language import typed_in_chinese
from zhengtong.web.portal.keyset import before

MOST_TEXT, MOST_LETTER, MOST_ITEMS = 100, 2_000, 3
HINTS = {
    ArticleKind.ANSWER: gettext_lazy("常见问题"),
    ArticleKind.TERM: gettext_lazy("电子商务术语"),
    ArticleKind.STUDY: gettext_lazy("案例库"),
}


def asked(request: HttpRequest, name: str, most: int = MOST_TEXT) -> str:
    """PostgreSQL takes no NUL in a text, and nobody types one."""
    given = request.POST if request.method == "POST" else request.GET
    return given.get(name, "").replace("\x00", "").strip()[:most]


def _kind(request: HttpRequest) -> ArticleKind | None:
    given = request.GET.get("kind", "")
    return ArticleKind(given) if given in set(ArticleKind) else None


@require_safe
def knowledge(request: HttpRequest) -> HttpResponse:
    text, kind = asked(request, "q"), _kind(request)
    shelves = queries.shelves()
    if text:
        found, following = queries.search(text, kinds=[kind] if kind else ()), ""
    else:
        shelf = queries.published(kind=kind, before=before(request), limit=queries.PAGE + 1) if kind else []
        found, following = shelf[: queries.PAGE], str(shelf[queries.PAGE - 1].pk) if len(shelf) > queries.PAGE else ""
    context = {
        "text": text, "typed_chinese": typed_in_chinese(text), "kind": kind, "kind_words": HINTS[kind] if kind else "", "rows": rows(found),
        "suggested": rows(queries.suggest(text)) if text and not found else [], "next": following,
        "topics": [(t, TOPICS[t], sum(shelves[t].values())) for t in Topic if t in shelves],
        "kinds": [(k, HINTS[k], sum(s.get(k, 0) for s in shelves.values())) for k in ArticleKind],
    }  # fmt: skip
    return render(request, "portal/knowledge/home.html", context)


def rows(found: list[queries.Article]) -> list[tuple[queries.Article, Any]]:
    return [(row, KINDS[ArticleKind(row.kind)]) for row in found]


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    if topic not in set(Topic):
        raise Http404
    shelf = queries.published(topic=Topic(topic), before=before(request), limit=queries.PAGE + 1)
    context = {
        "topic": topic, "words": TOPICS[Topic(topic)], "rows": rows(shelf[: queries.PAGE]),
        "next": str(shelf[queries.PAGE - 1].pk) if len(shelf) > queries.PAGE else "",
    }  # fmt: skip
    return render(request, "portal/knowledge/topic.html", context)


@never_cache
@require_safe
def article(request: HttpRequest, key: str) -> HttpResponse:
    row = queries.published_article(key)
    if row.state == ArticleState.WITHDRAWN.value:
        return render(request, "portal/knowledge/withdrawn.html", {"article": row}, status=410)
    return _article(request, row)


def _article(request: HttpRequest, row: queries.Article, status: int = 200) -> HttpResponse:
    edition = row.current
    assert edition is not None
    context = {
        "article": row, "edition": edition, "kind": KINDS[ArticleKind(row.kind)], "topic": TOPICS[Topic(row.topic)],
        "helped": queries.helped([row])[row.pk], "own": queries.own_verdict(row, _visitor(request)),
        "reasons": UNHELPED.items(), "items": _items(edition),
    }  # fmt: skip
    return render(request, "portal/knowledge/article.html", context, status=status)


def _items(edition: queries.Edition) -> list[Any]:
    """Items of today's catalogue; a code that is no longer there is left out."""
    found = []
    for code in edition.items[:MOST_ITEMS]:
        with suppress(Refusal):
            found.append(catalogue.item_for(code))
    return found


def _visitor(request: HttpRequest) -> str:
    """A hash by which nobody reads who it was: of the account, else of this session. Empty before there is one."""
    if request.user.is_authenticated:
        return lookup_hash(f"verdict:account:{request.user.pk}")
    key = request.session.session_key
    return lookup_hash(f"verdict:session:{key}") if key else ""


@require_POST
def helped(request: HttpRequest, key: str) -> HttpResponse:
    answer, reason = request.POST.get("helped", ""), request.POST.get("reason", "")
    row = queries.published_article(key)
    if answer not in ("yes", "no") or (reason and reason not in set(Unhelped)):
        return redirect("portal:article", key)
    if not request.user.is_authenticated and request.session.session_key is None:
        request.session.create()
    visitor = _visitor(request)
    if not visitor:
        raise PermissionDenied
    actions.judge(
        row, visitor=visitor, helped=answer == "yes", reason=reason, text=asked(request, "text", 500),
        at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("谢谢您告诉我们。"))
    return redirect("portal:article", key)


@never_cache
@require_POST
def suggestions(request: HttpRequest) -> HttpResponse:
    """A piece of a page: what may already answer what is being written. Nothing of it is kept, nor stands in an address."""
    text = " ".join((asked(request, "subject_line"), asked(request, "text", MOST_LETTER)))
    return render(
        request, "portal/knowledge/suggestions.html", {"suggested": rows(queries.suggest(text)), "beside": True}
    )
