"""Layouts, components and error states: every page in two languages, and nothing untranslated."""

import json
import re
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.utils import timezone

from zhengtong.web.frame.views import STYLES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.frame_urls")]

HAN = re.compile(r"[一-鿿]")
SAID = {"placeholder", "title", "aria-label", "alt", "value", "content"}


class Strayed(HTMLParser):
    """Chinese text outside lang="zh-Hans" on a page that says it is English."""

    VOID = {"meta", "link", "input", "br", "hr", "img", "source", "wbr"}

    def __init__(self):
        super().__init__()
        self.stack, self.found = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        lang = attrs.get("lang", self.stack[-1][1] if self.stack else "")
        hidden = attrs.get("aria-hidden") == "true" or any(inside[2] for inside in self.stack[-1:])
        if lang == "en" and not hidden:
            self.found += [v for k, v in attrs.items() if k in SAID and v and HAN.search(v)]
        if tag not in self.VOID:
            self.stack.append((tag, lang, hidden))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.stack and self.stack[-1][1] == "en" and not self.stack[-1][2] and HAN.search(data):
            self.found.append(data.strip())


def strayed(html):
    reader = Strayed()
    reader.feed(html)
    return reader.found


def test_the_reader_of_english_pages_sees():
    page = '<html lang="en"><p>中文<br>甲</p><b lang="zh-Hans">乙</b><i aria-hidden="true">政</i><input value="丙">'
    assert strayed(page) == ["中文", "甲", "丙"]


@pytest.fixture
def citizen():
    return get_user_model().objects.create(login="c-1", name="陈晓", email="chen@example.cn", created_at=timezone.now())


PAGES = [
    "/samples/", "/samples/?desk", "/samples/print/", "/kept/", "/nowhere/", "/accounts/login/", "/accounts/signup/",
    "/accounts/password/reset/", "/accounts/inactive/", "/accounts/password/reset/done/",
    "/samples/refuse/?code=code.impl_form&value=甲乙", "/accounts/local-inbox/",
]  # fmt: skip
OWN_PAGES = [
    "/accounts/", "/accounts/acting/", "/accounts/email/", "/accounts/phone/", "/accounts/password/",
    "/accounts/logout/", "/accounts/reauthenticate/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_is_wholly_english_in_english_and_chinese_by_default(client, path):
    chinese = client.get(path).content.decode()
    assert '<html lang="zh-Hans"' in chinese
    english = client.get(path, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in english
    assert strayed(english) == []


def test_page_that_asks_for_a_code_is_wholly_english_in_english(client, settings):
    settings.ZHENGTONG_DEMO = True
    client.post("/preferences/", {"language": "en"})
    typed = {"name": "陈晓", "contact": "13800138000", "password1": "correct horse battery"}
    assert strayed(client.post("/accounts/signup/", {**typed, "contact": "1"}).content.decode()) == []
    assert strayed(client.post("/accounts/signup/", typed, follow=True).content.decode()) == []
    assert strayed(client.get("/accounts/local-inbox/").content.decode()) == []


def test_kept_form_is_wholly_english_in_english(client, citizen):
    client.post("/preferences/", {"language": "en"})
    client.post("/samples/own/", {"name": "甲", "note": "乙"}, headers={"origin": "http://testserver"})
    client.force_login(citizen)
    html = client.get("/kept/").content.decode()
    assert "甲" in html
    assert strayed(re.sub(r'<input type="hidden"[^>]*>', "", html)) == []


@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_page_is_wholly_english_in_english(client, citizen, path):
    client.force_login(citizen)
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == HTTPStatus.OK
    assert strayed(answer.content.decode()) == []


def test_the_switch_keeps_the_page_and_is_remembered(client):
    answer = client.post("/preferences/", {"language": "en", "next": "/samples/?desk"})
    assert answer["Location"] == "/samples/?desk"
    assert '<html lang="en"' in client.get("/samples/").content.decode()


def test_the_switch_leads_to_no_other_site(client):
    answer = client.post("/preferences/", {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_elder_mode_is_a_class_on_the_page_until_switched_off(client):
    client.post("/preferences/", {"elder": "on", "next": "/"})
    assert 'class="elder"' in client.get("/samples/").content.decode()
    client.post("/preferences/", {"elder": "off", "next": "/"})
    assert 'class="elder"' not in client.get("/samples/").content.decode()


def test_public_page_sets_no_cookie_and_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/nowhere/")
    assert not answer.cookies


def test_no_inline_script_or_style(client):
    html = client.get("/samples/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", html)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere/", HTTPStatus.NOT_FOUND, "没有找到这一页"),
        ("/samples/crash/", HTTPStatus.INTERNAL_SERVER_ERROR, "系统出错了"),
    ],
)
def test_error_state_says_what_next_and_carries_a_reference(client, path, status, words):
    client.raise_request_exception = False
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == status
    assert words in html
    assert 'class="btn" href="/"' in html
    assert answer["X-Request-ID"] in html


def test_error_state_speaks_english_and_json(client):
    english = client.get("/nowhere/", headers={"accept-language": "en"}).content.decode()
    assert "Page not found" in english
    answer = client.get("/nowhere/", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "page.not_found"


def test_manifest_is_installable(client):
    body = json.loads(client.get("/manifest.webmanifest").content)
    assert {icon["sizes"] for icon in body["icons"]} >= {"192x192", "512x512"}
    assert any(icon["purpose"] == "maskable" for icon in body["icons"])
    assert (body["start_url"], body["display"]) == ("/", "standalone")


def test_service_worker_keeps_the_offline_page_and_no_other(client):
    script = client.get("/service-worker.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert b"offline" in script.content
    assert client.get("/offline/").status_code == HTTPStatus.OK


def test_offline_page_has_every_stylesheet():
    entry = Path(finders.find("frame/zt.css")).read_text(encoding="utf-8")
    assert re.findall(r'url\("([^"]+)"\)', entry) == list(STYLES)


def test_days_draw_the_pictured_case(client):
    """The clock of ../design/track.html: accepted 24 Sep 2026, five working days, due 9 Oct."""
    html = client.get("/samples/").content.decode()
    squares = re.findall(
        r'<span class="([^"]*)"><b>([^<]+)</b>([^<]+)</span>', html.split('role="img"')[1].split("</div>")[0]
    )
    assert squares[0] == ("start", "9/24", "起算")
    assert squares[1] == ("rest", "25", "中秋")
    assert squares[4] == ("used", "28", "第1日")
    assert squares[7] == ("rest", "10/1", "国庆")
    assert squares[-1] == ("due", "9", "第5日")
    assert html.count("第1日") == 2  # in both clocks of the sample page


def test_days_table_gives_reason_and_article_of_each_day(client):
    html = client.get("/samples/", headers={"accept-language": "en"}).content.decode()
    assert "Statutory holiday, not counted · Mid-Autumn Festival" in html
    assert "Administrative Licensing Law, art. 82" in html
    assert 'Clock paused, not counted · <span lang="zh-Hans">专家评审</span>' in html


def test_every_field_type_of_an_items_form_is_drawn_with_a_label(client):
    from zhengtong.rules.form_types import TYPES

    html = client.get("/samples/").content.decode()
    for name in TYPES:
        assert f"题目 {name}" in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    fors = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html))
    assert fors <= set(ids)


def test_error_summary_links_to_the_control(client):
    html = client.get("/samples/").content.decode()
    assert re.search(r'data-summary>.*?<a href="#id_name">', html, re.DOTALL)
    assert 'aria-invalid="true"' in html
