"""What a citizen types finds what they mean, on either database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.base.search import Texts, index, index_many, remove, search
from zhengtong.base.search.terms import attempts, loose, terms

ITEMS = {
    1: Texts(
        name=["单用途商业预付卡发卡企业备案", "Record-filing of single-purpose prepaid card issuers"],
        keyword=["购物卡", "gift card"],
        body=["单用途商业预付卡管理办法（试行）"],
    ),
    2: Texts(name=["成品油零售经营资格许可", "Licence for retail of refined oil"], keyword=["加油站"]),
    3: Texts(name=["旧机动车鉴定评估机构设立审批", "Approval of used-car appraisers"], body=["二手车流通管理办法"]),
    4: Texts(name=["临时身份证明"], keyword=["预付卡"], body=["居民身份证法"]),
    6: Texts(name=["食品（含保健食品）经营许可核发"]),
    7: Texts(name=["仅销售预包装食品经营者备案"]),
    5: Texts(name=["商业特许经营备案（银行业除外）"], body=["预付卡 商业预付卡"]),
}


@pytest.fixture
def shelf(db: None) -> None:
    index_many("item", [(pk, texts, 1.0) for pk, texts in ITEMS.items()])


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("预付卡", 1),  # the words
        ("yufuka", 1),  # full pinyin
        ("yufu", 1),  # begun pinyin, and the end of no syllable needed
        ("yfk", 1),  # initials
        ("prepaid card", 1),  # English
        ("Prepaid CARD", 1),  # in capitals
        ("ｙｕｆｕｋａ", 1),  # full-width letters
        ("prepiad", 1),  # two letters swapped
        ("yufka", 1),  # a vowel forgotten
        ("单用途预付卡", 1),  # words left out in the middle
        ("发卡企业", 1),
        ("fakaqiye", 1),  # a phrase the dictionary of readings gets wrong
        ("卡", 1),  # one character
        ("加油站", 2),  # a keyword
        ("chengpinyou", 2),
        ("cengpinyou", 2),  # c for ch
        ("二手车", 3),  # only in the legal basis
        ("used-car", 3),
        ("sfz", 4),  # initials from the middle of a name
        ("特许经营备案", 5),
        ("食品经营许可", 6),  # the bracket in between left out
        ("shipinjingyingxuke", 6),
        ("含保健食品", 6),
        ("yinhangye", 5),  # 行 read hang here
    ],
)
def test_a_query_finds_the_item(shelf: None, query: str, first: int) -> None:
    assert search("item", query, limit=5)[0] == first


def test_name_goes_before_keyword_and_keyword_before_body(shelf: None) -> None:
    assert search("item", "预付卡") == [1, 4, 5]


@pytest.mark.parametrize(
    "query", ["", "   ", "？！", "不存在的词", "zzzzzz", '"', "'", "NEAR(", "a:*", "\\", "* OR *", "\x00"]
)
def test_nothing_to_find_is_an_empty_list(shelf: None, query: str) -> None:
    assert search("item", query) == []


def test_a_boost_lifts_one_of_equals(db: None) -> None:
    index_many("item", [(1, Texts(name=["道路运输证"]), 0.3), (2, Texts(name=["道路运输证"]), 1.0)])
    assert search("item", "运输证") == [2, 1]


def test_indexing_again_replaces_and_removing_forgets(shelf: None) -> None:
    index("item", 1, Texts(name=["酒类流通备案"]))
    assert search("item", "预付卡发卡") != [1]
    assert search("item", "酒类") == [1]
    remove("item", 1)
    assert search("item", "酒类") == []


def test_kinds_are_kept_apart(shelf: None) -> None:
    index("case", 1, Texts(name=["预付卡"]))
    assert search("case", "yfk") == [1]
    assert 1 not in search("case", "加油站")


@given(st.text(max_size=60))
def test_any_text_has_terms_both_engines_take(text: str) -> None:
    for term in terms([text]):
        assert term
        assert not set(term) & set(" \t\n\"'\\*:&|!()")
    for wanted, _ in attempts(text):
        assert all(choice for choice in wanted)


@pytest.mark.parametrize(("typed", "plain"), [("zhangshan", "zansan"), ("lvse", "luse"), ("beijing", "beijin")])
def test_loose_pinyin_takes_near_sounds_together(typed: str, plain: str) -> None:
    assert loose(typed) == plain
