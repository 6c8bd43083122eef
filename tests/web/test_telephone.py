"""The telephone query: VoiceXML 2.1 that a gateway can speak, and nothing said that the tracking page would not show."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from lxml import etree

from tests.people import Cast, cast, submitted
from zhengtong.rules.keypad import keyed

pytestmark = pytest.mark.django_db
VXML = "{http://www.w3.org/2001/vxml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# What may stand in what, and with which attributes: written down from the recommendation (VoiceXML 2.0 §§2–6 as 2.1
# keeps them), for the elements we use. `*`: text.
SPOKEN = {"*", "audio", "break", "s", "value", "say-as", "voice"}
EXECUTABLE = {"prompt", "reprompt", "exit", "goto", "submit", "clear", "if", "assign", "var", "*"}
EVENTS = {"catch", "noinput", "nomatch", "help", "error"}
CONTENT = {
    "vxml": {"form", "menu", "property", "var", "script", "link", "meta"} | EVENTS,
    "form": {"field", "block", "filled", "var", "property", "grammar", "link", "initial"} | EVENTS,
    "field": {"prompt", "option", "filled", "grammar", "property", "*"} | EVENTS,
    "block": EXECUTABLE, "filled": EXECUTABLE, "catch": EXECUTABLE, "noinput": EXECUTABLE, "nomatch": EXECUTABLE,
    "if": EXECUTABLE | {"else", "elseif"}, "prompt": SPOKEN, "s": SPOKEN - {"s"}, "option": {"*"},
    **{key: set() for key in ("property", "var", "reprompt", "exit", "goto", "submit", "clear", "else")},
}  # fmt: skip
ATTRIBUTES = {
    "vxml": {"version", XML_LANG}, "form": {"id", "scope"}, "field": {"name", "expr", "cond", "type"},
    "block": {"name"}, "filled": {"mode", "namelist"}, "catch": {"event", "count"}, "noinput": {"count"},
    "nomatch": {"count"}, "if": {"cond"}, "prompt": {"bargein", "count", "timeout", XML_LANG}, "s": {XML_LANG},
    "option": {"dtmf", "accept", "value"}, "property": {"name", "value"}, "var": {"name", "expr"}, "reprompt": set(),
    "exit": {"expr"}, "goto": {"next", "expr", "nextitem"}, "clear": {"namelist"}, "else": set(),
    "submit": {"next", "namelist", "method", "enctype"},
}  # fmt: skip
REQUIRED = {"vxml": {"version"}, "property": {"name", "value"}, "if": {"cond"}, "submit": {"next"}, "goto": {"next"}}


def checked(answer) -> etree._Element:
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/voicexml+xml")
    root = etree.fromstring(answer.content)
    assert (root.tag, root.get("version")) == (f"{VXML}vxml", "2.1")
    for element in root.iter():
        assert element.tag.startswith(VXML), element.tag
        name = element.tag.removeprefix(VXML)
        assert set(element.attrib) <= ATTRIBUTES[name], (name, dict(element.attrib))
        assert REQUIRED.get(name, set()) <= set(element.attrib), name
        inside = {child.tag.removeprefix(VXML) for child in element}
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in texts):
            inside.add("*")
        assert inside <= CONTENT[name], (name, inside - CONTENT[name])
    names = [one.get("name") for one in root.iter(f"{VXML}field", f"{VXML}var")]
    assert len(names) == len(set(names))
    for submit in root.iter(f"{VXML}submit"):
        assert set(submit.get("namelist").split()) <= set(names)  # else the gateway throws error.semantic
    return root


def spoken(root: etree._Element) -> str:
    return "".join(root.itertext())


@pytest.fixture
def people(db: None) -> Cast:
    cache.clear()
    return cast()


def call(case_no: str, code: str, **more: str):
    given = {"lang": "zh", "tried": "0", "caller": "", "number": case_no, "code": code, **more}
    return Client().post("/devices/telephone/answer/", given)


def test_a_caller_chooses_a_language_and_is_asked_for_number_and_code(db):
    start = checked(Client().get("/devices/telephone/"))
    assert {one.get("dtmf"): one.get("value") for one in start.iter(f"{VXML}option")} == {"1": "zh", "2": "en"}
    for tongue, lang in (("zh", "zh-CN"), ("en", "en-US"), ("xx", "zh-CN")):
        root = checked(Client().get("/devices/telephone/ask/", {"lang": tongue}))
        assert root.get(XML_LANG) == lang
        types = [one.get("type") for one in root.iter(f"{VXML}field")]
        assert types == ["digits?minlength=21;maxlength=22", "digits?length=8"]
        last = [one for one in root.iter(f"{VXML}noinput", f"{VXML}nomatch") if one.get("count") == "3"]
        assert len(last) == 4
        assert all(one.find(f"{VXML}exit") is not None for one in last)


def test_the_right_code_hears_state_and_date_and_nothing_about_the_person(people):
    case = submitted(people)
    for number in (case.number[:-1], keyed(case.number)):
        said = spoken(checked(call(number, keyed(case.query_code))))
        assert case.item_name in said
        assert "已提交" in said or "待受理" in said or "已收" in said
        assert f"{case.due_on.year}年{case.due_on.month}月{case.due_on.day}日" in said
        for secret in ("林小雨", "联运", "13800000001", case.query_code, case.number):
            assert secret not in said
    english = checked(call(case.number[:-1], keyed(case.query_code), lang="en"))
    chinese = [one for one in english.iter() if any("一" <= c <= "鿿" for c in one.text or "")]
    assert all(one.get(XML_LANG) == "zh-CN" for one in chinese)


def test_a_wrong_code_is_asked_again_twice_and_then_the_call_ends(people):
    case = submitted(people)
    for tried in ("0", "1"):
        root = checked(call(case.number[:-1], "22222222", tried=tried))
        assert root.find(f".//{VXML}field") is not None
        assert root.find(f".//{VXML}var[@name='tried']").get("expr") == f"'{int(tried) + 1}'"
    last = checked(call(case.number[:-1], "22222222", tried="2"))
    assert last.find(f".//{VXML}field") is None
    assert last.find(f".//{VXML}exit") is not None
    assert case.item_name not in spoken(last)


def test_a_number_is_not_guessed_at(people):
    case = submitted(people)
    for _ in range(10):
        checked(call(case.number[:-1], "22222222"))
    assert case.item_name not in spoken(checked(call(case.number[:-1], keyed(case.query_code))))
    cache.clear()
    assert case.item_name in spoken(checked(call(case.number[:-1], keyed(case.query_code))))


def test_a_caller_is_not_let_to_try_one_number_after_the_other(people):
    case = submitted(people)
    for number in range(20):
        checked(call(f"9901002026092410{number:05d}", "22222222", caller="tel:13800000002"))
    mine = {"caller": "tel:13800000002"}
    assert case.item_name not in spoken(checked(call(case.number[:-1], keyed(case.query_code), **mine)))
    assert case.item_name in spoken(checked(call(case.number[:-1], keyed(case.query_code), caller="tel:13800000003")))


@pytest.mark.parametrize("number", ["", "x" * 5000, "9" * 21, "'; DROP TABLE", "\x00"])
def test_odd_keys_are_answered_in_voicexml(people, number):
    checked(call(number, number))


def test_nothing_is_kept_of_a_call(people):
    case = submitted(people)
    answer = call(case.number[:-1], keyed(case.query_code))
    assert not answer.cookies
    assert Client().get(reverse("devices:telephone_answer")).status_code == 405
