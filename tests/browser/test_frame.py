"""The frame in a real browser: looks, keyboard, drafts that are not lost, and what happens without scripts or network."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.late import hold

pytestmark = [pytest.mark.urls("tests.web.frame_urls"), pytest.mark.django_db(transaction=True)]

FITS = "document.documentElement.scrollWidth <= innerWidth"
STATES = ["/samples/", "/samples/?desk", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/kept/"]
NAMES = {"/samples/": "samples", "/samples/?desk": "desk", "/accounts/login/": "login", "/accounts/signup/": "signup",
         "/accounts/password/reset/": "reset", "/kept/": "kept"}  # fmt: skip


@pytest.fixture
def citizen():
    return get_user_model().objects.create(login="c-1", name="陈晓", email="c@example.cn", created_at=timezone.now())


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (1280, "en")])
def test_axe_finds_nothing(server, open_page, axe, shot, width, language):
    page = open_page(width, language)
    for path in STATES:
        page.goto(server.url + path)
        shot(page, f"{NAMES[path]}-{language}-{width}")
        axe(page)


def test_pages_fit_from_the_smallest_phone_to_the_widest_screen(server, open_page, shot):
    for language in ("zh", "en"):
        page = open_page(320, language)
        for path in STATES:
            page.goto(server.url + path)
            for width in (320, 390, 768, 1024, 1280, 1920):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(FITS), f"{path} is wider than {width} px in {language}"
                shot(page, f"{NAMES[path]}-{language}-{width}")


def test_elder_mode_fits_and_axe_finds_nothing(server, open_page, axe, shot):
    page = open_page(390, elder=True)
    for path in STATES:
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(server.url + path)
        axe(page)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(FITS), f"{path} is wider than {width} px"
            shot(page, f"{NAMES[path]}-elder-{width}")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 19


def test_own_pages_and_error_states(server, open_page, axe, shot, citizen):
    for language in ("zh", "en"):
        page = open_page(390, language, account=citizen)
        page.expected_errors.extend(["404", "500", "422"])
        for name, path in [
            ("account", "/accounts/"), ("acting", "/accounts/acting/"), ("phone", "/accounts/phone/"),
            ("password", "/accounts/password/"), ("not-found", "/nowhere/"), ("refusal", "/samples/refuse/?code=code.uscc_check"),
            ("offline", "/offline/"),
        ]:  # fmt: skip
            page.goto(server.url + path)
            shot(page, f"{name}-{language}-390")
            axe(page)


def test_pages_are_valid_html(server, open_page, valid_html, citizen):
    pages = {}
    page = open_page()
    own = open_page(account=citizen)
    for path in [
        *STATES,
        "/offline/",
        "/samples/print/",
        "/nowhere/",
        "/samples/crash/",
        "/samples/refuse/?code=code.uscc_check",
    ]:
        pages[path] = page.request.get(server.url + path).text()
    for path in [
        "/accounts/",
        "/accounts/acting/",
        "/accounts/email/",
        "/accounts/phone/",
        "/accounts/password/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/samples/own/",
    ]:
        pages[f"own {path}"] = own.request.get(server.url + path).text()
    valid_html(pages)


def test_targets_are_large_enough_for_a_finger(server, open_page):
    page = open_page(390)
    page.goto(server.url + "/samples/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("main .btn, header summary, header .btn, main input:not([type=radio]):not([type=checkbox]):not([type=hidden]), main select")]
              .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)
              .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_mobile_menu_opens_without_scripts(server, open_page):
    page = open_page(390, scripts=False)
    page.goto(server.url + "/samples/")
    page.locator("header summary").click()
    expect(page.locator("header .drop").get_by_role("link", name="登录")).to_be_visible()
    page.locator("header .drop").get_by_role("button", name="长者版").click()
    assert "elder" in (page.locator("html").get_attribute("class") or "")
    assert page.url.endswith("/samples/")


def test_language_switch_works_without_scripts_and_keeps_the_page(server, open_page):
    page = open_page(390, scripts=False)
    page.goto(server.url + "/samples/?desk=1")
    page.goto(server.url + "/samples/")
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_list_by_keyboard(server, page_zh_desk):
    page = page_zh_desk
    page.goto(server.url + "/samples/?desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.here")).to_contain_text("云泽车市")
    page.keyboard.press("k")
    expect(page.locator("tr.here")).to_contain_text("云泽石油")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="键盘操作")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.locator("[data-search]")).to_have_value("jk")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.expected_errors.append("404")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?two")


def test_skip_link_is_first_and_leads_to_the_content(server, page_zh_desk):
    page_zh_desk.goto(server.url + "/accounts/login/")
    page_zh_desk.keyboard.press("Tab")
    expect(page_zh_desk.locator(".skip")).to_be_focused()
    page_zh_desk.keyboard.press("Enter")
    expect(page_zh_desk.locator("main")).to_be_focused()


def test_autosave_saves_and_says_when(server, open_page, citizen):
    page = open_page(390, account=citizen)
    page.goto(server.url + "/samples/autosave/")
    page.locator("#text").fill("第一稿")
    expect(page.locator("p[data-saved]")).to_have_text("已保存 14:02")
    expect(page.locator("input[name=version]")).to_have_value("2")
    page.reload()
    expect(page.locator("#text")).to_have_value("第一稿")


def test_typed_text_survives_a_lost_network(server, open_page, citizen):
    page = open_page(390, account=citizen)
    page.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    page.goto(server.url + "/samples/autosave/")
    page.context.set_offline(True)
    page.locator("#text").fill("隧道里写的")
    expect(page.locator("p[data-saved]")).to_contain_text("网络不通")
    page.context.set_offline(False)
    expect(page.locator("p[data-saved]")).to_contain_text("已保存")


def test_what_was_typed_before_the_script_came_is_not_overwritten_by_an_older_copy(server, open_page, citizen):
    page = open_page(390, account=citizen)
    page.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    page.goto(server.url + "/samples/autosave/")
    page.context.set_offline(True)
    page.locator("#text").fill("昨天写的")
    expect(page.locator("p[data-saved]")).to_contain_text("网络不通")
    page.goto("about:blank")  # before the line is back and the copy is saved
    come = hold(page, "**/autosave*.js")
    page.context.set_offline(False)
    page.goto(server.url + "/samples/autosave/", wait_until="commit")
    page.locator("#text").fill("今天写的")
    come()
    expect(page.locator("p[data-saved]")).to_contain_text("已保存")
    expect(page.locator("#text")).to_have_value("今天写的")


def test_typed_text_survives_an_expired_session_and_comes_back_after_sign_in(server, open_page, citizen):
    page = open_page(390, account=citizen)
    page.expected_errors.append("401")
    page.goto(server.url + "/samples/autosave/")
    citizen.set_password("correct horse battery")
    citizen.phone_verified = True  # a verified address: sign-in asks for no code
    citizen.save()  # a changed password ends the session that stands open
    page.locator("#text").fill("会话过期时写的")
    expect(page.locator("p[data-saved]")).to_contain_text("登录已过期")
    page.get_by_role("link", name="去登录").click()
    page.get_by_label("手机号、电子邮箱或工号").fill("c-1")
    page.get_by_label("密码", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/samples/autosave/")
    expect(page.locator("#text")).to_have_value("会话过期时写的")
    expect(page.get_by_text("已恢复您上次填写")).to_be_visible()
    expect(page.locator("p[data-saved]")).to_contain_text("已保存")


def test_copies_do_not_outlive_signing_out(server, open_page, citizen):
    page = open_page(1280, account=citizen)
    page.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    page.goto(server.url + "/samples/autosave/")
    page.context.set_offline(True)
    page.locator("#text").fill("私事")
    expect(page.locator("p[data-saved]")).to_contain_text("网络不通")
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('zt-draft')).length") == 1
    page.evaluate("document.querySelector('[data-sign-out]').addEventListener('submit', (e) => e.preventDefault())")
    page.locator("details.menu.wide, .prefs details.menu").first.locator("summary").click()
    page.get_by_role("button", name="退出登录").first.click()
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('zt-draft')).length") == 0


def test_step_that_cannot_be_undone_asks_first(server, page_zh_desk):
    page = page_zh_desk
    page.expected_errors.append("403")
    page.goto(server.url + "/samples/")
    before = page.url
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("请再确认一次")
    page.get_by_role("dialog").get_by_role("button", name="返回").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == before


def test_file_that_is_too_large_is_told_before_it_is_sent(server, page_zh_desk):
    page = page_zh_desk
    page.goto(server.url + "/samples/")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2000}
    )
    message = page.locator("input[type=file]").evaluate("(e) => e.validationMessage")
    assert message.startswith("文件太大")


def test_double_press_sends_once(server, open_page, citizen):
    page = open_page(account=citizen)
    page.goto(server.url + "/samples/own/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    with page.expect_navigation():
        page.get_by_role("button", name="go").dblclick()
    assert len(sent) == 1


def test_failed_form_takes_the_reader_to_what_to_correct(server, open_page, citizen):
    page = open_page(390, account=citizen)
    page.goto(server.url + "/samples/own/")
    page.get_by_role("button", name="go").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    page.locator("[data-summary] a").first.click()
    expect(page.locator("#id_name")).to_be_focused()


def test_without_a_network_the_offline_page_shows(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(server.url + "/accounts/login/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    page.goto(server.url + "/samples/")
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).backgroundColor") == "rgb(11, 78, 162)"
    stored = page.evaluate(
        "caches.keys().then((names) => caches.open(names[0])).then((c) => c.keys()).then((k) => k.map((r) => new URL(r.url).pathname))"
    )
    assert all(path.startswith("/static/") or path == "/offline/" for path in stored)
    context.close()


def test_printed_page_leaves_the_frame_behind(server, page_zh_desk):
    page_zh_desk.goto(server.url + "/samples/")
    page_zh_desk.emulate_media(media="print")
    expect(page_zh_desk.locator("header.top")).to_be_hidden()
    expect(page_zh_desk.locator("footer")).to_be_hidden()
    expect(page_zh_desk.get_by_role("heading", level=1)).to_be_visible()
