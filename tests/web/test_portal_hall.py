"""大厅 on one's phone: how long the wait is, a ticket for a verified phone, one's place in line, giving it up."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.hall import open_all_day, queued, taken
from tests.people import Cast, cast
from tests.web.test_frame_pages import strayed
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.hall.models import Ticket
from zhengtong.flows import ticket_called, ticket_house
from zhengtong.rules.queue_estimate import Guess
from zhengtong.web.frame import waits

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people() -> Cast:
    people = cast()
    people.windows = queued(people)
    open_all_day(timezone.localdate())
    return people


def citizen(client, people, *, verified=True):
    account = people.citizen
    account.phone, account.phone_hash = "13800000001", lookup_hash("13800000001")
    account.phone_verified = verified
    account.save()
    client.force_login(account, backend=BACKEND)
    return client


def test_anybody_sees_how_long_the_wait_is(client, people, django_assert_max_num_queries):
    taken(timezone.now())
    with django_assert_max_num_queries(20):
        page = client.get("/hall/").content.decode()
    assert "1 人在等" in page
    assert "00:00-24:00" in page
    assert client.get("/hall/?hall=nowhere").status_code == 404
    client.cookies["zhengtong_language"] = "en"
    assert not strayed(client.get("/hall/").content.decode())


def test_a_verified_phone_takes_one_ticket_and_gives_it_up(client, people):
    mine = citizen(client, people)
    response = mine.post("/hall/take/", {"hall": "H01", "queue": "general", "priority": "elderly"})
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/hall/tickets/{ticket.key}/"
    assert (ticket.channel, ticket.priority, ticket.account) == ("phone", "elderly", people.citizen)
    again = mine.post("/hall/take/", {"hall": "H01", "queue": "general"})
    assert again.status_code == 422
    assert "已有一个号：A001" in again.content.decode()
    assert "A001" in mine.get("/hall/").content.decode()
    assert mine.post(f"/hall/tickets/{ticket.key}/leave/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "LEFT"


def test_a_phone_nobody_verified_takes_none(client, people):
    mine = citizen(client, people, verified=False)
    response = mine.post("/hall/take/", {"hall": "H01", "queue": "general"})
    assert response.status_code == 422
    assert not Ticket.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client, people):
    assert client.post("/hall/take/", {"hall": "H01", "queue": "general"}).status_code == 302
    assert not Ticket.objects.exists()


def test_the_green_channel_is_not_for_the_asking(client, people):
    citizen(client, people).post("/hall/take/", {"hall": "H01", "queue": "general", "priority": "green"})
    assert Ticket.objects.get().priority == ""


def test_a_ticket_shows_its_place_its_window_and_the_way_back(client, people):
    now = timezone.now()
    taken(now)
    ticket = taken(now)
    address = f"/hall/tickets/{ticket.key}/"
    assert "前面还有 1 人" in client.get(address).content.decode()
    for name, number in (("张敏", 0), ("陈静", 1)):
        ticket_called.call_next(people.windows[number].pk, by=people.acting(name), at=now)
    assert "请到 2号综合窗口" in client.get(address).content.decode()
    ticket_called.pass_over(ticket.key, by=people.acting("陈静"), at=timezone.now())
    assert "重新签到" in client.get(address).content.decode()
    assert "请留在大厅等候叫号" in client.post(f"{address}return/", follow=True).content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "WAITING"
    client.cookies["zhengtong_language"] = "en"
    assert not strayed(client.get(address).content.decode())


def test_another_key_is_no_ticket(client, people):
    assert client.get("/hall/tickets/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_hall_that_is_shut_says_so_and_gives_no_ticket(client, people):
    ticket_house.set_special_day(
        "H01", timezone.localdate(), "", note="检修", by=people.acting("蒋华"), at=timezone.now()
    )
    page = client.get("/hall/").content.decode()
    assert "检修" in page
    assert "现在不是取号时间" in page
    response = citizen(client, people).post("/hall/take/", {"hall": "H01", "queue": "general"})
    assert "大厅今天不开放" in response.content.decode()


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        (Guess(0, 0, 0), "马上"),
        (Guess(12, 8, 16), "约 8–16 分钟"),
        (Guess(40, 0, 109), "约 40 分钟，也可能要 109 分钟"),  # "0 to 109" tells nobody when to be back
    ],
)
def test_how_long_it_takes_in_words(guess: Guess, said: str) -> None:
    assert str(waits.about(guess)) == said
