"""Says what differs between two item documents, element by element, as an editor would; ignores how they are stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhengtong.rules.item_document import ItemDocument


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # the same rows in another order


@dataclass(frozen=True, slots=True)
class Change:
    """`element` is the document key; `path` leads on, rows by their own name: `materials[licence].copies`."""

    element: str
    kind: ChangeKind
    path: str
    before: Any
    after: Any


# What names a row of a list: a row that keeps its name has changed, one that does not was removed and added.
NAMES: dict[str, tuple[str, ...]] = {
    "legal_bases": ("name", "article"),
    "intermediary_services": ("name",),
    "service_points": ("name",),
    "faqs": ("question",),
    "options": ("value",),
    "stages": ("stage",),
}
WHOLE = {"condition", "legal_limit", "promised_limit", "repeat"}  # read as one value


def diff(before: ItemDocument, after: ItemDocument) -> list[Change]:
    """Every difference between two canonical documents, in the document's order; empty only where they are equal."""
    found: list[Change] = []
    for key in [*before, *(key for key in after if key not in before)]:
        found.extend(_values(key, key, key, before.get(key), after.get(key)))
    return found


def _values(element: str, path: str, key: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if key not in WHOLE and isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _values(element, f"{path}.{name}", name, before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(element, path, key, before, after)
    else:
        yield Change(element, _kind(before, after), path, before, after)


def _kind(before: Any, after: Any) -> ChangeKind:
    if before in (None, "", []):
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if after in (None, "", []) else ChangeKind.CHANGED


def _lists(element: str, path: str, key: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    old, new = _named(key, before), _named(key, after)
    for name, value in old.items():
        if name not in new:
            yield Change(element, ChangeKind.REMOVED, f"{path}[{name}]", value, None)
        else:
            yield from _values(element, f"{path}[{name}]", "", value, new[name])
    for name, value in new.items():
        if name not in old:
            yield Change(element, ChangeKind.ADDED, f"{path}[{name}]", None, value)
    kept_old, kept_new = [n for n in old if n in new], [n for n in new if n in old]
    if kept_old != kept_new:
        yield Change(element, ChangeKind.MOVED, path, kept_old, kept_new)


def _named(key: str, rows: Sequence[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for row in rows:
        name = own = _name(key, row)
        count = 1
        while name in named:
            count += 1
            name = f"{own}#{count}"
        named[name] = row
    return named


def _name(key: str, row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    return " ".join(str(row[part]) for part in NAMES.get(key, ("code",)) if row.get(part))
