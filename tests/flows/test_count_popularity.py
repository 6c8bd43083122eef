"""What people apply for comes first on the portal."""

from datetime import timedelta

import pytest

from tests.people import AT, cast, submitted
from zhengtong.flows.count_popularity import count_popularity

pytestmark = pytest.mark.django_db


def test_an_item_applied_for_of_late_rises_and_falls_again() -> None:
    people = cast()
    submitted(people, 1)
    submitted(people, 2)
    assert count_popularity(at=AT + timedelta(days=1)) == 1
    assert people.item().popularity == 2
    count_popularity(at=AT + timedelta(days=200))
    assert people.item().popularity == 0
