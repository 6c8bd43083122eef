"""Where the two databases differ: FTS5 with bm25 here, a weighted tsvector with a GIN index there. Nothing else does."""

from collections.abc import Mapping, Sequence

from django.db import connection

from zhengtong.base.search.terms import Choice, Term, Wanted

FIELDS = ("name", "keyword", "body")
TS_RANK = "{0.05, 0.08, 0.4, 1.0}"  # D, C, B, A

MOST_POSITION = 16_383

# What more objects share than this is too common to lead a search: it is checked afterwards, or the newest win.
COMMON = 2_000

SQLITE = (
    "SELECT e.object_id, t.rowid FROM search_text t JOIN base_searchentry e ON e.id = t.rowid"
    " WHERE search_text MATCH %s AND e.kind = %s"
    " ORDER BY bm25(search_text, 12.0, 5.0, 1.0) * e.boost, e.object_id LIMIT %s"  # weights of the three fields
)
SQLITE_NEWEST = (
    "SELECT e.object_id, t.rowid FROM search_text t JOIN base_searchentry e ON e.id = t.rowid"
    " WHERE search_text MATCH %s AND e.kind = %s ORDER BY t.rowid DESC LIMIT %s"
)
# The inner limit bounds what is ranked; where fewer match, all of them are.
POSTGRESQL = (
    "SELECT object_id FROM (SELECT object_id, boost, document FROM base_searchentry"
    " WHERE kind = %s AND document @@ %s::tsquery ORDER BY id DESC LIMIT %s) AS found"
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
    """Object ids, best first; the lower id first among equals. Costs what the rarest term has, not what the table has."""
    if connection.vendor == "sqlite":
        return _sqlite(kind, wanted, every, limit)
    joint = " & " if every else " | "
    query = joint.join("(" + " | ".join(_lexeme(term) for term in choice) + ")" for choice in wanted)
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL, [kind, query, COMMON, TS_RANK, query, limit])
        return [row[0] for row in cursor.fetchall()]


def _sqlite(kind: str, wanted: Wanted, every: bool, limit: int) -> list[int]:
    """FTS5 walks every list it is asked to intersect, so the common terms are left out of the match and read afterwards."""
    rare = _rare(wanted)
    leading = rare if every and rare else wanted
    statement = SQLITE if rare and (every or len(rare) == len(wanted)) else SQLITE_NEWEST
    others = [choice for choice in wanted if choice not in leading]
    with connection.cursor() as cursor:
        cursor.execute(statement, [_match(leading, every), kind, COMMON if others else limit])
        found = cursor.fetchall()
    return [object_id for object_id, rowid in found if _has(rowid, others)][:limit]


def _rare(choices: Wanted) -> list[Choice]:
    """Those few enough objects have; all asked in one statement, none of which counts further than it must."""
    few = "(SELECT COUNT(*) FROM (SELECT 1 FROM search_text WHERE search_text MATCH %s LIMIT %s))"
    facts: list[str | int] = []
    for choice in choices:
        facts += [_match([choice], every=True), COMMON + 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([few] * len(choices)), facts)
        return [choice for choice, count in zip(choices, cursor.fetchone(), strict=True) if count <= COMMON]


def _match(choices: Sequence[Choice], every: bool) -> str:
    joint = " AND " if every else " OR "
    return joint.join("(" + " OR ".join(_fts(term) for term in choice) + ")" for choice in choices)


def _has(rowid: int, choices: Sequence[Choice]) -> bool:
    """Whether the object of this row has a term of each choice, read from its own words."""
    if not choices:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, keyword, body FROM search_text WHERE rowid = %s", [rowid])
        words = set(" ".join(cursor.fetchone()).split())
    return all(
        any(term.text in words or (term.prefix and any(w.startswith(term.text) for w in words)) for term in choice)
        for choice in choices
    )


def _fts(term: Term) -> str:
    quoted = '"' + term.text.replace('"', '""') + '"'
    return quoted + ("*" if term.prefix else "")


def _lexeme(term: Term) -> str:
    return _quoted(term.text) + (":*" if term.prefix else "")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
