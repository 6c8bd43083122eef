"""Changes to the catalogue: draft, legal check, publication, suspension, retirement. One journal of each item."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengtong.base import journal, search
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.catalogue import documents, queries
from zhengtong.domains.catalogue.models import Facet, Item, ItemVersion
from zhengtong.domains.registry.models import Organ
from zhengtong.rules import item_document, linter
from zhengtong.rules.canonical import canonical
from zhengtong.rules.item_document import ItemDocument
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

SHOWN_AT_ONCE = 50  # problems or findings a refusal carries
ADDED_SINCE = frozenset({"lowest_level"})  # elements that documents sealed by the first release do not have


# --- who may -----------------------------------------------------------------------------------------------------


def _check_may(by: Acting, organ_id: int, *abilities: Ability) -> None:
    """An editor works on the items of the organs of their posts; the system and imports on all."""
    if by.kind in (ActorKind.SYSTEM, ActorKind.IMPORT):
        return
    by.check(*abilities)
    if Ability.CHECK_CATALOGUE in abilities and by.can(Ability.CHECK_CATALOGUE):
        return  # the legal checker looks at every organ's items
    if organ_id not in by.organs(*abilities):
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed="/".join(abilities))


def _officer(by: Acting) -> int | None:
    return by.id if by.is_officer else None


def _organ(code: str) -> Organ:
    organ = Organ.objects.filter(code=code).first()
    if organ is None:
        raise Refusal(RefusalCode.ITEM_ORGAN_UNKNOWN, organ_code=code)
    return organ


def _document(raw: Mapping[str, Any]) -> ItemDocument:
    """The canonical form, or one refusal that lists every problem with its path."""
    if found := item_document.problems(dict(raw)):
        raise Refusal(RefusalCode.ITEM_DOCUMENT_INVALID, count=len(found), problems=found[:SHOWN_AT_ONCE])
    return item_document.normalise(raw)


def digest(document: ItemDocument) -> str:
    """SHA-256 of a canonical document: the journal holds it, anyone may check a published guide against it.

    An element added since the first release leaves the digest as it was while it is empty: what is sealed stays true.
    """
    told = {key: value for key, value in document.items() if value or key not in ADDED_SINCE}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


# --- drafting ----------------------------------------------------------------------------------------------------


@transaction.atomic
def create_draft(
    raw: Mapping[str, Any], *, by: Acting, at: datetime, listed: bool = False, kind: Kind = Kind.ITEM_CREATED
) -> ItemVersion:
    """A new item with its first draft. `listed` shows it as 目录事项 at once: found by name, closed for application."""
    document = _document(raw)
    organ = _organ(document["implementing_org"])
    _check_may(by, organ.pk, Ability.EDIT_CATALOGUE)
    if Item.objects.filter(item_code=document["item_code"]).exists():
        raise Refusal(RefusalCode.ITEM_EXISTS, item_code=document["item_code"])
    item = Item(
        item_code=document["item_code"],
        organ=organ,
        status=Item.Status.LISTED if listed else Item.Status.DRAFT,
        external_code=document["external_code"],
        **_names(document),
    )
    journal.insert(item, Event(kind, {"version": 1, "digest": digest(document)}), by=by, at=at)
    version = _new_version(item, 1, organ, document, by=by, at=at)
    if listed:
        make_findable([(item, document)])
    return version


def _names(document: ItemDocument) -> dict[str, Any]:
    return {"name": document["name"], "name_en": document["name_en"], "item_type": document["item_type"]}


def _new_version(
    item: Item, number: int, organ: Organ, document: ItemDocument, *, by: Acting, at: datetime
) -> ItemVersion:
    version = ItemVersion.objects.create(
        item=item,
        number=number,
        implementing_organ=organ,
        drafted_by_id=_officer(by),
        drafted_at=at,
        edited_by_id=_officer(by),
        edited_at=at,
        digest=digest(document),
        disclosed=_filled(document),
        **documents.columns(document),
    )
    documents.add_rows(version, document)
    return version


def _filled(document: ItemDocument) -> int:
    return sum(linter.disclosed(document).values())


@transaction.atomic
def open_draft(item_code: str, *, by: Acting, at: datetime) -> ItemVersion:
    """The next version, begun as a copy of the current one."""
    item = queries.item_for(item_code)
    _check_may(by, item.organ_id, Ability.EDIT_CATALOGUE)
    if item.status == Item.Status.RETIRED:
        raise Refusal(RefusalCode.ITEM_WRONG_STATUS, status=item.status, needed=Item.Status.PUBLISHED)
    if (already := queries.open_version(item)) is not None:
        raise Refusal(RefusalCode.ITEM_DRAFT_EXISTS, number=already.number)
    latest = queries.versions(item)[0]
    document = queries.document(latest.pk)
    journal.commit(
        item,
        Event(Kind.ITEM_CREATED, {"version": latest.number + 1, "digest": digest(document)}),
        by=by,
        at=at,
    )
    return _new_version(item, latest.number + 1, latest.implementing_organ, document, by=by, at=at)


@transaction.atomic
def edit_draft(
    version_id: int,
    raw: Mapping[str, Any],
    *,
    by: Acting,
    at: datetime,
    seen: int | None = None,
    kind: Kind = Kind.ITEM_EDITED,
) -> ItemVersion:
    """Puts a whole document in the place of a draft's. `seen` is the `item.version` the editor had on screen.

    Editing takes a version that waited for its check, or passed it, back to the draft.
    """
    version = _open_version(version_id, seen)
    item = version.item
    _check_may(by, item.organ_id, Ability.EDIT_CATALOGUE)
    document = _document(raw)
    if document["item_code"] != item.item_code:
        raise Refusal(RefusalCode.ITEM_CODE_FIXED, item_code=item.item_code, given=document["item_code"])
    if digest(document) == version.digest:
        raise Refusal(RefusalCode.ITEM_NOTHING_CHANGED)
    organ = _organ(document["implementing_org"])
    changes: dict[str, Any] = {"external_code": document["external_code"]}
    if item.current_version_id is None:  # nobody sees another version: the item is called as its draft is
        changes |= {"organ_id": organ.pk, **_names(document)}
    journal.commit(item, Event(kind, {"version": version.number, "digest": digest(document)}), by=by, at=at, **changes)
    ItemVersion.objects.filter(pk=version.pk).update(
        status=ItemVersion.Status.DRAFT,
        implementing_organ=organ,
        edited_by=_officer(by),
        edited_at=at,
        checked_by=None,
        checked_at=None,
        digest=digest(document),
        disclosed=_filled(document),
        **documents.columns(document),
    )
    documents.replace_rows(version, document)
    if item.status == Item.Status.LISTED:
        make_findable([(item, document)])
    return queries.version_for(version.pk)


def _open_version(version_id: int, seen: int | None) -> ItemVersion:
    version = queries.version_for(version_id)
    if version.frozen:
        raise Refusal(RefusalCode.ITEM_VERSION_NOT_OPEN, status=version.status)
    if seen is not None:
        version.item.version = seen  # the guard of `journal.commit` then refuses what was written on an older page
    return version


@transaction.atomic
def clone(item_code: str, new_code: str, *, organ_code: str | None = None, by: Acting, at: datetime) -> ItemVersion:
    """A new item that begins as a copy of another's latest version; codes that name one item only are left empty."""
    latest = queries.versions(queries.item_for(item_code))[0]
    document = dict(queries.document(latest.pk))
    document |= {"item_code": new_code, "impl_code": "", "handling_code": "", "external_code": "", "successor": ""}
    if organ_code:
        document["implementing_org"] = organ_code
    return create_draft(document, by=by, at=at)


# --- check and publication ----------------------------------------------------------------------------------------


@transaction.atomic
def send_to_check(version_id: int, *, by: Acting, at: datetime, seen: int | None = None) -> ItemVersion:
    """Hands a draft to the legal checker. Linter errors come back at once: nobody has to check what cannot go out."""
    version = _open_version(version_id, seen)
    _check_may(by, version.item.organ_id, Ability.EDIT_CATALOGUE)
    _check_status(version, ItemVersion.Status.DRAFT)
    _check_rules(documents.read(version), at)
    facts = {"version": version.number}
    journal.commit(version.item, Event(Kind.ITEM_SENT_TO_CHECK, facts), by=by, at=at)
    return _set(version, status=ItemVersion.Status.CHECKING)


@transaction.atomic
def check(
    version_id: int, *, passed: bool, opinion: str = "", by: Acting, at: datetime, seen: int | None = None
) -> ItemVersion:
    """合法性审核, by somebody who wrote nothing of the version. Not passed, it goes back to the editor with the opinion."""
    version = _open_version(version_id, seen)
    _check_may(by, version.item.organ_id, Ability.CHECK_CATALOGUE)
    _check_status(version, ItemVersion.Status.CHECKING)
    if by.is_officer and by.id in (version.edited_by_id, version.drafted_by_id):
        raise Refusal(RefusalCode.ITEM_CHECK_OWN_WORK, editor=by.name)
    if not passed and not opinion.strip():
        raise Refusal(RefusalCode.ITEM_REASON_MISSING)
    kind = Kind.ITEM_CHECKED if passed else Kind.ITEM_SENT_BACK
    facts = {"version": version.number, "opinion": opinion.strip()}
    journal.commit(version.item, Event(kind, facts), by=by, at=at)
    if passed:
        return _set(
            version,
            status=ItemVersion.Status.CHECKED,
            checked_by_id=_officer(by),
            checked_at=at,
            check_opinion=opinion.strip(),
        )
    return _set(version, status=ItemVersion.Status.DRAFT, check_opinion=opinion.strip())


@transaction.atomic
def publish(version_id: int, *, by: Acting, at: datetime, seen: int | None = None) -> ItemVersion:
    """From now on new applications are filed under this version; open cases keep the one they were filed under.

    Refuses with every linter error at once. The system may publish an import that was checked elsewhere.
    """
    version = _open_version(version_id, seen)
    item = version.item
    _check_may(by, item.organ_id, Ability.EDIT_CATALOGUE, Ability.CHECK_CATALOGUE)
    if by.is_officer:
        _check_status(version, ItemVersion.Status.CHECKED)
    document = documents.read(version)
    _check_rules(document, at)
    earlier = item.current_version_id
    status = Item.Status.SUSPENDED if item.status == Item.Status.SUSPENDED else Item.Status.PUBLISHED
    facts = {"version": version.number, "digest": version.digest}
    if earlier is not None:
        ItemVersion.objects.filter(pk=earlier).update(status=ItemVersion.Status.SUPERSEDED)
    version = _set(version, status=ItemVersion.Status.PUBLISHED, published_by_id=_officer(by), published_at=at)
    journal.commit(
        item,
        Event(Kind.ITEM_PUBLISHED, facts),
        by=by,
        at=at,
        status=status,
        current_version_id=version.pk,
        organ_id=version.implementing_organ_id,
        **_names(document),
    )
    version.item = item
    make_findable([(item, document)])
    return version


def _check_status(version: ItemVersion, needed: ItemVersion.Status) -> None:
    if version.status != needed:
        raise Refusal(RefusalCode.ITEM_WRONG_STATUS, status=version.status, needed=needed)


def _check_rules(document: ItemDocument, at: datetime) -> None:
    findings = linter.errors(linter.lint(document, on=timezone.localdate(at)))
    if findings:
        raise Refusal(RefusalCode.ITEM_BREAKS_RULES, count=len(findings), findings=findings)


def _set(version: ItemVersion, **changes: Any) -> ItemVersion:
    ItemVersion.objects.filter(pk=version.pk).update(**changes)
    for name, value in changes.items():
        setattr(version, name, value)
    return version


# --- out of force ------------------------------------------------------------------------------------------------


@transaction.atomic
def suspend(item_code: str, *, reason: str, by: Acting, at: datetime, seen: int | None = None) -> Item:
    """No new application until `resume`; open cases go on (§9.3)."""
    item = _item_in(item_code, (Item.Status.PUBLISHED,), by, seen)
    if not reason.strip():
        raise Refusal(RefusalCode.ITEM_REASON_MISSING)
    event = Event(Kind.ITEM_SUSPENDED, {"reason": reason.strip()})
    journal.commit(item, event, by=by, at=at, status=Item.Status.SUSPENDED, suspended_reason=reason.strip())
    return item


@transaction.atomic
def resume(item_code: str, *, by: Acting, at: datetime, seen: int | None = None) -> Item:
    item = _item_in(item_code, (Item.Status.SUSPENDED,), by, seen)
    journal.commit(item, Event(Kind.ITEM_RESUMED), by=by, at=at, status=Item.Status.PUBLISHED, suspended_reason="")
    return item


@transaction.atomic
def retire(
    item_code: str, *, basis: str, successor: str = "", by: Acting, at: datetime, seen: int | None = None
) -> Item:
    """取消: for good, on a legal basis. The guide stays readable and names the successor; its code stays taken (§9.3)."""
    item = _item_in(item_code, (Item.Status.PUBLISHED, Item.Status.SUSPENDED, Item.Status.LISTED), by, seen)
    if not basis.strip():
        raise Refusal(RefusalCode.ITEM_REASON_MISSING)
    heir = queries.item_for(successor) if successor else None
    if heir is not None and heir.pk == item.pk:
        raise Refusal(RefusalCode.ITEM_UNKNOWN, item_code=successor)
    facts = {"basis": basis.strip(), "successor": successor}
    if item.current_version_id is not None:
        ItemVersion.objects.filter(pk=item.current_version_id).update(status=ItemVersion.Status.RETIRED)
    journal.commit(
        item,
        Event(Kind.ITEM_RETIRED, facts),
        by=by,
        at=at,
        status=Item.Status.RETIRED,
        successor_id=heir.pk if heir else None,
        retired_basis=basis.strip(),
        retired_at=at,
    )
    _index([(item, queries.shown_item(item_code)[1])])
    return item


def _item_in(item_code: str, allowed: tuple[Item.Status, ...], by: Acting, seen: int | None) -> Item:
    item = queries.item_for(item_code)
    _check_may(by, item.organ_id, Ability.EDIT_CATALOGUE, Ability.CHECK_CATALOGUE)
    if item.status not in allowed:
        raise Refusal(RefusalCode.ITEM_WRONG_STATUS, status=item.status, needed=allowed[0])
    if seen is not None:
        item.version = seen
    return item


# --- finding -----------------------------------------------------------------------------------------------------


def make_findable(chosen: Iterable[tuple[Item, ItemDocument]]) -> None:
    """Search terms and facets of items from the documents people see."""
    rows = list(chosen)
    _index(rows)
    Facet.objects.filter(item__in=[item.pk for item, _ in rows]).delete()
    Facet.objects.bulk_create(
        Facet(item=item, kind=kind, value=value)
        for item, document in rows
        for kind, value in documents.facets(document)
    )


# Somebody who asks for a retired item must learn that it is gone, after all that is still there.
BOOST = {Item.Status.PUBLISHED: 1.0, Item.Status.SUSPENDED: 0.9, Item.Status.LISTED: 0.8, Item.Status.RETIRED: 0.3}


def _index(rows: Iterable[tuple[Item, ItemDocument]]) -> None:
    search.index_many("item", [(item.pk, _texts(document), BOOST[Item.Status(item.status)]) for item, document in rows])


def _texts(document: ItemDocument) -> search.Texts:
    return search.Texts(
        name=[document["name"], document["name_en"]],
        keyword=[
            *document["keywords"],
            *document["life_events"],
            *document["topics"]["person"],
            *document["topics"]["enterprise"],
            document["result"]["name"],
            document["result"]["name_en"],
            document["item_code"],
            document["external_code"],
        ],
        body=[basis["name"] for basis in document["legal_bases"]],
    )


def set_popularity(counts: Mapping[int, int]) -> None:
    """Item id → applications of late, as a nightly flow counts them; not an act, so not in the journal."""
    Item.objects.exclude(popularity=0).exclude(pk__in=counts).update(popularity=0)
    items = [Item(pk=pk, popularity=count) for pk, count in counts.items()]
    Item.objects.bulk_update(items, ["popularity"], batch_size=500)
