"""OCEL 2.0 as JSON and as SQLite (ocel-standard.org, specification of 2023), written as it is read: never a whole log
in memory."""

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from zhengtong.exchange.log_export import (
    EVENT_ATTRIBUTES,
    OBJECT_ATTRIBUTES,
    Happening,
    Thing,
    Told,
    stamp,
)

EPOCH = "1970-01-01T00:00:00.000000Z"  # the specification's instant for what holds from the beginning


# --- JSON ---


def json_pieces(log: Iterator[Told]) -> Iterator[str]:
    """Events first, objects after them (they wait in a file of their own), the types that were met last."""
    event_kinds: set[str] = set()
    object_kinds: set[str] = set()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        yield '{"events":['
        first = True
        for told in log:
            for event in told.events:
                event_kinds.add(event.kind)
                yield ("" if first else ",") + _dumped(_event(event))
                first = False
            _put_aside([told.case, *told.things], object_kinds, waiting)
        yield '],"objects":['
        waiting.seek(0)
        while piece := waiting.read(65_536):
            yield piece
        yield f'],"eventTypes":{_dumped(_types(sorted(event_kinds), dict.fromkeys(event_kinds, EVENT_ATTRIBUTES)))}'
        yield f',"objectTypes":{_dumped(_types(sorted(object_kinds), OBJECT_ATTRIBUTES))}}}'


def _put_aside(things: list[Thing], kinds: set[str], waiting: IO[str]) -> None:
    for thing in things:
        waiting.write(("," if kinds else "") + _dumped(_object(thing)))
        kinds.add(thing.kind)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _event(event: Happening) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.kind,
        "time": stamp(event.at),
        "attributes": [{"name": name, "value": value} for name, value in event.attributes],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in event.links],
    }


def _object(thing: Thing) -> dict[str, Any]:
    return {
        "id": thing.id,
        "type": thing.kind,
        "attributes": [
            {"name": name, "value": value, "time": EPOCH if since is None else stamp(since)}
            for name, value, since in thing.attributes
        ],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in thing.links],
    }


def _types(kinds: list[str], attributes: Any) -> list[dict[str, Any]]:
    return [
        {"name": kind, "attributes": [{"name": name, "type": of} for name, of in attributes[kind]]} for kind in kinds
    ]


# --- SQLite ---

_FIXED = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id),
    ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""
_COLUMN = {"string": "TEXT", "time": "TIMESTAMP"}


def write_sqlite(log: Iterator[Told], path: Path) -> tuple[int, int]:
    """Writes a new file; (cases, events). An existing file is replaced."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path, isolation_level=None)
    try:
        base.executescript(_FIXED)
        base.execute("BEGIN")
        writer = _Tables(base)
        cases = events = 0
        for told in log:
            cases += 1
            events += len(told.events)
            for thing in [*told.things, told.case]:
                writer.put_object(thing)
            for event in told.events:
                writer.put_event(event)
        base.execute("COMMIT")
        return cases, events
    finally:
        base.close()


class _Tables:
    """One table for each type, made when the type is first met."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._names: dict[tuple[str, str], str] = {}

    def _table(self, side: str, kind: str, columns: tuple[tuple[str, str], ...], extra: str) -> str:
        if (side, kind) not in self._names:
            plain = re.sub("[^A-Za-z0-9]+", "_", kind).strip("_")
            # The number keeps apart what only differs in letters a table's name had better not have.
            mapped = f"{plain}_{len(self._names) + 1}".lstrip("_")
            self._names[side, kind] = name = f"{side}_{mapped}"
            self._base.execute(f"INSERT INTO {side}_map_type VALUES (?, ?)", (kind, mapped))  # noqa: S608  (own word)
            told = "".join(f', "{column}" {_COLUMN[of]}' for column, of in columns)
            self._base.execute(
                f'CREATE TABLE "{name}" (ocel_id TEXT REFERENCES {side} (ocel_id), ocel_time TIMESTAMP{extra}{told})'
            )
        return self._names[side, kind]

    def put_event(self, event: Happening) -> None:
        table = self._table("event", event.kind, EVENT_ATTRIBUTES, "")
        self._base.execute("INSERT INTO event VALUES (?, ?)", (event.id, event.kind))
        own = dict(event.attributes)
        self._insert(table, [event.id, stamp(event.at), *(own.get(name) for name, _ in EVENT_ATTRIBUTES)])
        self._base.executemany(
            "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)", [(event.id, *link) for link in event.links]
        )

    def put_object(self, thing: Thing) -> None:
        columns = OBJECT_ATTRIBUTES[thing.kind]
        table = self._table("object", thing.kind, columns, ", ocel_changed_field TEXT")
        self._base.execute("INSERT INTO object VALUES (?, ?)", (thing.id, thing.kind))
        own = {name: value for name, value, since in thing.attributes if since is None}
        self._insert(table, [thing.id, EPOCH, None, *(own.get(name) for name, _ in columns)])
        for name, value, since in thing.attributes:
            if since is not None:
                changed = [value if column == name else None for column, _ in columns]
                self._insert(table, [thing.id, stamp(since), name, *changed])
        self._base.executemany(
            "INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)", [(thing.id, *link) for link in thing.links]
        )

    def _insert(self, table: str, values: list[Any]) -> None:
        self._base.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(values))})', values)  # noqa: S608
