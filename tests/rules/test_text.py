"""What may be typed: names of real people pass, characters that steer do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_line, clean_text, harmless


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张三\n", "张三"),  # blanks and a line break around it, from a paste
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("𠮷野家（云泽）有限公司", "𠮷野家（云泽）有限公司"),  # beyond the basic plane
        ("\ue863某", "\ue863某"),  # private use: names of older registers
        ("e\u0301cole", "école"),  # NFC
        ("<b>1' OR '1'='1</b>", "<b>1' OR '1'='1</b>"),  # harmless here: templates escape, queries bind
        ("", ""),
        ("\u3000\u3000", ""),  # ideographic blanks
    ],
)
def test_lines(typed: str, kept: str) -> None:
    assert clean_line(typed, 30, "name") == kept


@pytest.mark.parametrize(
    ("typed", "character", "position"),
    [
        ("张\u202e三", "U+202E", 2),  # right-to-left override
        ("张\u2067三", "U+2067", 2),  # right-to-left isolate
        ("张\u200f三", "U+200F", 2),
        ("张\u200b三", "U+200B", 2),  # zero width
        ("张\u00ad三", "U+00AD", 2),  # soft hyphen
        ("张\ufeff三", "U+FEFF", 2),
        ("张\x00三", "U+0000", 2),
        ("张\x1b[31m三", "U+001B", 2),  # terminal colours
        ("张\t三", "U+0009", 2),
        ("张\ufff9三", "U+FFF9", 2),
        ("张\U000e0041三", "U+E0041", 2),  # invisible tag
        ("张\uffff三", "U+FFFF", 2),
        ("张\ud800三", "U+D800", 2),  # half a character
    ],
)
def test_steering_characters_are_refused_where_they_stand(typed: str, character: str, position: int) -> None:
    with pytest.raises(Refusal) as refused:
        clean_line(typed, 30, "name")
    assert refused.value.code is RefusalCode.TEXT_CONTROL_CHARACTER
    assert refused.value.facts == {"field": "name", "character": character, "position": position}
    if character != "U+0009":
        with pytest.raises(Refusal):
            clean_text(typed, 30, "opinion")


@pytest.mark.parametrize("typed", ["张\n三", "张\r\n三", "张\u2028三", "张\x85三"])
def test_a_line_is_one_line(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        clean_line(typed, 30, "name")
    assert refused.value.code is RefusalCode.TEXT_LINE_BREAK


def test_text_keeps_its_lines_and_emoji() -> None:
    assert clean_text("一\r\n二\r三\n\t四 👨\u200d👩\u200d👧\n", 30, "opinion") == "一\n二\n三\n\t四 👨\u200d👩\u200d👧"
    with pytest.raises(Refusal):
        clean_line("👨\u200d👩", 30, "name")


def test_length_is_counted_in_characters_after_composing() -> None:
    assert clean_line("字" * 30, 30, "name") == "字" * 30
    assert clean_line("e\u0301" * 30, 30, "name") == "é" * 30
    for typed in ("字" * 31, "字" * 10_000):
        with pytest.raises(Refusal) as refused:
            clean_line(typed, 30, "name")
        assert refused.value.code is RefusalCode.TEXT_TOO_LONG
        assert refused.value.facts == {"field": "name", "length": len(typed), "most": 30}


def test_a_tower_of_accents_is_refused_before_it_is_composed() -> None:
    tower = "a" + "\u0300\u0323" * 20_000  # composing it would take a second
    with pytest.raises(Refusal) as refused:
        clean_text(tower, 20_000, "opinion")
    assert refused.value.code is RefusalCode.TEXT_CONTROL_CHARACTER
    assert clean_text("a" + "\u0323" * 20, 30, "opinion")


@given(st.text(max_size=60))
def test_cleaning_is_settled_after_the_first_time(typed: str) -> None:
    for clean in (clean_line, clean_text):
        try:
            once = clean(typed, 60, "any")
        except Refusal:
            continue
        assert clean(once, 60, "any") == once
        assert len(once) <= 60


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+86", "'+86"), ("-x", "'-x"), ("@a", "'@a"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
        ("-1.5", "-1.5"), (-3, "-3"), (None, ""), (0, "0"), ("3", "3"), ("-1-1", "'-1-1"), ("预付卡", "预付卡"),
    ],
)  # fmt: skip
def test_no_cell_runs_as_a_formula_and_numbers_stay_numbers(cell: object, written: str) -> None:
    assert harmless(cell) == written
    assert harmless(harmless(cell)) == written
