"""The pages anybody may open: what stands on them, what they ask of the database, and both languages."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import AT, Cast, cast
from tests.web.portal import chinese_outside_marks
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.catalogue import actions as catalogue
from zhengtong.domains.knowledge import actions as knowledge
from zhengtong.domains.knowledge.models import Article
from zhengtong.rules.knowledge import ArticleKind, Topic

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/items/", "/items/?q=预付卡", "/items/?q=nothinglikeit", "/track/", "/calendar/", "/about/", "/privacy/", "/help/",
          "/calendar/?start=2026-09-24&amount=5&unit=working_day"]  # fmt: skip


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def english() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_answer_in_both_languages(people: Cast, client: Client, english: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    page = english.get(path)
    assert page.status_code == 200
    assert chinese_outside_marks(page.content.decode()) == []


def test_home_names_the_featured_item_with_its_days(
    people: Cast, client: Client, django_assert_max_num_queries
) -> None:
    client.get("/")
    with django_assert_max_num_queries(8):
        page = client.get("/").content.decode()
    assert "单用途商业预付卡发卡企业备案" in page
    assert "5 个工作日" in page
    assert "压缩 75%" in page
    assert "材料 6 份，其中 3 份您不用交" in page


@pytest.mark.parametrize("text", ["预付卡", "yufuka", "yfk", "prepaid card"])
def test_search_understands_chinese_pinyin_initials_and_english(people: Cast, client: Client, text: str) -> None:
    page = client.get("/items/", {"q": text}).content.decode()
    assert "单用途商业预付卡发卡企业备案" in page


def test_search_filters_and_an_empty_result_says_what_next(people: Cast, client: Client) -> None:
    item = people.item()
    found = client.get("/items/", {"organ": people.organ.code, "topic": "备案", "applicant": "2", "online": "1"})
    assert item.item_code in found.content.decode()
    none = client.get("/items/", {"q": "预付卡", "applicant": "1"}).content.decode()
    assert "没有找到这样的事项" in none
    assert "不筛选再找" in none


def test_list_costs_the_same_whatever_is_asked(people: Cast, client: Client, django_assert_max_num_queries) -> None:
    client.get("/items/")
    with django_assert_max_num_queries(9):
        client.get("/items/", {"q": "预付卡", "topic": "备案"})


def test_guide_shows_the_elements_people_need(people: Cast, client: Client, django_assert_max_num_queries) -> None:
    item = people.item()
    url = reverse("portal:item", args=[item.item_code])
    client.get(url)
    with django_assert_max_num_queries(8):  # two of them for what people said of it, one for questions answered
        page = client.get(url).content.decode()
    for words in ["材料 6 份，其中 3 份您不用交", "办理流程", "设定依据", "单用途商业预付卡管理办法", "0980-6624384", "常见问题",
                  "什么情况可以办", "监督投诉", "不收费", "近 90 天没有办结的件", "在线办理"]:  # fmt: skip
        assert words in page, words


def test_guide_links_the_questions_answered_about_it(
    people: Cast, client: Client, django_assert_max_num_queries
) -> None:
    item, editor, checker = people.item(), people.acting("冯雪"), people.acting("何清语")

    def answered(key: str, question: str, *items: str, published: bool = True) -> None:
        words = knowledge.Wording(question, "看章程。", items=list(items))
        row = knowledge.draft(key, ArticleKind.ANSWER, Topic.PREPAID, words, organ_id=people.organ.pk, by=editor, at=AT)
        knowledge.send_to_check(row, by=editor, at=AT)
        if published:
            knowledge.publish(row, by=checker, at=AT)

    for number in range(7):
        answered(f"a{number}", f"第{number}问？", item.item_code)
    answered("other", "别的事？", "991021024000")
    answered("waits", "还没发布？", item.item_code, published=False)
    for visitor in ("x", "y"):
        knowledge.judge(Article.objects.get(key="a6"), visitor=visitor, helped=True, at=AT)
    url = reverse("portal:item", args=[item.item_code])
    client.get(url)
    with django_assert_max_num_queries(9):
        page = client.get(url).content.decode()
    shown = re.findall(r"第\d问？", page)
    assert len(shown) == 5, "few"
    assert shown[0] == "第6问？", "what helped most goes first"
    assert reverse("portal:article", args=["a6"]) in page
    assert "2 人回答过，2 人说有帮助。" in page
    assert "别的事？" not in page
    assert "还没发布？" not in page
    english = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert "2 readers answered, 2 said it helped." in english
    assert chinese_outside_marks(english) == []


def test_guide_of_a_suspended_item_takes_no_application(people: Cast, client: Client) -> None:
    item = people.item()
    url = reverse("portal:item", args=[item.item_code])
    assert reverse("portal:apply", args=[item.item_code]) in client.get(url).content.decode()
    catalogue.suspend(item.item_code, reason="系统升级", by=SYSTEM, at=AT)
    page = client.get(url).content.decode()
    assert "暂停受理" in page
    assert "系统升级" in page
    assert reverse("portal:apply", args=[item.item_code]) not in page


def test_guide_of_a_retired_item_names_its_successor(client: Client) -> None:
    people = cast("991021011000", "991021024000")
    old, new = people.item(), people.item("991021024000")
    catalogue.retire(old.item_code, basis="国发〔2026〕1号", successor=new.item_code, by=SYSTEM, at=AT)
    page = client.get(reverse("portal:item", args=[old.item_code])).content.decode()
    assert "这个事项已经取消" in page
    assert new.name in page


def test_unknown_item_is_not_found(people: Cast, client: Client) -> None:
    assert client.get("/items/nothing/").status_code == 404


def test_guide_prints_as_pdf_and_the_form_as_a_page(people: Cast, client: Client) -> None:
    code = people.item().item_code
    pdf = client.get(reverse("portal:item_print", args=[code]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert "卡名称" in client.get(reverse("portal:item_form", args=[code])).content.decode()


def test_calculator_counts_as_the_pictured_case(people: Cast, client: Client) -> None:
    page = client.get("/calendar/", {"start": "2026-09-24", "amount": "5", "unit": "working_day"}).content.decode()
    assert "2026年10月9日" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "2026-02-30", "amount": "5", "unit": "working_day"},
        {"start": "2026-09-24", "amount": "many", "unit": "working_day"},
        {"start": "2026-09-24", "amount": "-1", "unit": "working_day"},
        {"start": "9999-12-31", "amount": "400", "unit": "working_day"},
        {"start": "2026-09-24", "amount": "5", "unit": "moon"},
    ],
)
def test_calculator_keeps_what_it_cannot_count(people: Cast, client: Client, asked: dict[str, str]) -> None:
    page = client.get("/calendar/", asked)
    assert page.status_code == 422
    assert f'value="{asked["start"]}"' in page.content.decode()


def test_search_shows_hostile_words_as_words(people: Cast, client: Client) -> None:
    page = client.get("/items/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


LISTED = {"item_code": "990100LISTED000001", "name": "只列入目录的事项", "name_en": "An item listed only"}


def test_an_item_that_is_only_listed_says_so_and_is_not_printed(people: Cast, client: Client, english: Client) -> None:
    catalogue.create_draft({**LISTED, "implementing_org": people.organ.code}, by=SYSTEM, at=AT, listed=True)
    url = reverse("portal:item", args=[LISTED["item_code"]])
    page = client.get(url).content.decode()
    assert "办事指南还在完善" in page
    assert reverse("portal:apply", args=[LISTED["item_code"]]) not in page
    assert chinese_outside_marks(english.get(url).content.decode()) == []
    assert client.get(reverse("portal:item_print", args=[LISTED["item_code"]])).status_code == 422
    assert client.get("/items/", {"q": "只列入目录"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/items/?after=" + "9" * 30,
        "/items/?after=" + "9" * 30 + "-" + "9" * 30,
        "/items/?q=%00&topic=%00&after=%00",
        "/items/?q=预付卡&after=" + "9" * 30,
        "/items/?organ=" + "x" * 5000,
    ],
)
def test_strange_addresses_are_answered_calmly(people: Cast, client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_addresses_that_name_nothing_are_not_found(people: Cast, client: Client) -> None:
    for path in ("/items/%00/", "/items/" + "9" * 60 + "/", "/track/%00/", "/track/9901/"):
        assert client.get(path).status_code == 404
