from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from zhengtong.base.search import engine
from zhengtong.base.search.models import SearchEntry
from zhengtong.base.search.terms import attempts, terms


@dataclass(frozen=True, slots=True)
class Texts:
    """What an object is found by: a hit in the name outranks one in a keyword, and that one in the body."""

    name: Sequence[str]
    keyword: Sequence[str] = ()
    body: Sequence[str] = ()


def index(kind: str, object_id: int, texts: Texts, boost: float = 1.0) -> None:
    """Makes an object findable by exactly these texts. Three statements, in the caller's transaction."""
    index_many(kind, [(object_id, texts, boost)])


@transaction.atomic
def index_many(kind: str, rows: Iterable[tuple[int, Texts, float]]) -> None:
    """As `index`, for rows of (object id, texts, boost)."""
    chosen = {object_id: (texts, boost) for object_id, texts, boost in rows}
    if not chosen:
        return
    SearchEntry.objects.bulk_create(
        [SearchEntry(kind=kind, object_id=object_id, boost=boost) for object_id, (_, boost) in chosen.items()],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["boost"],
    )
    entries = SearchEntry.objects.filter(kind=kind, object_id__in=chosen).values_list("pk", "object_id")
    engine.write(
        [
            (pk, {"name": terms(texts.name), "keyword": terms(texts.keyword), "body": terms(texts.body)})
            for pk, (texts, _) in ((pk, chosen[object_id]) for pk, object_id in entries)
        ]
    )


@transaction.atomic
def remove(kind: str, object_id: int) -> None:
    entries = SearchEntry.objects.filter(kind=kind, object_id=object_id)
    engine.erase(list(entries.values_list("pk", flat=True)))
    entries.delete()


def search(kind: str, query: str, limit: int = 50) -> list[int]:
    """Object ids, best first. What is typed exactly goes before what a slip of the finger may have meant."""
    for wanted, every in attempts(query):
        if found := engine.matches(kind, wanted, every, limit):
            return found
    return []
