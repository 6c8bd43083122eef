"""What waits for a second person's yes is found by its own index: the count stands on every page of a head."""

import pytest
from django.db import connection

from tests.people import Cast, accepted, cast
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries.proposals import _waiting

pytestmark = pytest.mark.django_db


def many(case: Case, number: int) -> None:
    """Copies of a case, as a large house has them."""
    kept = {"id", "number", "application_id", "waiting", "proposed"}
    columns = ", ".join(f'"{one.column}"' for one in Case._meta.concrete_fields if one.column not in kept)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            rows = f"WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {number})"
            cursor.execute(
                f"{rows} INSERT INTO cases_case (number, {columns})"
                f" SELECT 'X' || n, {columns} FROM cases_case, g WHERE cases_case.id = %s",
                [case.pk],
            )
        else:
            cursor.execute(
                f"INSERT INTO cases_case (number, {columns}) SELECT 'X' || n, {columns}"
                f" FROM cases_case, generate_series(1, {number}) AS g(n) WHERE cases_case.id = %s",
                [case.pk],
            )
        cursor.execute("ANALYZE cases_case")


@pytest.mark.parametrize("name", ["蒋华", "孙丽"])
def test_the_badge_reads_no_more_than_what_waits(name: str) -> None:
    people: Cast = cast()
    many(accepted(people), 5_000)
    plan = _waiting(people.acting(name)).order_by().values_list("pk")[:100].explain()
    assert "case_proposed" in plan, plan
