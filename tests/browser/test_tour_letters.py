"""来信 in a real browser: a call is registered by keyboard, routed, drafted, approved; a tip reaches one desk; both sizes."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.views import each_view
from tests.people import Cast, cast
from zhengtong.domains.letters.models import Letter
from zhengtong.flows import letter_kept, letter_replied, letter_routed
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db) -> Cast:
    return cast()


@pytest.fixture
def seat(open_page, people: Cast):
    def sit(name: str, width: int = DESK, language: str = "zh"):
        return open_page(width, language, account=people.officers[name].account)

    return sit


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_complaint_by_phone_is_registered_routed_drafted_and_approved(
    people: Cast, server, seat, axe, shot, width: int
) -> None:
    clerk = seat("何清语", width)
    clerk.goto(f"{server.url}/desk/letters/")
    axe(clerk)
    clerk.get_by_role("link", name="登记来信").click()
    clerk.get_by_label("投诉", exact=True).check()
    clerk.get_by_label("主题").fill("窗口中午没有人")
    clerk.get_by_label("内容", exact=True).fill("十一点半去办事，窗口没有人，等了半小时。")
    clerk.get_by_label("来信人姓名").fill("林小雨")
    axe(clerk)
    shot(clerk, f"letters-new-{width}")
    clerk.get_by_role("button", name="登记", exact=True).click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("窗口中午没有人")
    axe(clerk)
    shot(clerk, f"letters-route-{width}")
    clerk.get_by_label("承办单位", exact=True).select_option(f"{people.organ.pk}-{people.section.pk}")
    clerk.get_by_role("button", name="转办", exact=True).click()
    expect(clerk.get_by_text("已转办，承办单位和来信人都已告知。")).to_be_visible()

    handler = seat("李军", width)
    handler.goto(f"{server.url}/desk/letters/")
    if width == DESK:  # the list is walked by keyboard
        handler.keyboard.press("j")
        handler.keyboard.press("Enter")
    else:
        handler.get_by_role("link", name="窗口中午没有人").click()
    handler.get_by_role("button", name="接办", exact=True).click()
    handler.get_by_label("部分属实").check()
    handler.get_by_label("答复内容").fill("经核查，当日午间只留一人值守，已改为两人轮换。")
    axe(handler)
    shot(handler, f"letters-draft-{width}")
    handler.get_by_role("button", name="送审批").click()
    expect(handler.get_by_text("答复已送审批。")).to_be_visible()

    chief = seat("赵强", width)
    letter = Letter.objects.get()
    chief.goto(f"{server.url}/desk/letters/{letter.number}/")
    axe(chief)
    chief.get_by_role("button", name="批准，发出").click()
    expect(chief.get_by_text("已批准，答复已发出。")).to_be_visible()
    shot(chief, f"letters-sent-{width}")
    letter.refresh_from_db()
    assert (letter.state, letter.finding) == ("SENT", "partly")


@each_view
def test_the_pages_of_the_letter_desk(
    people: Cast, server, seat, axe, shot, valid_html, width: int, language: str
) -> None:
    at, by = timezone.now(), people.acting("何清语")
    letter_kept.import_category_tree([("商贸流通", "预付卡")], by=by)
    letter_kept.save_rule(
        region="", category="01", about="", organ_code=people.organ.code, section_id=people.section.pk, by=by, at=at
    )
    letter_kept.save_template(
        None, name="咨询答复", kind="consultation", text="您好！您{received}的来信收到。", by=by, at=at
    )
    said = {
        "channel": Mailbox.WEB, "name": "林小雨", "phone": "15400990001", "account_id": people.citizen.pk,
        "by": people.applicant, "at": at,
    }  # fmt: skip
    letter = receive(
        kind=LetterKind.CONSULTATION,
        subject_line="预付卡要备案吗",
        text="开店卖卡要不要备案？",
        category="01.01",
        **said,
    )
    receive(kind=LetterKind.CONSULTATION, subject_line="预付卡要备案吗", text="开店卖卡要不要备案？再问一次。", **said)
    letter_routed.take_letter(letter.number, seen=None, by=people.acting("李军"), at=at)
    letter_replied.send_reply(
        letter.number, text="发卡之日起三十日内备案。", mode="written", seen=None, by=people.acting("李军"), at=at
    )
    page, pages = seat("何清语", width, language), {}
    for name, path in (
        ("list", "letters/"), ("all", "letters/all/"), ("letter", f"letters/{letter.number}/"),
        ("publication", f"letters/{letter.number}/publication/"), ("revisits", "letters/revisits/"),
        ("publications", "letters/publications/"), ("rules", "letters/rules/"), ("categories", "letters/categories/"),
        ("templates", "letters/templates/"),
    ):  # fmt: skip
        page.goto(f"{server.url}/desk/{path}")
        axe(page)
        shot(page, f"letters-{name}-{width}-{language}")
        pages[name] = page.content()
    page.goto(f"{server.url}/watch/letters/?group=kind")
    axe(page)
    shot(page, f"letters-figures-{width}-{language}")
    if width == DESK:
        valid_html(pages)


@each_view
def test_whoever_tells_of_an_official_gets_a_number_and_reads_the_state_by_it(
    people: Cast, server, open_page, axe, width: int, language: str
) -> None:
    page = open_page(width, language)
    page.goto(f"{server.url}/letters/tip/")
    page.locator("[name=subject_line]").fill("某科张三")
    page.locator("[name=text]").fill("收了一盒银耳。")
    page.locator("main form button").last.click()
    number, code = page.locator(".number").all_inner_texts()
    axe(page)
    assert Letter.objects.get().number == number
    page.goto(f"{server.url}/letters/track/")
    page.locator("[name=number]").fill(number)
    page.locator("[name=code]").fill(code)
    page.locator("main form button").last.click()
    said = {"zh": "廉政受理人员已收到", "en": "Received by the integrity desk"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(said)
    assert "银耳" not in page.content()
    axe(page)


def test_a_tip_is_read_by_the_integrity_desk_alone(people: Cast, server, seat, axe) -> None:
    receive(
        kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="窗口人员收礼", text="有人收了购物卡。",
        by=people.applicant, at=timezone.now(),
    )  # fmt: skip
    desk = seat("孟守正")
    desk.goto(f"{server.url}/desk/letters/")
    desk.get_by_role("link", name="窗口人员收礼").click()
    axe(desk)
    expect(desk.get_by_text("问题线索只由廉政受理岗办理")).to_be_visible()
    for name in ("何清语", "吴涛"):
        other = seat(name)
        other.goto(f"{server.url}/desk/letters/all/")
        expect(other.get_by_text("窗口人员收礼")).to_have_count(0)


@pytest.mark.parametrize(("width", "language"), [(DESK, "zh"), (PHONE, "en")])
def test_a_letter_becomes_a_draft_and_its_author_goes_on_with_it(
    transactional_db, server, open_page, axe, shot, width: int, language: str
) -> None:
    people = cast("991021026000")
    letter = receive(
        kind=LetterKind.HELP, channel=Mailbox.WEB, subject_line="想办洗染业备案", text="请帮我办备案。",
        name="林小雨", phone="15400990001", account_id=people.citizen.pk, by=people.applicant, at=timezone.now(),
    )  # fmt: skip
    clerk = open_page(width, language, account=people.officers["何清语"].account)
    clerk.goto(f"{server.url}/desk/letters/{letter.number}/")
    form = clerk.locator("form[action$='/convert-case/']")
    clerk.locator("details:has(form[action$='/convert-case/']) summary").click()
    form.locator("input[name=item_code]").fill(people.item("991021026000").item_code)
    form.locator("textarea[name=told]").fill("已为您建好申请，请补齐后提交。")
    axe(clerk)
    shot(clerk, f"letters-convert-{width}-{language}")
    form.locator("button").click()
    expect(clerk.locator(".notice.success").first).to_be_visible()
    author = open_page(width, language, account=people.citizen)
    author.goto(f"{server.url}/letters/{letter.number}/")
    axe(author)
    shot(author, f"letters-converted-{width}-{language}")
    author.locator("main a[href^='/applications/']").first.click()
    expect(author.locator("h1")).to_be_visible()
    axe(author)
    shot(author, f"letters-draft-of-{width}-{language}")
