"""A walk through house-keeping and watch, at a desk and on a phone, in both languages: axe, valid HTML, and the work itself."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.views import each_view
from tests.people import AT, accepted, cast
from zhengtong.base.outbox.models import Message
from zhengtong.domains.catalogue import actions as catalogue

pytestmark = pytest.mark.django_db(transaction=True)
EDITOR, CHECKER, ADMIN, MANAGER, SUPERVISOR = "冯雪", "卫平", "郑凯", "蒋华", "吴涛"

# (who, address, name of the picture)
WALK = [
    (EDITOR, "/desk/catalogue/", "items"),
    (EDITOR, "/desk/catalogue/new/", "item-new"),
    (EDITOR, "/desk/catalogue/import/", "items-import"),
    (EDITOR, "/desk/catalogue/completeness/", "completeness"),
    (EDITOR, "/desk/catalogue/checks/", "checks"),
    (EDITOR, "/desk/catalogue/CODE/", "item"),
    (EDITOR, "/desk/catalogue/CODE/retire/", "item-retire"),
    (EDITOR, "/desk/catalogue/CODE/changes/1/2/", "changes"),
    (EDITOR, "/desk/catalogue/CODE/versions/2/", "version"),
    (EDITOR, "/desk/catalogue/CODE/versions/2/json/", "json"),
    (EDITOR, "/desk/catalogue/CODE/versions/2/preview/", "preview"),
    *((EDITOR, f"/desk/catalogue/CODE/versions/2/edit/{part}/", f"edit-{part}") for part in (
        "basics", "limits", "bases", "situations", "materials", "form", "form-0", "fees", "special", "procedure", "contacts",
    )),
    (ADMIN, "/desk/people/", "people"),
    (ADMIN, "/desk/people/new/", "officer-new"),
    (ADMIN, "/desk/people/handler/", "officer"),
    (ADMIN, "/desk/people/handler/leave/", "officer-leave"),
    (ADMIN, "/desk/people/sections/", "sections"),
    (ADMIN, "/desk/people/windows/", "windows"),
    (ADMIN, "/desk/people/dispatch/", "dispatch"),
    (ADMIN, "/desk/substitution/", "substitution"),
    (ADMIN, "/desk/me/", "me"),
    (ADMIN, "/desk/parameters/", "parameters"),
    (ADMIN, "/desk/parameters/decision.days/", "parameter"),
    (ADMIN, "/desk/outbox/", "outbox"),
    (ADMIN, "/desk/journal/?kind=item&key=CODE", "journal"),
    (ADMIN, "/desk/file-types/", "file-types"),
    (MANAGER, "/desk/calendar/?year=2026", "calendar"),
    (MANAGER, "/desk/calendar/?year=2027", "calendar-provisional"),
    (MANAGER, "/desk/calendar/notices/", "notices"),
    (MANAGER, "/desk/calendar/notices/2026-1/", "notice"),
    (MANAGER, "/desk/calendar/import/", "calendar-import"),
    (SUPERVISOR, "/watch/", "watch"),
    (SUPERVISOR, "/watch/limits/?light=late", "watch-late"),
    (SUPERVISOR, "/watch/lights/", "watch-lights"),
    (SUPERVISOR, "/watch/desk/", "watch-desk"),
    (SUPERVISOR, "/watch/statistics/?show=time", "watch-statistics"),
    (SUPERVISOR, "/watch/statistics/rows/?measure=received&since=2026-01-01&until=2099-12-31", "watch-rows"),
]  # fmt: skip


@pytest.fixture
def people():
    cache.clear()
    people = cast()
    accepted(people, 1)
    accepted(people, 2)
    by = people.acting(EDITOR)
    version = catalogue.open_draft(people.item().item_code, by=by, at=AT)
    from zhengtong.domains.catalogue import queries

    document = dict(queries.document(version.pk))
    document["acceptance_conditions"] = "在本市登记注册的单用途卡发卡企业。"
    document["materials"] = [*document["materials"][1:], {**document["materials"][0], "basis": ""}]
    catalogue.edit_draft(version.pk, document, by=by, at=AT)
    Message.objects.create(
        key="dead", channel="mail", kind="case.accepted", address="somebody@example.cn", created_at=timezone.now(),
        state="dead", attempts=6, last_error="Connection refused",
    )  # fmt: skip
    return people


@each_view
def test_every_page_is_open_to_all_eyes(width, language, people, open_page, server, axe, valid_html, shot):
    code = people.item().item_code
    sources, pages = {}, {}
    for name, address, picture in WALK:
        if name not in pages:
            pages[name] = open_page(width, language, account=people.officers[name].account)
        page = pages[name]
        answer = page.goto(server.url + address.replace("CODE", code))
        assert answer.ok, address
        axe(page)
        for narrow in (320, width) if width < 700 else (1920, width):
            page.set_viewport_size({"width": narrow, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{address} is {wide} px wider than {narrow} px"
        sources[address] = answer.text()
        shot(page, f"house-{language}-{width}-{picture}")
    valid_html(sources)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_item_is_edited_checked_and_published_by_two_people(scripts, people, open_page, server):
    code = people.item().item_code
    editor = open_page(account=people.officers[EDITOR].account, scripts=scripts)
    editor.goto(f"{server.url}/desk/catalogue/{code}/versions/2/")
    link = editor.locator(".findings a").first
    link.click()
    expect(editor).to_have_url(
        f"{server.url}/desk/catalogue/{code}/versions/2/edit/materials/#id_materials-{len(people_materials(people)) - 1}-basis"
    )
    editor.locator(f"#id_materials-{len(people_materials(people)) - 1}-basis").fill("单用途商业预付卡管理办法第九条")
    editor.get_by_role("button", name="添加一行：申请材料").click()
    expect(editor.get_by_text("改动还在本页，没有保存。")).to_be_visible()
    editor.get_by_role("button", name=f"删去申请材料第 {len(people_materials(people)) + 1} 行").click()
    editor.get_by_role("button", name="保存", exact=True).first.click()
    expect(editor.get_by_text("已保存。")).to_be_visible()
    editor.goto(f"{server.url}/desk/catalogue/{code}/versions/2/")
    editor.get_by_role("button", name="提交审核").click()
    expect(editor.get_by_text("等待合法性审核")).to_be_visible()
    checker = open_page(account=people.officers[CHECKER].account, scripts=scripts)
    checker.goto(f"{server.url}/desk/catalogue/checks/")
    checker.get_by_role("link", name="单用途商业预付卡").first.click()
    checker.get_by_label("审核意见").fill("合法。")
    checker.get_by_role("button", name="审核通过").click()
    checker.get_by_role("button", name="发布").first.click()
    if scripts:
        checker.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(checker.get_by_text("已发布。新的申请按这一版办理")).to_be_visible()


def people_materials(people):
    from zhengtong.domains.catalogue import queries

    return queries.document(queries.versions(people.item())[0].pk)["materials"]


def test_a_notice_is_pasted_seen_and_loaded(people, open_page, server, axe):
    page = open_page(account=people.officers[MANAGER].account)
    page.goto(f"{server.url}/desk/calendar/import/")
    page.get_by_label("或者粘贴").fill(NOTICE_2027)
    page.get_by_label("出处").fill("国办发明电〔2026〕9号")
    page.get_by_role("button", name="看看会改什么").click()
    expect(page.get_by_role("heading", name="2027 年")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="载入，重新计算期限").click()
    page.get_by_role("dialog").get_by_role("button", name="载入").click()
    expect(page.get_by_text("放假安排已载入")).to_be_visible()
    axe(page)


NOTICE_2027 = """日期,类别,节日
2027-01-01,休,元旦
2027-02-05,休,春节
2027-02-06,休,春节
2027-02-07,休,春节
2027-02-08,休,春节
2027-02-09,休,春节
2027-04-05,休,清明节
2027-05-01,休,劳动节
2027-05-02,休,劳动节
2027-05-03,休,劳动节
2027-06-09,休,端午节
2027-09-15,休,中秋节
2027-10-01,休,国庆节
2027-10-02,休,国庆节
2027-10-03,休,国庆节
"""


def test_a_new_colleague_gets_a_password_once(people, open_page, server, axe):
    page = open_page(account=people.officers[ADMIN].account)
    page.goto(f"{server.url}/desk/people/new/")
    page.get_by_label("工号").fill("sc-101")
    page.get_by_label("姓名").fill("何静")
    page.get_by_label("所属部门").select_option(label="云泽市商务局")
    page.get_by_role("button", name="录用").click()
    password = page.locator(".once").inner_text()
    assert len(password) == 19
    axe(page)
    page.get_by_role("link", name="下一步：安排岗位").click()
    page.get_by_label("岗位").select_option(label="承办")
    page.get_by_label("从哪天起").fill("2026-01-01")
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.get_by_text("已安排岗位。")).to_be_visible()
    fresh = open_page()
    fresh.goto(f"{server.url}/accounts/login/?next=/desk/me/")
    fresh.get_by_label("手机号、电子邮箱或工号").fill("sc-101")
    fresh.get_by_label("密码").fill(password)
    fresh.get_by_role("button", name="登录").click()
    fresh.get_by_label("现在的密码").fill(password)
    axe(fresh)
    for label in ("新密码", "再输入一次新密码"):
        fresh.get_by_label(label, exact=True).fill("只有我知道的口令 2026")
    fresh.get_by_role("button", name="保存新密码").click()
    fresh.goto(f"{server.url}/desk/me/")
    expect(fresh.get_by_role("heading", name="何静")).to_be_visible()
