"""The rows behind a figure are a walk along an index, however many services there are beside them, on both databases."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from zhengtong.domains.ratings.models import Node
from zhengtong.domains.ratings.queries.rows import behind

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 9, 1), date(2026, 9, 30)


@pytest.fixture(autouse=True)
def as_if_many() -> None:
    """A small table is read whole whatever its indexes: PostgreSQL is asked what it would do where that cost too much."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def plan(found: QuerySet[Node]) -> str:
    return str(found[:51].explain()).lower()


@pytest.mark.parametrize(
    ("cut", "key", "measure", "index"),
    [
        ("hall", "H02", "nodes", "node_hall_newest"),  # a hall almost nobody comes to
        ("hall", "H01", "rated", "node_hall_rated"),  # one where almost nobody rates
        ("hall", "H01", "bad", "node_hall_rated"),
        ("hall", "H01", "level_5", "node_hall_rated"),
        ("platform", "hotline", "nodes", "node_platform_newest"),
        ("platform", "hall", "rated", "node_platform_rated"),
        ("platform", "hall", "strict", "node_platform_rated"),
        ("organ", "1", "nodes", "node_organ_newest"),
        ("section", "1", "nodes", "node_section_newest"),
        ("person", "1", "nodes", "node_officer_newest"),
        ("item", "1", "nodes", "node_item_newest"),
        ("channel", "sms", "rated", "node_channel_newest"),
        ("", "", "nodes", "node_newest"),
        ("", "", "excluded", "node_excluded"),
    ],
)
def test_the_rows_behind_a_figure_walk_an_index(cut: str, key: str, measure: str, index: str) -> None:
    said = plan(behind(measure, SINCE, UNTIL, cut=cut, key=key))
    assert index in said
    assert "sort" not in said  # PostgreSQL
    assert "temp b-tree" not in said  # SQLite
