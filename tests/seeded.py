"""What every installation is founded with (calendar, parameters, rules), put back by its rows.

Seeding by the ORM takes a tenth of a second, and three thousand tests ask for it on each database. So a process seeds
once, keeps the rows, and afterwards copies them in: the same rows under the same keys and editions.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from zhengtong.base import calendar
from zhengtong.base.calendar.models import CalendarDay, HolidayNotice
from zhengtong.base.editions import Edition
from zhengtong.base.journal.models import Entry
from zhengtong.base.parameters.actions import seed as seed_parameters
from zhengtong.base.parameters.models import Parameter
from zhengtong.domains.supervision.actions import seed as seed_rules
from zhengtong.domains.supervision.models import Rule, RuleVersion

MODELS = (Edition, HolidayNotice, CalendarDay, Parameter, Rule, RuleVersion, Entry)
_kept: dict[tuple[str, datetime], list[tuple[str, Any]]] = {}  # (engine, moment) → (INSERT or COPY, rows)


def seed(at: datetime) -> None:
    untouched = not any(model.objects.exists() for model in (Edition, Entry, Parameter))
    key = (connection.vendor, at)
    if untouched and key in _kept:
        for statement, rows in _kept[key]:
            _put(statement, rows)
        return
    calendar.seed(at=at)
    seed_parameters()
    seed_rules(at=at)
    if untouched:
        _kept[key] = [_taken(model) for model in MODELS]


def _taken(model: Any) -> tuple[str, Any]:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as out:
            return f"COPY {table} ({columns}) FROM STDIN", b"".join(out)
    holes = ", ".join("?" for _ in model._meta.concrete_fields)
    rows = connection.connection.execute(f"SELECT {columns} FROM {table}").fetchall()
    return f"INSERT INTO {table} ({columns}) VALUES ({holes})", [tuple(row) for row in rows]


def _put(statement: str, rows: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(statement) as into:
            into.write(rows)
    else:
        connection.connection.executemany(statement, rows)
