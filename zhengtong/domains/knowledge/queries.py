"""Articles by whoever may read them: everybody what is published, keepers every edition; and what helps against a text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhengtong.base.permission import Acting
from zhengtong.domains.knowledge import finding
from zhengtong.domains.knowledge.models import Article, Edition, Verdict
from zhengtong.domains.registry.models import Officer
from zhengtong.rules.knowledge import OPEN_EDITIONS, ArticleKind, ArticleState, EditionState, Topic, Unhelped
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

PAGE = 25
OPEN = sorted(state.value for state in OPEN_EDITIONS)
_WITH = ("current", "organ", "section", "owner")

__all__ = ["Article", "Edition", "Officer"]


def _published() -> QuerySet[Article]:
    return Article.objects.filter(state=ArticleState.PUBLISHED.value).select_related("current", "organ")


# --- everybody ----------------------------------------------------------------------------------------------------


def search(text: str, *, kinds: Sequence[ArticleKind] = (), limit: int = 20) -> list[Article]:
    """Published articles, best first; finds them by Chinese words, pinyin, initials, English, and misspelt as well."""
    return _in_order(finding.found(text, limit=limit if not kinds else 4 * limit), kinds)[:limit]


def suggest(text: str, *, limit: int = 3) -> list[Article]:
    """What may already answer somebody who is writing this. Nothing rather than something beside the point."""
    return _in_order(finding.fitting(text, limit=limit), ())


def _in_order(ids: Sequence[int], kinds: Sequence[ArticleKind]) -> list[Article]:
    if not ids:
        return []
    rows = _published().filter(pk__in=ids)
    if kinds:
        rows = rows.filter(kind__in=[kind.value for kind in kinds])
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def published(
    *, kind: ArticleKind | None = None, topic: Topic | None = None, before: int | None = None, limit: int = PAGE
) -> list[Article]:
    """A shelf, newest first, keyset by id."""
    asked: dict[str, Any] = {"kind": kind.value if kind else None, "topic": topic.value if topic else None}
    rows = _published().filter(**{name: value for name, value in asked.items() if value})
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def published_article(key: str) -> Article:
    """With its current edition; also a withdrawn one, so that its page can say why. Refusal(NOT_FOUND) else."""
    rows = Article.objects.filter(current__isnull=False).exclude(state=ArticleState.DRAFT.value)
    article = rows.select_related(*_WITH).filter(key=key).first()
    if article is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return article


def shelves() -> dict[str, dict[str, int]]:
    """How many are published, by topic and kind: {topic: {kind: n}}. One query."""
    found: dict[str, dict[str, int]] = {}
    rows = Article.objects.filter(state=ArticleState.PUBLISHED.value).order_by()
    for topic, kind, n in rows.values_list("topic", "kind").annotate(n=Count("pk")):
        found.setdefault(topic, {})[kind] = n
    return found


def of_item(item_code: str, limit: int = 5) -> list[Article]:
    """Published articles that speak of an item, those that helped most first."""
    rows = _published().filter(item_tags__item_code=item_code)
    return list(rows.annotate(n=Count("verdicts", filter=Q(verdicts__helped=True))).order_by("-n", "pk")[:limit])


@dataclass(frozen=True, slots=True)
class Helped:
    """Of `base` readers who said whether it helped, so many said yes; `reasons` of the others, {reason: n}."""

    yes: int
    base: int
    reasons: Mapping[str, int]


def helped(articles: Iterable[Article]) -> dict[int, Helped]:
    """What readers said of the current editions, by article id: one query."""
    numbers = {article.pk: article.current_number for article in articles}
    said: dict[int, list[tuple[bool, str, int]]] = {}
    rows = Verdict.objects.filter(article_id__in=list(numbers)).order_by()
    for pk, number, yes, reason, n in rows.values_list("article_id", "number", "helped", "reason").annotate(
        n=Count("pk")
    ):
        if numbers[pk] == number:
            said.setdefault(pk, []).append((yes, reason, n))
    return {pk: _helped(said.get(pk, [])) for pk in numbers}


def _helped(said: Sequence[tuple[bool, str, int]]) -> Helped:
    reasons: dict[str, int] = {}
    for yes, reason, n in said:
        if not yes and reason:
            reasons[reason] = reasons.get(reason, 0) + n
    return Helped(sum(n for yes, _, n in said if yes), sum(n for _, _, n in said), reasons)


def own_verdict(article: Article, visitor: str) -> Verdict | None:
    """What this visitor said of the current edition."""
    if not visitor:
        return None
    return Verdict.objects.filter(article=article, number=article.current_number, visitor=visitor).first()


# --- keepers ------------------------------------------------------------------------------------------------------


def _keeps(by: Acting) -> QuerySet[Article]:
    by.check(Ability.KEEP_KNOWLEDGE)
    return Article.objects.select_related(*_WITH)


def article_for(by: Acting, key: str) -> Article:
    article = _keeps(by).filter(key=key).first()
    if article is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return article


def articles(
    by: Acting,
    *,
    shelf: str = "",
    kind: str = "",
    topic: str = "",
    text: str = "",
    on: date,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Article]:
    """The keepers' list, newest first. `shelf`: draft, checking, review (due by `on`), published, withdrawn; else all.

    `text` finds what the public would find, and by its question what no index holds: drafts and what was withdrawn.
    """
    rows = _keeps(by)
    if kind:
        rows = rows.filter(kind=kind)
    if topic:
        rows = rows.filter(topic=topic)
    if text:
        named = Edition.objects.filter(question__icontains=text).values("article_id")
        rows = rows.filter(Q(pk__in=finding.found(text, limit=PAGE)) | Q(pk__in=named))
    if shelf in ("draft", "checking"):
        rows = rows.filter(editions__state=shelf)
    elif shelf == "review":
        return list(rows.filter(_due(on)).order_by("review_on", "pk")[:limit])
    elif shelf:
        rows = rows.filter(state=shelf)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def _due(on: date) -> Q:
    return Q(state=ArticleState.PUBLISHED.value, review_on__lte=on)


def counts(by: Acting, *, on: date) -> dict[str, int]:
    """What stands above the keepers' list. Two queries."""
    rows = Article.objects.order_by().values_list("state").annotate(n=Count("pk"), due=Count("pk", filter=_due(on)))
    by_state = {state: (n, due) for state, n, due in rows}
    editions = dict(Edition.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "published": by_state.get(ArticleState.PUBLISHED.value, (0, 0))[0],
        "review": by_state.get(ArticleState.PUBLISHED.value, (0, 0))[1],
        "withdrawn": by_state.get(ArticleState.WITHDRAWN.value, (0, 0))[0],
        "draft": editions.get(EditionState.DRAFT.value, 0),
        "checking": editions.get(EditionState.CHECKING.value, 0),
    }


def open_edition(article: Article) -> Edition | None:
    return Edition.objects.filter(article=article, state__in=OPEN).select_related("drafted_by").first()


def newest_editions(rows: Sequence[Article]) -> dict[int, Edition]:
    """The open edition of each, else the current one: what a list shows. One query."""
    found: dict[int, Edition] = {}
    wanted = Edition.objects.filter(article__in=[row.pk for row in rows]).filter(
        Q(state__in=[*OPEN, EditionState.PUBLISHED.value])
    )
    for edition in wanted.order_by("number"):
        found[edition.article_id] = edition
    for row in rows:
        if row.pk not in found and row.current is not None:
            found[row.pk] = row.current
    return found


def editions(article: Article) -> list[Edition]:
    """Newest first."""
    rows = Edition.objects.filter(article=article).select_related("drafted_by", "checked_by")
    return list(rows.order_by("-number"))


def unhelped(article: Article, limit: int = 20) -> list[Verdict]:
    """What readers missed, newest first; only those who wrote or named a reason."""
    rows = Verdict.objects.filter(article=article, helped=False).exclude(reason="", text="")
    return list(rows.order_by("-at", "-pk")[:limit])


def article_of_letter(letter_no: str) -> Article | None:
    return Article.objects.filter(letter_no=letter_no).select_related("current").first() if letter_no else None


def articles_by_keys(keys: Iterable[str]) -> dict[str, Article]:
    """Plain rows for flows, which act for the system."""
    return {row.key: row for row in Article.objects.filter(key__in=list(keys))}


def possible_owner(officer_id: int) -> Officer:
    officer = Officer.objects.filter(pk=officer_id).select_related("organ").first()
    if officer is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return officer


def every_published() -> list[Article]:
    """For exports, oldest first."""
    return list(_published().select_related("current", "organ", "owner").order_by("pk"))


REASONS = tuple(Unhelped)
