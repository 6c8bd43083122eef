"""Letters and knowledge from the people's side in a real browser: write, be answered, judge; find, read, say it helped."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.views import each_view
from tests.flows.test_letters import answered, default_rule
from tests.people import Cast, cast
from tests.web.test_frame_pages import strayed
from zhengtong.base.outbox.models import Message
from zhengtong.domains.knowledge import actions as knowledge
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.domains.letters.models import Category, Letter, Publication
from zhengtong.rules.knowledge import ArticleKind, Topic

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLES = (
    ("prepaid-refund", ArticleKind.ANSWER, Topic.PREPAID, "预付卡里的余额能退吗？", "Can the balance of a prepaid card be refunded?", "先看章程。过期的可以换卡，余额不能没收。", "First see the terms. For an expired card the issuer must exchange it."),
    ("term-prepaid", ArticleKind.TERM, Topic.PREPAID, "单用途商业预付卡", "Single-purpose commercial prepaid card", "只在本企业或者同一品牌内使用的预付凭证。", "A voucher paid in advance, good in one company or brand only."),
    ("case-card", ArticleKind.STUDY, Topic.PREPAID, "案例：健身房换了招牌", "Case: The gym changed its name", "（虚构案例）找发卡企业，不是找招牌。", "(Invented.) Look for the issuing company, not the sign."),
)  # fmt: skip


def library(people: Cast) -> None:
    editor, checker, at = people.acting("冯雪"), people.acting("何清语"), timezone.now()
    for key, kind, topic, question, question_en, answer, answer_en in ARTICLES:
        source = {"name": "单用途商业预付卡管理办法（试行）", "article": "第十九条", "url": ""}
        wording = Wording(question, answer, question_en, answer_en, aliases=["退卡"], sources=[source])
        article = knowledge.draft(key, kind, topic, wording, organ_id=people.organ.pk, by=editor, at=at)
        knowledge.send_to_check(article, by=editor, at=at)
        knowledge.publish(article, by=checker, at=at)


@pytest.fixture
def people(transactional_db) -> Cast:
    cache.clear()
    people = cast()
    top = Category.objects.create(code="01", name="消费维权", name_en="Consumer rights", path="01")
    Category.objects.create(code="0101", name="预付卡", name_en="Prepaid cards", parent=top, level=2, path="01.0101")
    default_rule(people)
    library(people)
    return people


def code_sent() -> str:
    text = Message.objects.filter(channel="sms").latest("pk").payload["text"]
    return re.search(r"\d{6}", text)[0]


@each_view
def test_a_letter_is_written_without_an_account_and_followed(people, server, open_page, axe, shot, width, language):
    page = open_page(width, language)
    page.expected_errors.append("422")
    seen: dict[str, str] = {}

    def looked(name: str) -> None:
        axe(page)
        shot(page, f"voice-{name}-{width}-{language}")
        if language == "en":
            assert strayed(page.content()) == [], name
        seen[name] = page.content()

    def onward(name: str) -> None:
        looked(name)
        page.locator("main form .btn").first.click()

    page.goto(f"{server.url}/letters/")
    looked("letters")
    page.locator("a[href*='kind=consultation']").click()
    onward("about")
    page.locator("#id_subject_line").fill("健身卡退钱")
    page.locator("#id_text").fill("健身房换了老板，预付卡里的余额能退吗？")
    expect(page.locator("#suggested a").first).to_be_visible()
    looked("text")
    page.locator(".form-end .btn").click()
    expect(page.locator("main details").first).to_be_visible()
    looked("answers")
    page.locator("button[value=no]").click()
    page.locator(".form-end .btn").click()
    expect(page.locator("[data-summary]")).to_be_visible()
    looked("contact-wrong")
    page.locator("input[value=phone]").check()
    page.locator("#id_phone").fill("13900000009")
    looked("contact")
    page.locator(".form-end .btn").click()
    looked("code")
    page.locator("#id_code").fill(code_sent())
    page.locator(".form-end .btn").click()
    looked("files")
    page.locator(".form-end .btn").click()
    looked("check")
    page.locator(".form-end .btn").click()
    expect(page.locator(".number").first).to_be_visible()
    looked("sent")
    page.goto(f"{server.url}/letters/{Letter.objects.get().number}/")
    looked("letter")


@pytest.mark.parametrize(("width", "language"), [(PHONE, "zh"), (DESK, "en")])
def test_every_other_page_of_letters_and_knowledge(people, server, open_page, axe, shot, valid_html, width, language):
    letter = answered(people, account_id=people.citizen.pk)
    Publication.objects.create(
        letter=letter, state=Publication.PUBLISHED, title="停车收费吗", question="停车收费吗？", answer="前两小时不收。",
        proposed_at=timezone.now(), proposed_by=people.officers["何清语"], published_at=timezone.now(),
        organ=people.organ,
    )  # fmt: skip
    page, sources = open_page(width, language, account=people.citizen), {}
    for name, address in (
        ("mine", "/letters/mine/"), ("answered", f"/letters/{letter.number}/"), ("typical", "/letters/typical/"),
        ("typical-letter", f"/letters/typical/{letter.number}/"), ("figures", "/letters/figures/"),
        ("track", "/letters/track/"), ("tip", "/letters/tip/"), ("knowledge", "/knowledge/"),
        ("knowledge-search", "/knowledge/?q=预付咔退钱"), ("knowledge-none", "/knowledge/?q=zzzz"),
        ("knowledge-terms", "/knowledge/?kind=term"), ("topic", "/knowledge/topics/prepaid/"),
        ("article", "/knowledge/prepaid-refund/"), ("items-none", "/items/?q=健身卡退卡"), ("home", "/"),
    ):  # fmt: skip
        response = page.goto(server.url + address)
        assert response.status == 200, address
        sources[name] = response.text()
        axe(page)
        shot(page, f"voice-{name}-{width}-{language}")
        if language == "en":
            assert strayed(page.content()) == [], name
    valid_html(sources)


def test_a_reader_says_whether_it_helped_without_scripts(people, server, open_page):
    page = open_page(PHONE, "zh", scripts=False)
    page.goto(f"{server.url}/knowledge/prepaid-refund/")
    page.get_by_role("button", name="有帮助", exact=True).click()
    expect(page.get_by_text("1 人回答过，1 人说有帮助。")).to_be_visible()
    page.get_by_text("没有帮助", exact=True).click()
    page.get_by_label("看不明白").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("1 人回答过，0 人说有帮助。")).to_be_visible()


@pytest.mark.parametrize(("width", "language"), [(DESK, "zh"), (PHONE, "en")])
def test_keepers_write_check_and_publish(people, server, open_page, axe, shot, valid_html, width, language):
    editor = open_page(width, language, account=people.officers["冯雪"].account)
    sources = {}

    def looked(page, name: str) -> None:
        axe(page)
        shot(page, f"voice-desk-{name}-{width}-{language}")
        if language == "en":
            assert strayed(page.content()) == [], name
        sources[name] = page.context.request.get(page.url).text()

    editor.goto(f"{server.url}/desk/knowledge/")
    looked(editor, "list")
    editor.goto(f"{server.url}/desk/knowledge/import/")
    looked(editor, "import")
    editor.goto(f"{server.url}/desk/knowledge/new/")
    editor.locator("#id_question").fill("大厅几点开门？")
    editor.locator("#id_answer").fill("工作日九点，中午不休息。")
    editor.locator("button[value=preview]").click()
    expect(editor.locator("#preview")).to_be_visible()
    looked(editor, "edit")
    editor.locator(".form-end .btn").first.click()
    looked(editor, "draft")
    editor.locator("[data-key=a]").click()
    expect(editor.locator(".notice").first).to_be_visible()
    checker = open_page(width, language, account=people.officers["何清语"].account)
    checker.goto(f"{server.url}/desk/knowledge/?shelf=checking")
    looked(checker, "checking")
    checker.locator("[data-open]").click()
    checker.locator("[data-key=a]").click()
    looked(checker, "published")
    checker.goto(f"{server.url}/knowledge/?q=大厅几点开门")
    expect(checker.locator("main h2 a").first).to_have_text("大厅几点开门？")
    valid_html(sources)
