"""Where the two databases differ: FTS5 with bm25 here, a weighted tsvector with a GIN index there. Nothing else does."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from zhengtong.base.search.terms import Term, Wanted

FIELDS = ("name", "keyword", "body")
TS_RANK = "{0.05, 0.08, 0.4, 1.0}"  # D, C, B, A

MOST_POSITION = 16_383

SQLITE = (
    "SELECT e.object_id FROM search_text t JOIN base_searchentry e ON e.id = t.rowid"
    " WHERE search_text MATCH %s AND e.kind = %s"
    " ORDER BY bm25(search_text, 12.0, 5.0, 1.0) * e.boost, e.object_id LIMIT %s"  # weights of the three fields
)
POSTGRESQL = (
    "SELECT object_id FROM base_searchentry WHERE kind = %s AND document @@ %s::tsquery"
    " ORDER BY ts_rank(%s::float4[], document, %s::tsquery, 1) * boost DESC, object_id LIMIT %s"
)


def write(rows: Sequence[tuple[int, Mapping[str, Sequence[str]]]]) -> None:
    """Sets the terms of search entries (by entry id), whatever they were before."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("DELETE FROM search_text WHERE rowid = %s", [(pk,) for pk, _ in rows])
            cursor.executemany(
                "INSERT INTO search_text (rowid, name, keyword, body) VALUES (%s, %s, %s, %s)",
                [(pk, *(" ".join(terms.get(field, ())) for field in FIELDS)) for pk, terms in rows],
            )
        else:
            cursor.executemany(
                "UPDATE base_searchentry SET document = %s::tsvector WHERE id = %s",
                [(_tsvector(terms), pk) for pk, terms in rows],
            )


def _tsvector(terms: Mapping[str, Sequence[str]]) -> str:
    """The terms as a literal. Each has a position, because PostgreSQL hangs weights on positions."""
    weighed = [(term, weight) for field, weight in zip(FIELDS, "ABC", strict=True) for term in terms.get(field, ())]
    return " ".join(
        f"{_quoted(term)}:{min(place, MOST_POSITION)}{weight}" for place, (term, weight) in enumerate(weighed, start=1)
    )


def erase(entry_ids: Sequence[int]) -> None:
    """Before the entries themselves go; PostgreSQL keeps the terms in the entry."""
    if connection.vendor == "sqlite" and entry_ids:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_text WHERE rowid = %s", [(pk,) for pk in entry_ids])


def matches(kind: str, wanted: Wanted, every: bool, limit: int) -> list[int]:
    """Object ids, best first; the lower id first among equals."""
    with connection.cursor() as cursor:
        cursor.execute(*(_sqlite if connection.vendor == "sqlite" else _postgresql)(kind, wanted, every, limit))
        return [row[0] for row in cursor.fetchall()]


def _sqlite(kind: str, wanted: Wanted, every: bool, limit: int) -> tuple[str, list[Any]]:
    joint = " AND " if every else " OR "
    query = joint.join("(" + " OR ".join(_fts(term) for term in choice) + ")" for choice in wanted)
    return SQLITE, [query, kind, limit]


def _fts(term: Term) -> str:
    quoted = '"' + term.text.replace('"', '""') + '"'
    return quoted + ("*" if term.prefix else "")


def _postgresql(kind: str, wanted: Wanted, every: bool, limit: int) -> tuple[str, list[Any]]:
    joint = " & " if every else " | "
    query = joint.join("(" + " | ".join(_lexeme(term) for term in choice) + ")" for choice in wanted)
    return POSTGRESQL, [kind, query, TS_RANK, query, limit]


def _lexeme(term: Term) -> str:
    return _quoted(term.text) + (":*" if term.prefix else "")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
