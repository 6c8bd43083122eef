"""大厅运行: every figure with its base and its rows, the same in the file."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.hall import MINUTE, open_all_day, queued, taken
from tests.people import Cast, cast
from tests.web.test_frame_pages import strayed
from zhengtong.flows import ticket_called, ticket_left, ticket_served

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people() -> Cast:
    people = cast()
    windows = queued(people)
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    open_all_day(noon.date())
    first, second, third = taken(noon), taken(noon), taken(noon)
    clerk = people.acting("张敏")
    ticket_called.call_next(windows[0].pk, by=clerk, at=noon + 4 * MINUTE)
    ticket_served.start(first.key, by=clerk, at=noon + 5 * MINUTE)
    ticket_served.served(first.key, by=clerk, at=noon + 12 * MINUTE)
    ticket_called.call_next(windows[0].pk, by=clerk, at=noon + 14 * MINUTE)
    ticket_called.pass_over(second.key, by=clerk, at=noon + 17 * MINUTE)
    ticket_left.leave(third.key, by=people.other, at=noon + 18 * MINUTE)
    people.noon = noon
    return people


def see(client, people, address, name="吴涛", language=""):
    client.force_login(people.officers[name].account, backend=BACKEND)
    if language:
        client.cookies["zhengtong_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue().decode() if response.streaming else response.content.decode()


def test_waits_abandonment_and_load_with_their_rows(client, people, django_assert_max_num_queries):
    day = f"period=day&on={people.noon:%Y-%m-%d}"
    with django_assert_max_num_queries(35):
        page = see(client, people, f"/watch/hall/?{day}")
    assert "9.0 分" in page  # the median of 4 and 14
    assert "66.7%" in page  # two of three gave up
    assert "3 人中 2 人" in page
    rows = see(client, people, f"/watch/hall/rows/?{day}&show=given_up")
    assert "A002" in rows
    assert "A001" not in rows
    assert "138" not in rows
    assert client.get(f"/watch/hall/rows/?{day}&show=nonsense").status_code == 404


def test_the_file_says_what_the_page_says(client, people):
    table = see(client, people, f"/watch/hall/export/csv/?period=day&on={people.noon:%Y-%m-%d}")
    assert "A 综合业务,3,1,2,3,2,9.0,14.0" in table
    assert client.get("/watch/hall/export/xlsx/").status_code == 200
    assert client.get("/watch/hall/export/pdf/").status_code == 404


@pytest.mark.parametrize("address", ["/watch/hall/?period=week", "/watch/hall/rows/?period=week&show=taken"])
def test_in_english(client, people, address):
    assert not strayed(see(client, people, address, "蒋华", "en"))


def test_who_neither_supervises_nor_keeps_the_hall_stays_outside(client, people):
    client.force_login(people.officers["张敏"].account, backend=BACKEND)
    assert client.get("/watch/hall/").status_code == 403
