"""The public house in a real browser: every page on a phone and on a desk, in both languages, old and young."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from tests.answers import PDF
from tests.browser.views import each_view
from tests.people import Cast, cast, decided, drafted, reviewed, submitted
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.models import Case
from zhengtong.flows import request_supplement, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Cast:
    cache.clear()
    return cast()


def public_routes(people: Cast) -> dict[str, str]:
    code = people.item().item_code
    return {
        "home": "/",
        "items": "/items/",
        "search": "/items/?q=yufuka",
        "nothing": "/items/?q=nothinglikeit",
        "item": reverse("portal:item", args=[code]),
        "item_form": reverse("portal:item_form", args=[code]),
        "track": "/track/",
        "calendar": "/calendar/",
        "calendar_counted": "/calendar/?start=2026-09-24&amount=5&unit=working_day",
        "calendar_refused": "/calendar/?start=2026-09-24&amount=x&unit=working_day",
        "about": "/about/",
        "privacy": "/privacy/",
        "help": "/help/",
    }


def own_routes(people: Cast) -> dict[str, str]:
    draft = drafted(people, 1)
    empty = Application.objects.create(
        uid="00000000-0000-0000-0000-0000000000ff", item=draft.item, item_version=draft.item_version,
        account=people.citizen, channel="2", person=people.person, enterprise=people.enterprise,
        applicant_kind="enterprise", applicant_name=people.enterprise.name, created_at=draft.created_at,
        saved_at=draft.saved_at,
    )  # fmt: skip
    running, done, waiting = reviewed(people, 2), decided(people, 3), submitted(people, 4)
    talk.say(running.number, text="请问缺什么？", by=people.applicant, at=draft.saved_at)
    line = Defect("audited_statements", "经审计的上一年度财务报表", "缺审计意见", "请补上审计意见页")
    request_supplement.request_supplement(
        waiting.number, (line,), seen=None, by=people.acting("张敏"), at=draft.saved_at
    )

    def of(page: str, application: Application, *more: str) -> str:
        return reverse(f"portal:{page}", args=[application.uid, *more])

    return {
        "apply": reverse("portal:apply", args=[people.item().item_code]),
        "overview": of("draft", draft),
        "overview_empty": of("draft", empty),
        "situations": of("situations", draft),
        "section": of("section", draft, "enterprise"),
        "section_rows": of("section", draft, "stores"),
        "section_conditional": of("section", draft, "custody"),
        "materials": of("materials", draft),
        "delivery": of("delivery", draft),
        "check": of("check", draft),
        "check_missing": of("check", empty),
        "discard": of("discard", draft),
        "my_cases": "/applications/",
        "case": reverse("portal:case", args=[running.number]),
        "case_decided": reverse("portal:case", args=[done.number]),
        "case_supplement": reverse("portal:case", args=[waiting.number]),
        "clock": reverse("portal:clock", args=[running.number]),
        "submitted": reverse("portal:submitted", args=[running.number]),
        "withdraw": reverse("portal:withdraw", args=[running.number]),
        "supplement": reverse("portal:supplement", args=[waiting.number]),
        "messages": "/messages/",
        "mandates": "/mandates/",
        "give_mandate": "/mandates/new/",
        "identity": "/identity/",
    }


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@each_view
def test_every_page_fits_and_axe_finds_nothing(server, open_page, axe, shot, people, width, language):
    walk_every_page(server, open_page, axe, shot, people, width, language, elder=False)


def test_every_page_fits_a_narrow_phone_in_large_type(server, open_page, axe, shot, people):
    walk_every_page(server, open_page, axe, shot, people, 320, "zh", elder=True)


def walk_every_page(server, open_page, axe, shot, people, width, language, *, elder):
    own = own_routes(people)
    page = open_page(width, language, elder=elder)
    page.expected_errors.append("422")
    signed = open_page(width, language, elder=elder, account=people.citizen)
    told = []
    for browser, routes in ((page, public_routes(people)), (signed, own)):
        for name, path in routes.items():
            browser.goto(server.url + path)
            shot(browser, f"portal-{name}-{language}-{width}{'-elder' if elder else ''}")
            if not fits(browser):
                told.append(f"{name} is wider than {width} px")
            try:
                axe(browser)
            except AssertionError as fault:
                told.append(f"{name}: {fault}")
    assert not told, "\n".join(told)


def test_pages_are_valid_html(server, open_page, valid_html, people):
    own = own_routes(people)
    page, signed = open_page(), open_page(account=people.citizen, language="en")
    pages = {}
    for browser, routes in ((page, public_routes(people)), (signed, own)):
        for name, path in routes.items():
            pages[name] = browser.request.get(server.url + path).text()
    valid_html(pages)


def test_a_citizen_applies_on_a_phone_and_follows_the_case(server, open_page, axe, shot, people, tmp_path):
    file = tmp_path / "报表.pdf"
    file.write_bytes(PDF)
    page = open_page(390, account=people.citizen)
    page.expected_errors.append("422")
    page.goto(server.url + "/")
    page.get_by_role("searchbox").fill("yufuka")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="单用途商业预付卡发卡企业备案").click()
    page.get_by_role("link", name="在线办理").first.click()
    page.get_by_label("云泽联运商贸有限公司").check()
    page.get_by_role("button", name="开始").click()

    page.get_by_label("首次备案").check()
    page.get_by_label("规模发卡企业").check()
    page.get_by_label("没有", exact=True).check()
    page.get_by_role("button", name="保存并继续").last.click()

    expect(page.get_by_role("heading", name="企业基本情况")).to_be_visible()
    page.get_by_label("企业名称").fill("云泽联运")
    expect(page.locator("form [data-saved]")).to_contain_text("已保存")  # by itself
    page.get_by_role("button", name="保存并继续").last.click()
    axe(page)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("住所").fill("云湖区政通路 2 号")
    page.get_by_label("联系人手机").fill("13800000001")
    page.get_by_role("button", name="保存并继续").last.click()

    page.get_by_label("开展业务日期").fill("2026-08-03")
    page.get_by_label("卡名称").fill("联运卡")
    for group in ("卡的形式", "是否记名"):
        page.get_by_role("group", name=group).locator("label").first.click()
    page.get_by_label("单张最高面值").fill("1000")
    page.get_by_label("预收资金余额").fill("50000")
    page.get_by_role("button", name="保存并继续").last.click()

    expect(page.get_by_label("存管账号")).to_have_count(0)
    page.locator("input[value=bank]").check()
    expect(page.get_by_label("存管账号")).to_be_visible()  # asked as soon as it matters
    page.get_by_label("存管银行").fill("云泽银行")
    page.get_by_label("存管账号").fill("6222020200112230")
    page.get_by_label("存管比例").fill("40")
    page.get_by_role("button", name="保存并继续").last.click()

    page.get_by_label("门店名称").fill("一号店")
    page.get_by_role("button", name="再添一行").click()
    expect(page.get_by_label("门店名称")).to_have_count(2)
    page.get_by_role("button", name="删除第 2 行").click()
    page.get_by_label("地址").fill("云湖大道 1 号")
    page.get_by_role("group", name="与发卡企业的关系").locator("label").first.click()
    page.get_by_role("button", name="保存并继续").last.click()

    page.locator("input[value=electronic]").check()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="保存并继续").last.click()

    expect(page.get_by_role("heading", name="申请材料", exact=True)).to_be_visible()
    for name in ("经审计的上一年度财务报表", "单用途卡样本"):
        sheet = page.locator("section.material").filter(has_text=name)
        sheet.locator("input[type=file]").set_input_files(file)
        sheet.get_by_role("button", name="上传").click()
        expect(page.locator("section.material").filter(has_text=name).get_by_text("报表.pdf").first).to_be_visible()
    shot(page, "portal-tour-materials")
    page.get_by_role("button", name="继续").click()

    page.get_by_label("联系手机").fill("13800000001")
    page.get_by_role("button", name="保存并继续").last.click()
    axe(page)
    page.get_by_label("以上内容和材料真实").check()
    page.get_by_role("button", name="提交申请").dblclick()
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()
    axe(page)
    shot(page, "portal-tour-submitted")
    assert Case.objects.count() == 1

    page.get_by_role("link", name="查看进度").click()
    expect(page.get_by_text("等待经办人")).to_be_visible()
    page.get_by_label("留言").fill("材料已交齐。")
    page.get_by_role("button", name="送出").click()
    expect(page.locator(".thread")).to_contain_text("材料已交齐。")
    page.get_by_role("link", name="撤回").click()
    page.get_by_role("button", name="撤回申请").click()
    expect(page.locator("h1 + .lamp")).to_contain_text("已撤回")


def test_applying_works_without_scripts(server, open_page, people, tmp_path):
    file = tmp_path / "报表.pdf"
    file.write_bytes(PDF)
    draft = drafted(people, 1)
    page = open_page(390, scripts=False, account=people.citizen)
    page.expected_errors.append("422")
    page.goto(server.url + reverse("portal:section", args=[draft.uid, "stores"]))
    page.get_by_role("button", name="再添一行").click()
    expect(page.get_by_label("门店名称")).to_have_count(2)
    page.get_by_role("button", name="删除第 2 行").click()
    page.get_by_role("button", name="保存并继续").last.click()
    page.goto(server.url + reverse("portal:materials", args=[draft.uid]))
    sheet = page.locator("#material-card_package")
    sheet.locator("input[type=file]").set_input_files(file)
    sheet.get_by_role("button", name="上传").click()
    expect(page.locator("#material-card_package li")).to_have_count(2)
    page.goto(server.url + reverse("portal:check", args=[draft.uid]))
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("请先勾选承诺")
    page.get_by_label("以上内容和材料真实").check()
    page.get_by_label("以上内容和材料真实").check()
    page.goto(server.url + reverse("portal:delivery", args=[draft.uid]))
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("以上内容和材料真实").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()


def test_the_slip_opens_the_progress_without_signing_in(server, open_page, axe, shot, people):
    case = reviewed(people, 1)
    page = open_page(390)
    page.goto(server.url + f"/track/?number={case.number}")
    page.get_by_label("查询码").fill(case.query_code)
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".masked")).to_contain_text("云*")
    axe(page)
    shot(page, "portal-tour-slip")
    page.get_by_role("link", name="所有期限，逐日说明").click()
    axe(page)
