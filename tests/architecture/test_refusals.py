"""Every lawful "no" has a sentence in both languages, and every sentence can be filled with what it is given."""

import re

import pytest
from django.utils import translation

from zhengtong.rules.refusal import RefusalCode
from zhengtong.web.frame.messages import compile_all
from zhengtong.web.frame.sentences import SENTENCES

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    compile_all()
    # Catalogues read before this moment may lack what was just compiled.
    translation.trans_real._translations = {}


@pytest.mark.parametrize("code", RefusalCode, ids=str)
def test_refusal_has_a_sentence_in_both_languages(code: RefusalCode):
    with translation.override("zh-hans"):
        chinese = str(SENTENCES[code])
    with translation.override("en"):
        english = str(SENTENCES[code])
    assert CHINESE.search(chinese)
    assert english
    assert not CHINESE.search(english), f"not translated: {english}"


def test_codes_are_words_of_one_form():
    assert [code for code in RefusalCode if not re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", code)] == []
