"""A city's worth of cases, written by the database itself from one real case, so that a million takes minutes."""

from django.db import connection

from tests.people import AT, Cast, accepted
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.search import engine
from zhengtong.base.search.models import SearchEntry
from zhengtong.base.search.terms import terms
from zhengtong.domains.cases.models import Case

# Of a hundred cases ninety are delivered, nine are in other hands, one is in the hands of whom we measure.
OPEN_SHARE, MINE_SHARE = 10, 100
CHUNK = 50_000


def series(low: int, high: int) -> str:
    """A table `n(i)` of the numbers low … high."""
    if connection.vendor == "postgresql":
        return f"generate_series({low}, {high}) AS n(i)"
    return (
        f"(WITH RECURSIVE s(i) AS (SELECT {low} UNION ALL SELECT i + 1 FROM s WHERE i < {high}) SELECT i FROM s) AS n"
    )


def grow(people: Cast, low: int, high: int, handler: int, other: int) -> None:
    """Cases number low … high, with two limits and three acts each; every one findable by its applicant."""
    pattern = Case.objects.order_by("pk").first() or accepted(people)
    for start in range(low, high + 1, CHUNK):
        end = min(start + CHUNK - 1, high)
        _cases(pattern, start, end, handler, other)
        _limits(pattern, start, end)
        _acts(pattern, start, end)
        _words(start, end)
    with connection.cursor() as cursor:
        # As a database looks in its life: after a load by the million, PostgreSQL's own cleaner has yet to come by.
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


def number(i: str) -> str:
    return f"'B' || {i}"


def _copy(model: type, pattern: object, changes: dict[str, str], source: str) -> None:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and not f.generated]
    columns = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    values, params = [], []
    for field in fields:
        if field.attname in changes:
            values.append(changes[field.attname])
        else:
            values.append("%s")
            params.append(field.get_db_prep_save(getattr(pattern, field.attname), connection))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {', '.join(_cast(values, fields))} FROM {source}", params
        )


def _cast(values: list[str], fields: list) -> list[str]:
    """PostgreSQL must be told the type of a bare parameter in a SELECT."""
    if connection.vendor != "postgresql":
        return values
    return [
        f"CAST(%s AS {field.db_type(connection)})" if value == "%s" else value
        for value, field in zip(values, fields, strict=True)
    ]


def _due(i: str) -> str:
    """Spread over two months around the measured day."""
    if connection.vendor == "postgresql":
        return f"(DATE '{AT.date()}' + (({i}) %% 60) - 30)"
    return f"date('{AT.date()}', (({i}) %% 60 - 30) || ' days')"


def _cases(pattern: Case, start: int, end: int, handler: int, other: int) -> None:
    mine, open_ = f"i %% {MINE_SHARE} = 0", f"i %% {OPEN_SHARE} = 0"
    state = f"CASE WHEN {open_} THEN 'PROCESSING' ELSE 'DELIVERED' END"
    due_at = (
        f"({_due('i')} + TIME '23:59:59') AT TIME ZONE 'Asia/Shanghai'"
        if connection.vendor == "postgresql"
        else f"datetime({_due('i')}, '15:59:59')"
    )
    changes = {
        "number": number("i"),
        "query_code": "'ABCDEFGH'",
        "application_id": "NULL",
        "applicant_name": "'云泽第' || i || '商贸有限公司'",
        "state": state,
        "holder_id": f"CASE WHEN {mine} THEN {handler} WHEN {open_} THEN {other} ELSE NULL END",
        "due_on": f"CASE WHEN {open_} THEN {_due('i')} ELSE NULL END",
        "due_at": f"CASE WHEN {open_} THEN {due_at} ELSE NULL END",
        "external_no": "''",
        "finished_at": "NULL",
        # Everybody's cases, not one applicant's: the measured citizen keeps the few a citizen has.
        "account_id": "NULL",
        "person_id": "NULL",
        "enterprise_id": "NULL",
    }
    _copy(Case, pattern, changes, series(start, end))


def _limits(pattern: Case, start: int, end: int) -> None:
    for kind in ("promise", "legal"):
        row = Deadline.objects.get(subject_key=pattern.number, kind=kind)
        changes = {
            "subject_key": number("i"),
            "due_on": _due("i"),
            "outcome": f"CASE WHEN i %% {OPEN_SHARE} = 0 THEN 'open' ELSE 'met' END",
        }
        _copy(Deadline, row, changes, series(start, end))


def _acts(pattern: Case, start: int, end: int) -> None:
    for row in Entry.objects.filter(subject_key=pattern.number).order_by("seq")[:2]:
        _copy(Entry, row, {"subject_key": number("i")}, series(start, end))


def _words(start: int, end: int) -> None:
    """Through the product's own index: what a name is cut into must be what a search asks for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number FROM cases_case WHERE number LIKE 'B%' AND id > (SELECT COALESCE(MAX(object_id), 0) FROM base_searchentry WHERE kind = 'case' AND object_id < 2000000000) ORDER BY id")  # fmt: skip
        rows = cursor.fetchall()
    entries = SearchEntry.objects.bulk_create(
        [SearchEntry(kind="case", object_id=pk) for pk, _ in rows], batch_size=5000
    )
    common = terms(["单用途商业预付卡发卡企业备案"])
    engine.write(
        [
            (entry.pk, {"name": terms([f"云泽第{no[1:]}商贸有限公司", no]), "keyword": common, "body": []})
            for entry, (_, no) in zip(entries, rows, strict=True)
        ]
    )
