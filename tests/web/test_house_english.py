"""Every page of house-keeping and watch in English: no Chinese but what says it is Chinese."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from tests.people import AT, accepted, cast
from tests.web.test_house_pages import PAGES, sign_in
from zhengtong.domains.catalogue import actions as catalogue
from zhengtong.web.desk.house.parts import PARTS
from zhengtong.web.frame.messages import compile_all

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-ask", "data-ask-yes", "data-label", "value")
VOID = {"meta", "link", "input", "br", "img", "hr", "source", "col"}


class Reader(HTMLParser):
    """Collects Chinese text and spoken attributes outside lang="zh-Hans"."""

    def __init__(self):
        super().__init__()
        self.stack, self.found = [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        chinese = values.get("lang", "").startswith("zh") or (bool(self.stack) and self.stack[-1][1])
        if not chinese and values.get("type") != "hidden":
            self.found += [f"{name}={values[name]}" for name in SPOKEN if CHINESE.search(values.get(name) or "")]
        if tag not in VOID:
            self.stack.append((tag, chinese))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        silent = any(tag in ("script", "style", "title") for tag, _ in self.stack)
        if CHINESE.search(data) and not silent and not (self.stack and self.stack[-1][1]):
            self.found.append(data.strip()[:80])


def chinese_in(html):
    reader = Reader()
    reader.feed(html)
    # The rail and the frame are others' pages; the switch to Chinese names its language.
    return [text for text in reader.found if text not in ("政", "中文")]


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    compile_all()
    translation.trans_real._translations = {}


@pytest.fixture
def english(client):
    client.cookies["zhengtong_language"] = "en"
    return client


@pytest.fixture
def people():
    return cast()


@pytest.mark.parametrize("address", [a for a in PAGES if "export" not in a])
def test_pages(address, english, people):
    url = address.replace("CODE", people.item().item_code)
    page = sign_in(english, people, min(PAGES[address])).get(url)
    assert chinese_in(page.content.decode()) == []


@pytest.mark.parametrize("part", [part.key for part in PARTS] + ["form-0"])
def test_editor(part, english, people):
    code = people.item().item_code
    catalogue.open_draft(code, by=people.acting("冯雪"), at=AT)
    page = sign_in(english, people, "冯雪").get(f"/desk/catalogue/{code}/versions/2/edit/{part}/")
    assert chinese_in(page.content.decode()) == []


def test_watch(english, people):
    accepted(people)
    sign_in(english, people, "吴涛")
    assert chinese_in(english.get("/watch/").content.decode()) == []
    assert chinese_in(english.get("/watch/limits/?light=open").content.decode()) == []
