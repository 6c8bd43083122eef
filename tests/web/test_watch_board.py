"""The board of lights: figures equal the rows behind them, each reads what is theirs, and nothing can be changed."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.people import AT, accepted, cast, submitted
from zhengtong.base.deadlines import queries as deadlines
from zhengtong.base.deadlines.models import Deadline

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people():
    return cast()


def enter(client, people, name):
    client.force_login(people.officers[name].account, backend=BACKEND)
    return client


def test_figures_equal_the_rows_they_count(people):
    for number in range(1, 4):
        accepted(people, number)
    submitted(people, 4)
    due = Deadline.objects.filter(kind="promise").order_by("pk").first()
    Deadline.objects.filter(pk=due.pk).update(due_on=None, due_at=None)
    for at in (AT, AT + timedelta(days=9), AT + timedelta(days=60)):
        soon = (at + timedelta(days=3)).date()
        counted = deadlines.lights_by_organ(at=at, soon_until=soon)
        assert [row.open for row in counted] == [4]
        for light in ("open", *deadlines.LIGHTS):
            rows, after = deadlines.running_limits(light, organ_ids=None, at=at, soon_until=soon)
            assert (len(rows), after) == (getattr(counted[0], light), ""), (light, at)


def test_pages_meet_every_limit_once(people):
    for number in range(1, 6):
        accepted(people, number)
    Deadline.objects.filter(kind="promise", subject_key=Deadline.objects.last().subject_key).update(
        due_on=None, due_at=None
    )
    met, after = [], ""
    while True:
        rows, after = deadlines.running_limits(
            "open", organ_ids=[people.organ.pk], at=AT, soon_until=AT.date(), after=after, limit=2
        )
        met += [row.pk for row in rows]
        if not after:
            break
    assert sorted(met) == sorted(Deadline.objects.filter(kind="promise").values_list("pk", flat=True))


def test_a_provisional_date_is_never_late(people):
    accepted(people)
    Deadline.objects.update(provisional=True)
    late = AT + timedelta(days=90)
    row = deadlines.lights_by_organ(at=late, soon_until=late.date())[0]
    assert (row.late, row.over_legal, row.soon) == (0, 0, 1)


@pytest.mark.parametrize(
    ("name", "status"),
    [("吴涛", 200), ("蒋华", 200), ("孙丽", 200), ("赵强", 200), ("李军", 403), ("张敏", 403), ("冯雪", 403)],
)
def test_who_reads_the_board(name, status, client, people):
    accepted(people)
    enter(client, people, name)
    assert client.get("/watch/").status_code == status
    assert client.get("/watch/lights/").status_code == status
    assert client.get("/watch/limits/").status_code == status


def test_a_citizen_never_and_a_stranger_signs_in(client, people):
    assert client.get("/watch/")["Location"].startswith("/accounts/login/")
    client.force_login(people.citizen, backend=BACKEND)
    assert client.get("/watch/").status_code == 403


def test_a_head_of_section_reads_only_their_own_organ(client, people):
    accepted(people)
    Deadline.objects.update(organ_id=10_000)
    assert "没有在办的件" in enter(client, people, "孙丽").get("/watch/lights/").content.decode()
    assert client.get("/watch/limits/?light=open").context["rows"] == []
    other = people.organ.code[:-1] + "Z"
    assert client.get(f"/watch/limits/?light=open&organ={other}").status_code == 404


def test_the_board_links_to_the_case_and_says_when(client, people):
    case = accepted(people)
    Deadline.objects.update(due_on="2026-01-05", due_at=timezone.now() - timedelta(days=3))
    page = enter(client, people, "吴涛").get("/watch/lights/").content.decode()
    assert "刷新于" in page
    assert f"?light=late&amp;organ={people.organ.code}" in page
    rows = client.get(f"/watch/limits/?light=late&organ={people.organ.code}").content.decode()
    assert f"/watch/case/{case.number}/" in rows


def test_nothing_can_be_sent_to_the_board(client, people):
    enter(client, people, "吴涛")
    assert client.post("/watch/").status_code == 405
    assert client.post("/watch/lights/").status_code == 405
    assert client.post("/watch/limits/").status_code == 405


@pytest.mark.parametrize("query", ["light=evil", "light=late&organ=nobody", "light=%00"])
def test_hostile_addresses_are_not_found(query, client, people):
    assert enter(client, people, "吴涛").get(f"/watch/limits/?{query}").status_code == 404


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "~",
        "9999~",
        "-~99999999999999999999999",
        "2026-13-99~1",
        "2026-13-99T00:00:00~1",
        "2026-01-09T00:00:00~1",
        "' OR 1=1~1",
    ],
)
def test_a_strange_page_mark_does_no_harm(after, client, people):
    accepted(people)
    assert enter(client, people, "吴涛").get("/watch/limits/", {"light": "open", "after": after}).status_code == 200


def test_queries(client, people, django_assert_max_num_queries):
    for number in range(1, 9):
        accepted(people, number)
    enter(client, people, "吴涛")
    client.get("/watch/lights/")
    with django_assert_max_num_queries(15):
        client.get("/watch/lights/")
    with django_assert_max_num_queries(17):
        client.get("/watch/limits/?light=open")
