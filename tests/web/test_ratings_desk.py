"""好差评 inside: a clerk enters what was told, words are looked through, figures have bases and rows without names."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.people import Cast, accepted, cast, hall_of
from tests.web.portal import chinese_outside_marks, signed_in, text
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.actions import seal
from zhengtong.domains.ratings import actions, queries
from zhengtong.domains.ratings.models import Fact, Node, Rating
from zhengtong.flows.rating_invited import open_nodes_of_cases

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def people() -> Cast:
    return cast()


def officer(people: Cast, name: str, *, english: bool = False) -> Client:
    return signed_in(people.officers[name].account, english=english)


def service(people: Cast, number: str = "L1", ago: timedelta = timedelta(minutes=5), **more) -> Node:
    at = timezone.now() - ago
    return actions.open_node(
        "letter", ("letter", number), organ_id=people.organ.pk,
        section_id=people.section.pk, item_id=people.item().pk, item_name="单用途商业预付卡备案",
        opened_at=at, by=SYSTEM, at=at, **({"phone": PHONE, "officer_id": people.officers["李军"].pk} | more),
    )  # fmt: skip


def rated(people: Cast, count: int, level: int, ago: timedelta, officer_name: str = "李军") -> None:
    for number in range(count):
        node = service(
            people, f"{officer_name}{level}-{ago.days}-{number}", ago, officer_id=people.officers[officer_name].pk
        )
        Node.objects.filter(pk=node.pk).update(state="RATED", level=level, channel="sms")
    actions.count_ratings(at=timezone.now())


# --- entering ---


def test_a_clerk_finds_the_service_by_its_number_and_sees_nobody(people, django_assert_max_num_queries):
    case = accepted(people, at=timezone.now() - timedelta(minutes=2))
    seal(at=timezone.now())
    open_nodes_of_cases(at=timezone.now())
    guide = officer(people, "罗婉秋")
    guide.get(reverse("desk:enter_rating"), {"q": case.number})
    with django_assert_max_num_queries(16):
        page = text(guide.get(reverse("desk:enter_rating"), {"q": case.number}))
    main = page.split("<main")[1].split("</main>")[0]
    assert "受理服务" in main
    for secret in (case.applicant_name, "林", "云泽联运", PHONE, "张敏"):
        assert secret not in main, secret
    for nothing in ("", "X" * 300, "\x00", "%", "CASE-1"):
        assert "没有可以评价的服务" in text(
            guide.get(reverse("desk:enter_rating"), {"q": nothing})
        ) or not nothing.strip("\x00")


def test_a_call_needs_the_number_the_service_was_given_on(people):
    node, guide = service(people), officer(people, "罗婉秋")
    address = reverse("desk:enter_rating_of", args=[node.key])
    told = {"channel": "phone", "level": "4", "text": "态度不好", "reasons": ["efficiency"]}
    assert "<svg" in text(guide.get(address))
    assert guide.post(address, told | {"caller": "13900000000"}).status_code == 422
    assert guide.post(address, {"channel": "phone"}).status_code == 422
    assert not Rating.objects.exists()
    assert guide.post(address, told | {"caller": PHONE}).status_code == 302
    rating = Rating.objects.get()
    assert (rating.level, rating.channel, rating.real_name) == (4, "phone", True)
    assert rating.entered_by == people.officers["罗婉秋"]
    assert Message.objects.filter(kind="rating.entered").count() == 1  # who is said to have called hears of it
    assert guide.post(address, told | {"caller": PHONE}).status_code == 422


def test_her_own_service_is_not_hers_to_enter(people):
    node = service(people, officer_id=people.officers["罗婉秋"].pk)
    guide = officer(people, "罗婉秋")
    assert "您参与过" in text(guide.get(reverse("desk:enter_rating"), {"q": "L1"}))
    address = reverse("desk:enter_rating_of", args=[node.key])
    assert guide.get(address).status_code == 422
    assert guide.post(address, {"channel": "paper", "level": "1"}).status_code == 422
    assert not Rating.objects.exists()
    assert officer(people, "张敏").get(address).status_code == 403


def test_a_ticket_is_found_by_the_label_people_say(people):
    from zhengtong.domains.hall import queries as hall
    from zhengtong.rules.refusal import Refusal

    hall_of(people)
    with pytest.raises(Refusal):
        hall.ticket_by_label("H01", timezone.localdate(), "A001")
    page = officer(people, "罗婉秋").get(reverse("desk:enter_rating"), {"q": "a001", "on": "2026-09-24"})
    assert "没有可以评价的服务" in text(page)


# --- words ---


def test_words_wait_seven_days_and_are_judged_once(people):
    from zhengtong.domains.ratings.names import SMS, token

    client, address = officer(people, "蒋华"), reverse("desk:rating_texts")
    node = service(people)
    link = reverse("portal:rate_link", args=[token(node.key, SMS)])
    Client().post(link, {"step": "send", "level": "4", "text": "张敏很好，打我13800000001"})
    assert "没有等着看的文字" in text(client.get(address))  # not before the seven days are over
    Node.objects.update(opened_on=timezone.localdate() - timedelta(days=8))
    page = text(client.get(address))
    assert "打我***" in page
    assert PHONE not in page
    number = Rating.objects.get().number
    judge = reverse("desk:rating_text", args=[number])
    assert client.post(judge, {"step": "publish", "text": "  "}).status_code == 422
    assert client.post(judge, {"step": "publish", "text": "很好"}).status_code == 302
    assert client.post(judge, {"step": "withhold"}).status_code == 422
    assert Rating.objects.get().published_text == "很好"
    assert officer(people, "吴涛").get(address).status_code == 403


# --- figures ---


def test_every_figure_prints_its_base_and_opens_its_rows(people, django_assert_max_num_queries):
    rated(people, 6, 2, timedelta(days=1))
    rated(people, 2, 5, timedelta(days=1))
    for number in range(2):
        service(people, f"silent{number}", timedelta(days=1))
    actions.count_ratings(at=timezone.now())
    client = officer(people, "吴涛")
    on = (timezone.localdate() - timedelta(days=1)).isoformat()
    asked = {"period": "day", "on": on, "group": "person"}
    client.get(reverse("watch:ratings"), asked)
    with django_assert_max_num_queries(22):
        page = text(client.get(reverse("watch:ratings"), asked))
    for words in ("75.0%", "6 / 8", "80.0%", "8 / 10", "25.0%", "2 / 8"):
        assert words in page, words
    rows = reverse("watch:rating_rows")
    officer_id = people.officers["李军"].pk
    behind = {"measure": "bad", "since": on, "until": on, "group": "person", "key": officer_id}
    with django_assert_max_num_queries(20):
        page = text(client.get(rows, behind))
    assert "2 次服务" in page
    unhappy = Node.objects.filter(level=5).first()
    for secret in ("李军5", PHONE, "13800", unhappy.key, unhappy.subject_key):
        assert secret not in page
    for number in ("x", "9" * 30, "²", "-1"):
        assert client.get(rows, behind | {"key": number}).status_code == 404
    assert client.get(rows, behind | {"measure": "who"}).status_code == 404
    for group in ("organ", "section", "window", "item", "hall", "platform", "channel"):
        assert client.get(reverse("watch:ratings"), asked | {"group": group}).status_code == 200
        keys = {"hall": "H01", "platform": "online", "channel": "sms"}
        found = client.get(
            rows, {"measure": "rated", "since": on, "until": on, "group": group, "key": keys.get(group, "1")}
        )
        assert found.status_code == 200
    for form in ("csv", "xlsx"):
        answer = client.get(reverse("watch:rating_export", args=[form]), asked)
        assert answer.status_code == 200
        assert "李军5" not in text(answer)


def test_heads_see_whole_published_months_and_only_their_organ(people):
    rated(people, 6, 5, timedelta(days=2))
    head, supervisor = officer(people, "孙丽"), officer(people, "吴涛")
    on = (timezone.localdate() - timedelta(days=2)).isoformat()
    asked = {"period": "range", "since": on, "until": on}
    assert "6 / 6" in text(supervisor.get(reverse("watch:ratings"), asked))
    page = text(head.get(reverse("watch:ratings"), asked))
    assert "为保护评价人" in page
    assert "6 / 6" not in page
    behind = {"measure": "bad", "since": on, "until": on}
    assert "这里没有评价" in text(head.get(reverse("watch:rating_rows"), behind))
    month = queries.published_month(timezone.localdate())
    rated(people, 6, 1, timezone.localdate() - month - timedelta(days=10))
    one_day = (month + timedelta(days=10)).isoformat()
    for asked_for in ({"period": "day", "on": one_day}, {"period": "range", "since": one_day, "until": one_day}):
        page = text(
            head.get(reverse("watch:ratings"), asked_for)
        )  # a day of it is the month: less another tells nobody
        assert "6 / 6" in page
        assert f"{month.year}年{month.month}月" in page
        assert "自选起日" not in page
    assert head.get(reverse("watch:ratings"), asked | {"organ": "nobody"}).status_code == 404
    assert officer(people, "李军").get(reverse("watch:ratings")).status_code == 403


def test_an_officer_sees_whole_months_and_few_are_not_told_apart(people, django_assert_max_num_queries):
    month = queries.published_month(timezone.localdate())
    rated(people, 4, 5, timezone.localdate() - month)
    client, address = officer(people, "李军"), reverse("desk:ratings_of_me")
    client.get(address)
    with django_assert_max_num_queries(16):
        page = text(client.get(address))
    assert "评价太少" in page
    rated(people, 4, 2, timezone.localdate() - month)
    main = text(client.get(address)).split("<main")[1].split("</main>")[0]
    assert "评价太少" not in main
    rated(people, 6, 5, timedelta(days=8))  # the running month stays shut, day by day one would see who it was
    assert Fact.objects.filter(cut="person", grain="M").count() == 2
    assert text(client.get(address)).split("<main")[1].split("</main>")[0] == main


def test_rows_of_a_day_stand_in_an_order_that_says_nothing(people):
    rated(people, 30, 2, timedelta(days=1))
    on = timezone.localdate() - timedelta(days=1)
    shown = [one.on for one in queries.rows("rated", on, on)]
    assert len(shown) == 30
    keys = list(Node.objects.order_by("-opened_on", "key").values_list("pk", flat=True))
    assert keys != sorted(keys)
    assert keys != sorted(keys, reverse=True)


def test_in_english_too(people):
    node = service(people)
    rated(people, 6, 4, timedelta(days=1))
    rated(people, 6, 4, timezone.localdate() - queries.published_month(timezone.localdate()))
    guide, supervisor = officer(people, "罗婉秋", english=True), officer(people, "吴涛", english=True)
    on = (timezone.localdate() - timedelta(days=1)).isoformat()
    asked = {"period": "day", "on": on}
    pages = [
        guide.get(reverse("desk:enter_rating"), {"q": "L1"}),
        guide.get(reverse("desk:enter_rating_of", args=[node.key])),
        officer(people, "蒋华", english=True).get(reverse("desk:rating_texts")),
        officer(people, "李军", english=True).get(reverse("desk:ratings_of_me")),
        supervisor.get(reverse("watch:rating_rows"), {"measure": "bad", "since": on, "until": on}),
        officer(people, "孙丽", english=True).get(reverse("watch:ratings")),
        *(supervisor.get(reverse("watch:ratings"), asked | {"group": g}) for g in ("organ", "person", "item", "channel", "platform")),
    ]  # fmt: skip
    for page in pages:
        assert page.status_code == 200
        assert chinese_outside_marks(text(page)) == []
