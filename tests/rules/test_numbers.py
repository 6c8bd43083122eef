from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from zhengtong.rules.numbers import case_no, is_case_no, mod37_36, paper_no
from zhengtong.rules.refusal import Refusal, RefusalCode

ON = date(2026, 11, 22)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=40))
def test_the_check_character_is_that_of_iso_7064(text: str) -> None:
    assert mod37_36(text) == mod_37_36.calc_check_digit(text)


def test_a_case_number_can_be_read() -> None:
    number = case_no("990100", ON, "1", 417)
    assert number == "990100" + "20261122" + "1" + "000417" + "C"
    assert len(number) == 22
    assert is_case_no(number)


@given(
    st.integers(0, 999_999),
    st.dates(date(2004, 1, 1), date(2099, 12, 31)),
    st.sampled_from("0123456789ABCXYZ"),
    st.integers(1, 999_999),
    st.integers(0, 21),
    st.sampled_from("0123456789"),
)
def test_one_wrong_character_is_always_found(
    region: int, on: date, source: str, serial: int, place: int, wrong: str
) -> None:
    number = case_no(f"{region:06d}", on, source, serial)
    assert is_case_no(number)
    assert len(number) == 22
    spoilt = number[:place] + wrong + number[place + 1 :]
    assert is_case_no(spoilt) == (spoilt == number)


@pytest.mark.parametrize(
    ("region", "source", "serial", "code"),
    [
        ("99010", "1", 1, RefusalCode.NUMBER_PART_INVALID),
        ("９９０１００", "1", 1, RefusalCode.NUMBER_PART_INVALID),
        ("990100", "窗", 1, RefusalCode.NUMBER_PART_INVALID),
        ("990100", "", 1, RefusalCode.NUMBER_PART_INVALID),
        ("990100", "1", 0, RefusalCode.NUMBER_PART_INVALID),
        ("990100", "1", 1_000_000, RefusalCode.NUMBER_SERIAL_EXHAUSTED),
    ],
)
def test_impossible_parts_are_refused(region: str, source: str, serial: int, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refused:
        case_no(region, ON, source, serial)
    assert refused.value.code is code


@pytest.mark.parametrize(
    "text", ["", "990100202611221000417", "990100202611221000417D", "990100202611221000417c", "<script>"]
)
def test_what_is_no_case_number(text: str) -> None:
    assert not is_case_no(text)


def test_paper_numbers() -> None:
    assert paper_no("云商", "受", 2026, 417) == "（云商）受字〔2026〕第00417号"
    assert paper_no("云商", "受", 2026, 123_456) == "（云商）受字〔2026〕第123456号"
    with pytest.raises(Refusal):
        paper_no("云商", "受", 2026, 0)
