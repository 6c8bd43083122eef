"""Typical letters as the public reads them."""

import re

from django.db.models import Q, QuerySet

from zhengtong.base import search
from zhengtong.domains.letters.models import (
    Category,
    Letter,
    Publication,
)
from zhengtong.domains.letters.queries.lists import mark, position_of
from zhengtong.rules.refusal import Refusal, RefusalCode

_CHINESE_NAME = re.compile(r"[\u3400-\u9fff·]{2,}")
_TITLES, _FAMILIAR = ("先生", "女士", "小姐", "老师", "师傅", "同志"), ("小", "老")
PUBLISHED = "letter_published"  # kind of the search index


def public_ones() -> QuerySet[Publication]:
    rows = Publication.objects.select_related("organ", "category", "letter")
    return rows.filter(state=Publication.PUBLISHED)


def published(
    query: str = "", category: str = "", before: str = "", *, organ_id: int | None = None, limit: int = 20
) -> list[Publication]:
    """Typical letters made public, newest first; with words, best first. `before`: `published_mark` of the last shown."""
    rows = public_ones()
    if category:
        found = Category.objects.filter(code=category).values_list("path", flat=True).first()
        rows = (
            rows.filter(Q(category__path=found) | Q(category__path__startswith=f"{found}.")) if found else rows.none()
        )
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    if query.strip():
        ids = search.search(PUBLISHED, query, 200)
        found_rows = {row.pk: row for row in rows.filter(pk__in=ids)}
        return [found_rows[pk] for pk in ids if pk in found_rows][:limit]
    moment, number = position_of(before)
    if moment is not None:
        rows = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, letter__number__lt=number))
    return list(rows.order_by("-published_at", "-letter__number")[:limit])


def names_of(letter: Letter) -> tuple[str, ...]:
    """How a reply may call its author: 王国强, 王先生, 小王. One character alone is a word, and is left."""
    surname = letter.name.strip()[:1]
    if not _CHINESE_NAME.fullmatch(letter.name.strip()):
        return (letter.name,)
    return (letter.name, *(surname + title for title in _TITLES), *(familiar + surname for familiar in _FAMILIAR))


def published_mark(publication: Publication) -> str:
    return mark(publication.published_at, publication.letter.number)


def published_for(number: str) -> Publication:
    found = public_ones().filter(letter__number=number.strip().upper()).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found
