"""好差评 at the public door: two questions, a link that ends, one word more, and what everybody may read."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.people import Cast, cast
from tests.web.portal import as_enterprise, chinese_outside_marks, signed_in, text
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.rules.ratings_publication import last_month, masked

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def people() -> Cast:
    return cast()


def service(people: Cast, number: str = "L1", **whose) -> Node:
    at = timezone.now() - timedelta(minutes=5)
    return actions.open_node(
        "letter", ("letter", number), organ_id=people.organ.pk, officer_id=people.officers["李军"].pk,
        item_id=people.item().pk, item_name="单用途商业预付卡备案", opened_at=at, by=SYSTEM, at=at,
        **({"account_id": people.citizen.pk} | whose),
    )  # fmt: skip


def rate_at(node: Node) -> str:
    return reverse("portal:rate", args=[node.key])


def test_two_questions_one_a_page_without_scripts(people, django_assert_max_num_queries):
    node, client = service(people), signed_in(people.citizen)
    client.get(rate_at(node))
    with django_assert_max_num_queries(8):
        first = client.get(rate_at(node))
    assert "这次服务怎么样" in text(first)
    assert text(first).count('type="radio"') == 5
    second = client.post(rate_at(node), {"step": "level", "level": "4"})
    assert "我们会核实" in text(second)
    assert "办得慢" in text(second)  # a bad level asks what was bad
    assert not Rating.objects.exists()
    sent = {"step": "send", "level": "4", "reasons": ["efficiency"], "text": "等了很久"}
    answer = client.post(rate_at(node), sent)
    assert answer.url == f"/ratings/{node.key}/done/"
    done = text(client.get(answer.url))
    for words in ("不满意", "办得慢", "等了很久", "一个工作日内派给"):
        assert words in done
    rating = Rating.objects.get()
    assert (rating.level, rating.channel, rating.real_name, rating.reasons) == (4, "pc", True, ["efficiency"])
    # A second tab that was open all the while, and the back button.
    again = client.post(rate_at(node), sent)
    assert again.url == answer.url
    assert Rating.objects.count() == 1


def test_nothing_chosen_stands_beside_the_question(people):
    node, client = service(people), signed_in(people.citizen)
    answer = client.post(rate_at(node), {"step": "level"})
    assert answer.status_code == 422
    assert "这次服务怎么样？请选一项" in text(answer)
    for bad in ({"level": "9"}, {"level": "-1"}, {"level": "9" * 40}, {"step": "send", "level": "1x"}):
        assert client.post(rate_at(node), bad).status_code == 422
    long = client.post(rate_at(node), {"step": "send", "level": "1", "text": "好" * 501})
    assert long.status_code == 422
    steering = client.post(rate_at(node), {"step": "send", "level": "1", "text": "好\u202e评"})
    assert steering.status_code == 422
    assert not Rating.objects.exists()


def test_a_strangers_service_and_none_at_all_answer_alike(people):
    node, stranger = service(people), signed_in(people.stranger)
    for key in (node.key, "ABCDEFGHJKLM"):
        for page in ("rate", "rated", "rate_more"):
            answer = stranger.get(reverse(f"portal:{page}", args=[key]))
            assert (answer.status_code, "没有找到可以由您评价的这次服务" in text(answer)) == (404, True)
    assert stranger.post(rate_at(node), {"step": "send", "level": "1"}).status_code == 404
    assert node.key not in text(stranger.get(reverse("portal:my_ratings")))
    assert Client().get(rate_at(node)).status_code == 302  # signs in first


def test_an_officer_signed_in_rates_nothing_of_his_own(people):
    officer = people.officers["李军"]
    node = service(people, account_id=officer.account_id)
    answer = signed_in(officer.account).post(rate_at(node), {"step": "send", "level": "1"})
    assert answer.status_code == 422
    assert "您参与了这次服务" in text(answer)
    assert not Rating.objects.exists()


def test_the_link_says_item_and_day_and_no_more(people):
    node = service(people, "L2026000017", account_id=None, phone=PHONE)
    link = reverse("portal:rate_link", args=[names.token(node.key, names.SMS)])
    client = Client()
    page = text(client.get(link))
    assert "单用途商业预付卡备案" in page
    for secret in ("L2026000017", PHONE, "138", "0001", "林"):
        assert secret not in page.split("<main")[1].split("</main>")[0], secret
    answer = client.post(link, {"step": "send", "level": "2", "text": ""})
    assert answer.url == link
    page = text(client.get(link))
    assert "评价已经收到" in page
    assert "非常" not in page  # nor does it tell the next one what was said
    assert client.post(link, {"step": "send", "level": "5"}).status_code == 200
    assert Rating.objects.get().level == 2


def test_a_link_that_is_wrong_or_has_ended(people):
    node = service(people, account_id=None, phone=PHONE)
    for token in ("A" * 20, node.key, node.key + "A" * 8, names.token(node.key, "other")):
        answer = Client().get(reverse("portal:rate_link", args=[token]))
        assert answer.status_code == 422
        assert "链接不完整或已经失效" in text(answer)
    Node.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    link = reverse("portal:rate_link", args=[names.token(node.key, names.SMS)])
    assert "评价时间已过" in text(Client().get(link))
    Client().post(link, {"step": "send", "level": "1"})
    assert not Rating.objects.exists()


def test_the_code_on_a_paper_sends_the_link_to_the_phone_of_the_service(people):
    """A clerk who scans the slip in his hand learns nothing and rates nothing."""
    node = service(people, account_id=None, phone=PHONE)
    slip = names.token(node.key, names.SLIP)
    link = reverse("portal:rate_link", args=[slip])
    page = text(Client().get(link))
    assert "先确认是您本人" in page
    assert "0001" not in page.split("<main")[1].split("</main>")[0]
    assert Client().post(link, {"step": "send", "level": "1"}).status_code == 200
    assert not Rating.objects.exists()
    client = Client()
    for _ in range(3):
        client.post(reverse("portal:rate_send", args=[slip]))
    (told,) = Message.objects.filter(kind="rating.link")  # once a day, however often it is pressed
    assert names.token(node.key, names.SMS) in told.payload["path"]


def test_added_to_once_and_nothing_disappears(people):
    node, client = service(people), signed_in(people.citizen)
    client.post(rate_at(node), {"step": "send", "level": "1", "text": "很好"})
    more = reverse("portal:rate_more", args=[node.key])
    assert "一直保留" in text(client.get(more))
    assert client.post(more, {"level": "5", "text": "后来发现办错了"}).status_code == 302
    done = text(client.get(reverse("portal:rated", args=[node.key])))
    for words in ("很好", "后来发现办错了", "非常满意", "非常不满意", "一个工作日内派给"):
        assert words in done
    assert client.post(more, {"level": "1", "text": ""}).status_code == 422


def test_a_colleague_sees_that_it_was_rated_and_not_how(people):
    node = service(people, account_id=people.citizen.pk, enterprise_id=people.enterprise.pk)
    as_enterprise(people).post(rate_at(node), {"step": "send", "level": "5", "text": "秘密的话"})
    Rating.objects.update(account_id=people.stranger.pk)  # as if the colleague had given it
    page = text(as_enterprise(people).get(reverse("portal:rated", args=[node.key])))
    assert "已经有人以这个企业的名义评价过" in page
    for secret in ("秘密的话", "不满意"):
        assert secret not in page.split("<main")[1].split("</main>")[0]
    assert "已有人评价" in text(as_enterprise(people).get(reverse("portal:my_ratings")))


def test_my_ratings_page_by_page(people, django_assert_max_num_queries):
    for number in range(25):
        service(people, f"L{number}")
    client = signed_in(people.citizen)
    client.get(reverse("portal:my_ratings"))
    with django_assert_max_num_queries(7):
        page = text(client.get(reverse("portal:my_ratings")))
    assert page.count("可以评到") == 20
    before = page.split("?before=")[1].split('"')[0]
    assert text(client.get(reverse("portal:my_ratings"), {"before": before})).count("可以评到") == 5


def published(people: Cast, count: int, level: int = 2) -> None:
    """Services of the newest published month, rated."""
    month = queries.published_month(timezone.localdate())
    for number in range(count):
        node = service(people, f"P{number}")
        on = month + timedelta(days=number % 28)
        Node.objects.filter(pk=node.pk).update(opened_on=on, state="RATED", level=level, channel="sms")
    actions.count_ratings(at=timezone.now())


def test_published_counts_have_their_base_and_few_are_not_told_apart(people, django_assert_max_num_queries):
    published(people, 4, level=5)
    page = text(Client().get(reverse("portal:ratings_published")))
    assert "评价少于 5 次" in page
    assert "0.0%" not in page
    published(people, 9)
    with django_assert_max_num_queries(10):
        page = text(Client().get(reverse("portal:ratings_published"), {"group": "item"}))
    assert "单用途商业预付卡" in page
    for query in (
        "group=x",
        "month=2026-13",
        "month=9999-01",
        "month=0001-01",
        "month=²",
        "page=" + "9" * 30,
        "page=-1",
    ):
        assert Client().get(reverse("portal:ratings_published") + "?" + query).status_code == 200


def test_words_are_read_only_after_a_person_has_looked(people):
    node = service(people)
    signed_in(people.citizen).post(rate_at(node), {"step": "send", "level": "4", "text": "找林小雨 13800000001"})
    month = queries.published_month(timezone.localdate())
    Node.objects.update(opened_on=month)
    page = reverse("portal:ratings_published")
    assert "林小雨" not in text(Client().get(page))
    rating = Rating.objects.get()
    actions.publish_text(rating.number, text="找*** ***", by=people.acting("蒋华"), at=timezone.now())
    assert "找*** ***" in text(Client().get(page))
    assert "林小雨" not in text(Client().get(page))
    rating.refresh_from_db()
    assert rating.text == "找林小雨 13800000001"  # the original stays


def test_what_is_masked_by_itself():
    assert masked("打13800000001或0990-1234567，微信abc12345") == "打***或***，***"
    assert masked("身份证990101199003071233，邮箱a.b@c.com") == "身份证***，邮箱***"
    assert masked("等了3天，跑了2次") == "等了3天，跑了2次"
    from datetime import date

    assert last_month(date(2026, 11, 7), 7) == date(2026, 9, 1)  # windows of October are still open
    assert last_month(date(2026, 11, 8), 7) == date(2026, 10, 1)


def test_the_whole_less_the_shown_tells_no_few():
    from zhengtong.rules.ratings_figures import Counts
    from zhengtong.rules.ratings_publication import told_apart

    def of(rated):
        return Counts(rated, (rated, 0, 0, 0, 0))

    assert told_apart({"a": of(24), "b": of(5), "c": of(4)}, 5) == {"a"}  # else c = whole - a - b
    assert told_apart({"a": of(24), "b": of(4), "c": of(4)}, 5) == {"a"}
    assert told_apart({"a": of(24), "b": of(5), "c": of(0)}, 5) == {"a", "b"}
    assert told_apart({"a": of(24), "b": of(1)}, 5) == set()
    assert told_apart({}, 5) == set()


PAGES = ("my_ratings", "ratings_published")


def test_in_english_too(people):
    node = service(people)
    client = signed_in(people.citizen, english=True)
    link = names.token(service(people, "L9", account_id=None, phone=PHONE).key, names.SLIP)
    published(people, 6)
    pages = [
        client.get(rate_at(node)), client.post(rate_at(node), {"step": "level", "level": "4"}),
        client.get(reverse("portal:rate_link", args=[link])),
    ]  # fmt: skip
    client.post(rate_at(node), {"step": "send", "level": "4", "reasons": ["guide"]})
    pages += [client.get(reverse(f"portal:{name}", args=[node.key])) for name in ("rated", "rate_more")]
    pages += [client.get(reverse(f"portal:{name}")) for name in PAGES]
    pages += [
        client.get(reverse("portal:ratings_published"), {"group": name}) for name in ("item", "channel", "platform")
    ]
    for page in pages:
        assert page.status_code == 200
        assert chinese_outside_marks(text(page)) == []
