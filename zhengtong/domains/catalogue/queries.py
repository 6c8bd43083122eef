"""Questions to the catalogue. Published editions are kept in the process: they never change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from zhengtong.base import search
from zhengtong.domains.catalogue import documents
from zhengtong.domains.catalogue.models import Facet, Item, ItemVersion
from zhengtong.rules.edition import Edition, edition_from
from zhengtong.rules.item_diff import Change, diff
from zhengtong.rules.item_document import ItemDocument
from zhengtong.rules.linter import DISCLOSED_ELEMENTS, Finding, lint
from zhengtong.rules.refusal import Refusal, RefusalCode

PAGE = 20
SEARCH_DEPTH = 500  # nobody reads further; the list says "more than"
SEEN_BY_ALL = (Item.Status.PUBLISHED, Item.Status.SUSPENDED, Item.Status.LISTED)
FOUND_BY_WORDS = (*SEEN_BY_ALL, Item.Status.RETIRED)  # who asks for an abolished item is told that it is


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of a list; `after` asks for the next, "" where there is none."""

    items: Sequence[Item]
    after: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """Disclosure completeness of an organ: filled of the eight elements, over its items (§1.4)."""

    organ_id: int
    organ_name: str
    organ_name_en: str
    items: int
    filled: int
    share: float  # filled / (8 × items)


# --- one item ---------------------------------------------------------------------------------------------------


def item_for(item_code: str) -> Item:
    """Any item, whatever its status. Refusal(ITEM_UNKNOWN) where there is none."""
    item = Item.objects.select_related("organ", "current_version", "successor").filter(item_code=item_code).first()
    if item is None:
        raise Refusal(RefusalCode.ITEM_UNKNOWN, item_code=item_code)
    return item


CLOSED = {
    Item.Status.DRAFT: RefusalCode.ITEM_UNKNOWN,
    Item.Status.LISTED: RefusalCode.ITEM_LISTED_ONLY,
    Item.Status.SUSPENDED: RefusalCode.ITEM_SUSPENDED,
    Item.Status.RETIRED: RefusalCode.ITEM_RETIRED,
}


def published_item(item_code: str) -> Item:
    """An item one can apply for now; refuses as `check_open` does."""
    item = item_for(item_code)
    check_open(item)
    return item


def check_open(item: Item, *, on: date | None = None) -> None:
    """Refuses with why an item takes no application: listed only, suspended, retired (C-10).

    Asked once more at the moment of submission: the draft may be older than the retirement. Given the day `on`, the
    planned dates of the version hold too, whether or not somebody has retired the item by hand.
    """
    if not item.takes_applications:
        heir = item.successor.item_code if item.successor else ""
        raise Refusal(CLOSED[Item.Status(item.status)], item_code=item.item_code, name=item.name, successor=heir)
    if on is None or item.current_version_id is None:
        return
    current = edition(item.current_version_id)
    if current.effective_to is not None and on > current.effective_to:
        raise Refusal(RefusalCode.ITEM_RETIRED, item_code=item.item_code, name=item.name, successor="")
    if current.effective_from is not None and on < current.effective_from:
        raise Refusal(RefusalCode.ITEM_NOT_YET, item_code=item.item_code, name=item.name, start=current.effective_from)


def shown_item(item_code: str) -> tuple[Item, ItemDocument]:
    """What the guide page shows: the item and the document people may see, also of a listed, suspended or retired one."""
    item = item_for(item_code)
    if item.status == Item.Status.DRAFT:
        raise Refusal(RefusalCode.ITEM_UNKNOWN, item_code=item_code)
    if item.current_version_id is not None:
        return item, document(item.current_version_id)
    listed = item.versions.order_by("-number").values_list("pk", flat=True).first()
    if listed is None:
        raise Refusal(RefusalCode.ITEM_UNKNOWN, item_code=item_code)
    return item, document(listed)


# --- versions ---------------------------------------------------------------------------------------------------


def version_for(version_id: int) -> ItemVersion:
    version = ItemVersion.objects.select_related("item", "implementing_organ").filter(pk=version_id).first()
    if version is None:
        raise Refusal(RefusalCode.ITEM_UNKNOWN, item_code=str(version_id))
    return version


def versions(item: Item) -> QuerySet[ItemVersion]:
    """Newest first."""
    return item.versions.select_related("edited_by", "checked_by", "published_by").order_by("-number")


def version_numbered(item_code: str, number: int) -> ItemVersion:
    """A version by its item's code and its number, with all the catalogue desk shows of it; Refusal(ITEM_UNKNOWN)."""
    rows = ItemVersion.objects.select_related(
        "item", "item__organ", "item__current_version", "implementing_organ", "edited_by", "checked_by", "published_by"
    )
    version = rows.filter(item__item_code=item_code, number=number).first()
    if version is None:
        raise Refusal(RefusalCode.ITEM_UNKNOWN, item_code=item_code)
    return version


def open_version(item: Item) -> ItemVersion | None:
    """The draft being worked on, if any."""
    return versions(item).filter(status__in=ItemVersion.OPEN).first()


def _edition(version: ItemVersion) -> Edition:
    return edition_from(
        documents.read(version),
        version_id=version.pk,
        item_id=version.item_id,
        organ_id=version.implementing_organ_id,
        number=version.number,
    )


class _StillOpen(Exception):
    def __init__(self, edition: Edition) -> None:
        self.edition = edition


@lru_cache(maxsize=4096)
def _kept(version_id: int) -> Edition:
    version = version_for(version_id)
    if not version.frozen:
        raise _StillOpen(_edition(version))  # an exception is not kept by the cache
    return _edition(version)


def edition(version_id: int) -> Edition:
    """The edition of a version. Free of queries once read, for every version that was ever published."""
    try:
        return _kept(version_id)
    except _StillOpen as still:
        return still.edition


def document(version_id: int) -> ItemDocument:
    """The canonical document of a version. Shared between callers: never change it, copy it."""
    return edition(version_id).document


def forget_editions() -> None:
    """For tests, whose rolled-back rows give their ids to other rows."""
    _kept.cache_clear()


def findings(version_id: int, *, on: date) -> list[Finding]:
    """What the linter says of a version on a day."""
    return lint(document(version_id), on=on)


def changes(older_id: int, newer_id: int) -> list[Change]:
    return diff(document(older_id), document(newer_id))


def changes_to(version_id: int, brought: ItemDocument) -> list[Change]:
    """What a document somebody brings would change in a version."""
    return diff(document(version_id), brought)


@dataclass(frozen=True, slots=True)
class State:
    """Where an item stands, for one who brings a document: its latest version, whether that is open, its digest."""

    version_id: int
    digest: str
    open: bool


def states(item_codes: Sequence[str]) -> dict[str, State]:
    """Item code → its latest version, by one query; unknown codes are left out."""
    rows = ItemVersion.objects.filter(item__item_code__in=item_codes).order_by("number")
    return {
        code: State(pk, digest, status in ItemVersion.OPEN)
        for code, pk, digest, status in rows.values_list("item__item_code", "pk", "digest", "status")
    }


def names_in_force(names: Sequence[str]) -> set[tuple[str, str]]:
    """(organ code, name) of items in force or abolished that carry one of these names."""
    rows = Item.objects.filter(name__in=names, current_version__isnull=False)
    return set(rows.values_list("organ__code", "name"))


def all_documents(
    *, organ: str | None = None, item_codes: Sequence[str] | None = None, published_only: bool = False
) -> Iterator[ItemDocument]:
    """Documents of the versions people see (else the latest), by item code; a few queries per hundred items."""
    rows = Item.objects.order_by("item_code")
    if organ:
        rows = rows.filter(organ__code=organ)
    if item_codes is not None:
        rows = rows.filter(item_code__in=item_codes)
    if published_only:
        rows = rows.filter(status=Item.Status.PUBLISHED)
    latest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number").values("pk")[:1]
    shown = list(rows.annotate(shown=Coalesce("current_version_id", Subquery(latest))).values_list("shown", flat=True))
    for start in range(0, len(shown), 100):
        chunk = shown[start : start + 100]
        versions = ItemVersion.objects.select_related("item", "implementing_organ").prefetch_related(*documents.ROWS)
        found = versions.in_bulk(chunk)
        yield from (documents.read(found[pk]) for pk in chunk if pk in found)


# --- lists ------------------------------------------------------------------------------------------------------


def find(
    text: str = "",
    *,
    organ: str | None = None,
    topic: str | None = None,
    life_event: str | None = None,
    applicant_type: str | None = None,
    channel: str | None = None,
    level: str | None = None,
    item_type: str | None = None,
    open_only: bool = False,
    after: str | None = None,
    limit: int = PAGE,
) -> ItemPage:
    """Items the public may see, best match first, else the most used first.

    `text` is Chinese, pinyin, initials or English; `organ` an organ's code; `after` comes from the page before.
    """
    shown = (Item.Status.PUBLISHED,) if open_only else FOUND_BY_WORDS if text.strip() else SEEN_BY_ALL
    rows = Item.objects.select_related("organ", "current_version").filter(status__in=shown)
    if organ:
        rows = rows.filter(organ__code=organ)
    if item_type:
        rows = rows.filter(item_type=item_type)
    for kinds, value in (
        ((Facet.Kind.PERSON_TOPIC, Facet.Kind.ENTERPRISE_TOPIC), topic),
        ((Facet.Kind.LIFE_EVENT,), life_event),
        ((Facet.Kind.APPLICANT,), applicant_type),
        ((Facet.Kind.CHANNEL,), channel),
        ((Facet.Kind.LEVEL,), level),
    ):
        if value:
            rows = rows.filter(Exists(Facet.objects.filter(item=OuterRef("pk"), kind__in=kinds, value=value)))
    return _ranked(rows, text, after, limit) if text.strip() else _by_use(rows, after, limit)


def _ranked(rows: QuerySet[Item], text: str, after: str | None, limit: int) -> ItemPage:
    ids = search.search("item", text, limit=SEARCH_DEPTH)
    allowed = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    ranked = [pk for pk in ids if pk in allowed]
    places = {str(pk): place for place, pk in enumerate(ranked, start=1)}
    start = places.get(after or "", 0)
    chosen = ranked[start : start + limit]
    found = rows.in_bulk(chosen)
    return ItemPage([found[pk] for pk in chosen], str(chosen[-1]) if start + limit < len(ranked) else "")


def _by_use(rows: QuerySet[Item], after: str | None, limit: int) -> ItemPage:
    if after:
        popularity, _, pk = after.partition("-")
        if popularity.isdecimal() and pk.isdecimal() and max(len(popularity), len(pk)) < 19:  # else none of ours
            rows = rows.filter(Q(popularity__lt=int(popularity)) | Q(popularity=int(popularity), pk__gt=int(pk)))
    chosen = list(rows.order_by("-popularity", "pk")[: limit + 1])
    last = chosen[limit - 1] if len(chosen) > limit else None
    return ItemPage(chosen[:limit], f"{last.popularity}-{last.pk}" if last else "")


def popular(limit: int = 8, *, item_ids: Sequence[int] = (), organ_ids: Sequence[int] = ()) -> list[Item]:
    """Most used of the items open for application; where some are named, of these, else of those of these organs."""
    rows = Item.objects.select_related("organ", "current_version").filter(status=Item.Status.PUBLISHED)
    if item_ids:
        rows = rows.filter(pk__in=item_ids)
    elif organ_ids:
        rows = rows.filter(organ_id__in=organ_ids)
    return list(rows.order_by("-popularity", "pk")[:limit])


def facet_counts(kind: Facet.Kind) -> list[tuple[str, int]]:
    """Values of a facet with their number of visible items, most first."""
    rows = Facet.objects.filter(kind=kind, item__status__in=SEEN_BY_ALL).values_list("value")
    return [(value, count) for value, count in rows.annotate(n=Count("pk")).order_by("-n", "value")]


def organ_counts() -> list[dict[str, Any]]:
    """Organs with visible items: code, name, name_en, items, open (of them open for application)."""
    rows = Item.objects.filter(status__in=SEEN_BY_ALL).values("organ__code", "organ__name", "organ__name_en")
    counted = rows.annotate(items=Count("pk"), open=Count("pk", filter=Q(status=Item.Status.PUBLISHED)))
    return [
        {
            "code": row["organ__code"],
            "name": row["organ__name"],
            "name_en": row["organ__name_en"],
            "items": row["items"],
            "open": row["open"],
        }
        for row in counted.order_by("-open", "-items", "organ__code")
    ]


def desk_items(
    *,
    organs: Sequence[int] | None = None,
    status: str | None = None,
    text: str = "",
    after: str | None = None,
    limit: int = 50,
) -> ItemPage:
    """The catalogue desk's list, by code. `organs` None: every organ. `text`: part of a name, or how a code begins."""
    rows = Item.objects.select_related("organ", "current_version").order_by("item_code")
    if words := text.strip():
        codes = Q(item_code__startswith=words) | Q(external_code__startswith=words)
        rows = rows.filter(codes | Q(name__contains=words) | Q(name_en__icontains=words))
    if organs is not None:
        rows = rows.filter(organ__in=organs)
    if status:
        rows = rows.filter(status=status)
    if after:
        rows = rows.filter(item_code__gt=after)
    chosen = list(rows[: limit + 1])
    return ItemPage(chosen[:limit], chosen[limit - 1].item_code if len(chosen) > limit else "")


def awaiting_check(*, after: int = 0, limit: int = 50) -> list[ItemVersion]:
    """Versions a legal checker has to look at, oldest first."""
    rows = ItemVersion.objects.select_related("item", "implementing_organ", "edited_by")
    return list(rows.filter(status=ItemVersion.Status.CHECKING, pk__gt=after).order_by("pk")[:limit])


def disclosure_completeness() -> list[Completeness]:
    """Per organ, filled / 8 over its published items (§1.4)."""
    rows = Item.objects.filter(status=Item.Status.PUBLISHED)
    counted = (
        rows.values("organ_id", "organ__name", "organ__name_en")
        .annotate(items=Count("pk"), filled=Sum("current_version__disclosed"))
        .order_by("organ_id")
    )
    return [
        Completeness(
            organ_id=row["organ_id"],
            organ_name=row["organ__name"],
            organ_name_en=row["organ__name_en"],
            items=row["items"],
            filled=row["filled"] or 0,
            share=(row["filled"] or 0) / (DISCLOSED_ELEMENTS * row["items"]),
        )
        for row in counted
    ]
