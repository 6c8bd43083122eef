"""Every fault a document can have is said in both languages, and every rule stands in the handbook of the catalogue."""

import inspect
import re
from pathlib import Path

import pytest
from django.utils import translation

from zhengtong.exchange.item_words import FINDINGS, LABELS, PROBLEMS, finding_sentence, place, problem_sentence
from zhengtong.exchange.items import read_file
from zhengtong.rules import conditions, item_document, linter
from zhengtong.rules.item_document import SHAPE, Kind, Problem
from zhengtong.rules.linter import Finding
from zhengtong.web.frame.messages import compile_all

CHINESE = re.compile("[\u4e00-\u9fff]")
RULES = inspect.getsource(linter)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_all()
    translation.trans_real._translations = {}  # type: ignore[attr-defined]  # catalogues read before may lack these


def keys(shape: dict[str, Kind]) -> set[str]:
    return set(shape).union(*(keys(dict(kind.shape)) for kind in shape.values()))


@pytest.mark.parametrize("words", [LABELS, PROBLEMS, FINDINGS], ids=["labels", "problems", "findings"])
def test_all_words_stand_in_both_languages(words: dict[str, str]) -> None:
    for code, word in words.items():
        with translation.override("en"):
            assert not CHINESE.search(re.sub("“[^”]*”|是 or 否", "", str(word))), code
        with translation.override("zh-hans"):
            assert CHINESE.search(str(word)), code


def test_every_element_has_a_name() -> None:
    assert keys(dict(SHAPE)) - set(LABELS) == set()


def test_every_fault_has_a_sentence() -> None:
    reasons = set(re.findall(r'(?:_error|_warning|report)\(\s*"[CL]-\d\d",\s*"([a-z_]+)"', RULES))
    assert len(reasons) > 50
    assert reasons - set(FINDINGS) - set(PROBLEMS) == set()
    codes = set(
        re.findall(r'Problem\([^()]*?, "([a-z_]+)"', inspect.getsource(item_document) + inspect.getsource(conditions))
    )
    assert len(codes) > 15
    assert codes - set(PROBLEMS) == set()


def test_every_rule_stands_in_the_docs() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text()
    assert {rule for rule in re.findall(r'"([CL]-\d\d)"', RULES) if f"| {rule} |" not in docs} == set()


def test_sentences_are_filled_and_places_named() -> None:
    with translation.override("zh-hans"):
        assert place("materials[1].copies") == "申请材料 2 · 份数"
        finding = Finding("L-01", "contact_missing", "consult_contacts", facts={"element": "consult_contacts"})
        assert finding_sentence(finding) == "没有填“咨询方式”。请填写电话或窗口。"
        assert problem_sentence(read_file("x.json", b"[1,]")[0].problems[0]).startswith("第 1 行第 4 列")
        many = Problem("level", "not_a_choice", {"got": "8", "choices": ["1", "2"]})
        assert problem_sentence(many) == "“8”不在可选值里。可用：1、2。"
