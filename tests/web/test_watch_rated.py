"""What people said, where supervision looks: the wall, the supervisor's desk, a score opened to the rows behind it."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.flows.acts import OIL
from tests.flows.scores import LOCKED, SEPTEMBER, counted, month_of_three, organ, rated
from tests.flows.test_complaints import drawn, refused
from tests.flows.test_rectifications import RATED, dispatched, set_aside
from tests.flows.test_score_voices import bad, complained
from tests.people import AT, Cast, cast
from tests.web.portal import signed_in
from tests.web.test_frame_pages import strayed
from zhengtong.domains.authenticity.models import SampleFile
from zhengtong.domains.performance.models import Score
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.domains.supervision.models import Card
from zhengtong.flows.rating_excluded import exclude_rating
from zhengtong.flows.score_locked import score_locked
from zhengtong.rules.scoring_quantities import Subject

pytestmark = pytest.mark.django_db
SUPERVISOR, HEAD, CHIEF, MANAGER = "吴涛", "孙丽", "赵强", "蒋华"
DAY = timedelta(days=1)


@pytest.fixture
def people() -> Cast:
    cache.clear()
    return cast(OIL)


def enter(people: Cast, name: str, language: str = "zh-hans"):
    client = signed_in(people.officers[name].account)
    client.cookies["zhengtong_language"] = language
    return client


def rows_of(client, address: str) -> int:
    response = client.get(address.replace("&amp;", "&"))
    assert response.status_code == 200, address
    found = response.context
    return found["count"] if "count" in found else len(found["rows"])


# --- the wall ---


def test_the_wall_says_how_people_rated_today_and_this_month(people: Cast) -> None:
    today = timezone.now()
    rated(people.organ.pk, [1, 2, 3, 5], at=today)
    aside = rated(organ(people, 2).pk, [4], at=today)[0]
    exclude_rating(aside.number, reason="MISTAKEN", by=people.acting(SUPERVISOR), at=today)
    counted()
    client = enter(people, SUPERVISOR)
    found = client.get("/watch/").context["rated"]
    assert (found.today.text, found.today.base) == ("75.0%", 4)
    assert rows_of(client, found.today.url) == 4
    assert rows_of(client, found.month.url) == found.month.base == 4


def test_who_reads_one_organ_sees_its_ratings_when_their_month_is_published(people: Cast) -> None:
    today = timezone.now()
    rated(people.organ.pk, [5] * 6, at=today)
    month = ratings.published_month(timezone.localdate())
    until = ratings.next_month(month) - DAY
    seen = today - (timezone.localdate() - until)
    rated(people.organ.pk, [1, 1, 1, 1, 1], at=seen)
    rated(organ(people, 2).pk, [5], at=seen)  # another organ's
    client = enter(people, CHIEF)
    found = client.get("/watch/").context["rated"]
    assert found.today is None
    assert (found.month.text, found.month.base, found.until) == ("100.0%", 5, until)
    assert rows_of(client, found.month.url) == 5


def test_bad_ratings_open_and_late_are_the_rows_of_their_list(people: Cast) -> None:
    now = timezone.now()
    for key in "12":
        dispatched(people, at=now - (40 if key == "1" else 0) * DAY, key=key)
    assert Rectification.objects.count() == 2
    client = enter(people, SUPERVISOR)
    page = client.get("/watch/")
    assert (page.context["rated"].open, page.context["rated"].late) == (2, 1)
    assert len(client.get("/desk/rectifications/?all=1").context["rows"]) == 2
    assert len(client.get("/desk/rectifications/?late=1").context["rows"]) == 1
    desk = client.get("/watch/desk/")
    (waiting,) = [one for one in desk.context["waiting"] if "late=1" in one.url and "rectifications" in one.url]
    assert (waiting.count, len(waiting.rows)) == (1, 1)
    late = Rectification.objects.order_by("due_at").first()
    assert late.number in desk.content.decode()


def test_the_wall_asks_no_more_with_more_ratings(people: Cast, django_assert_max_num_queries) -> None:
    client, now = enter(people, SUPERVISOR), timezone.now()

    def asked() -> int:
        client.get("/watch/")
        cache.clear()  # the lights are kept for some seconds
        with CaptureQueriesContext(connection) as queries:
            client.get("/watch/")
        return len(queries)

    rated(people.organ.pk, [1, 5], at=now)
    dispatched(people, at=now - 40 * DAY)
    few = asked()
    for number in range(2, 6):
        rated(organ(people, number).pk, [1, 2, 3, 4, 5], at=now)
        dispatched(people, at=now - 40 * DAY)
    assert asked() <= few <= 40  # on PostgreSQL some of them keep the lights in the shared cache
    with django_assert_max_num_queries(20):
        client.get("/watch/desk/")


@pytest.mark.parametrize("address", ["/watch/", "/watch/desk/"])
def test_no_chinese_strays_into_english(people: Cast, address: str) -> None:
    dispatched(people, at=timezone.now() - 40 * DAY)
    rated(people.organ.pk, [1, 5], at=timezone.now())
    with translation.override("en"):
        assert strayed(enter(people, SUPERVISOR, "en").get(address).content.decode()) == []


# --- a score, opened ---


@pytest.fixture
def scored(people: Cast) -> Cast:
    first, second, *_ = month_of_three(people)
    rated(first.pk, [1] * 30 + [5] * 5)
    rated(second.pk, [1] * 40, at=AT - 30 * DAY)
    rated(people.organ.pk, [2] * 31, officer=people.officers["李军"].pk)
    complained(people, "confirmed")
    complained(people, "partly")
    bad(people, "1", mended_at=None)
    for subject in Subject:
        score_locked(subject, SEPTEMBER, by=people.acting(SUPERVISOR), at=LOCKED)
    return people


def figures(html: str) -> list[tuple[str, str]]:
    """(address, what is printed after it) of each figure of a working."""
    return re.findall(r'<span class="figure">[^<]*<a href="([^"]+)">([^<]+(?:</a> <small>[^<]*)?)', html)


def test_each_figure_of_a_score_opens_the_rows_it_counts(scored: Cast) -> None:
    client = enter(scored, SUPERVISOR)
    key = Score.objects.get(organ=scored.organ, officer=None).key
    found = dict(figures(client.get(f"/watch/scores/{key}/").content.decode()))
    (own,) = [address for address in found if "measure=rated" in address]
    assert rows_of(client, own) == 66
    assert "66 中 61" in found[own]
    (complaints,) = [address for address in found if "measure=found" in address]
    assert rows_of(client, complaints) == int(found[complaints].split("<")[0]) == 2
    (late,) = [address for address in found if "part=late" in address]
    assert rows_of(client, late) == int(found[late].split("<")[0]) == 1


def test_a_figure_of_the_month_before_opens_that_month_and_the_peers_the_whole(scored: Cast) -> None:
    client = enter(scored, SUPERVISOR)
    for number, said, count in ((2, "本月评价不足，按上月", 40), (3, "评价不足，按同组中位数", None)):
        score = Score.objects.get(organ=organ(scored, number), officer=None)
        page = client.get(f"/watch/scores/{score.key}/").content.decode()
        assert said in page
        (address,) = [one for one, _ in figures(page) if "/ratings/" in one]
        if count is not None:
            assert rows_of(client, address) == count
        else:
            assert client.get(address.replace("&amp;", "&")).context["counted"]
        assert strayed(enter(scored, SUPERVISOR, "en").get(f"/watch/scores/{score.key}/").content.decode()) == []


def test_an_officers_own_ratings_stand_behind_the_staff_score(scored: Cast) -> None:
    client = enter(scored, SUPERVISOR)
    page = client.get("/watch/scores/officer-handler-2026-09/").content.decode()
    (address,) = [one for one, _ in figures(page) if "measure=rated" in one]
    assert rows_of(client, address) == 31


# --- what is done about it ---


def test_a_third_overturns_at_the_desk_and_nobody_else_is_offered_to(people: Cast) -> None:
    row = set_aside(people)
    address = f"/desk/rectifications/{row.number}/"
    for name in (MANAGER, HEAD, RATED):  # confirmed it, said so, was rated
        assert "steps/overturn/" not in enter(people, name).get(address).content.decode()
    client = enter(people, SUPERVISOR)
    assert "steps/overturn/" in client.get(address).content.decode()
    assert client.post(f"{address}steps/overturn/", {"seen": row.version, "text": ""}).status_code == 422
    assert client.post(f"{address}steps/overturn/", {"seen": row.version, "text": "监控显示属实"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.turn) == ("VERIFY", 2)
    assert Rating.objects.get(number=row.rating_number).excluded_at is None
    page = client.get(address).content.decode()
    assert "撤销误评、不实的认定" in page
    own = signed_in(people.citizen)
    assert "您的评价重新计入，再次核实" in own.get(f"/rectifications/{row.token}/").content.decode()
    assert strayed(enter(people, SUPERVISOR, "en").get(address).content.decode()) == []


def test_a_wrong_refusal_is_found_on_the_page_of_the_sample(people: Cast) -> None:
    case = refused(people)
    drawn(people, case)
    client = enter(people, SUPERVISOR)
    address = f"/watch/samples/2026-09/{case.number}/"
    said = {f"{case.number}-verdict": "wrongly", f"{case.number}-note": ""}
    assert client.post(address, said).status_code == 422
    assert client.post(address, said | {f"{case.number}-note": "材料齐全，应予许可。"}).status_code == 302
    assert SampleFile.objects.get().verdict == "wrongly"
    assert "拒绝不当" in client.get("/watch/samples/2026-09/").content.decode()
    card = Card.objects.get(rule_code="M-06")
    page = client.get(f"/watch/cards/{card.number}/").content.decode()
    assert "/watch/samples/2026-09/" in page
    assert "M-06" in client.get("/watch/").content.decode()  # among the newest signals
    assert strayed(enter(people, SUPERVISOR, "en").get("/watch/samples/2026-09/").content.decode()) == []
