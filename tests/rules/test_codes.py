"""Identifiers: known public codes, generated ones against python-stdnum, and what people mistype."""

from datetime import date

import pytest
import stdnum.cn.ric
import stdnum.cn.uscc
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.codes import (
    check_impl_code,
    check_mobile,
    check_resident_id,
    check_uscc,
    is_resident_id,
    is_uscc,
    organisation_check_character,
    resident_id_check_character,
    uscc_check_character,
)
from zhengtong.rules.refusal import Refusal, RefusalCode

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "113701006974812100", "11370800MB28559184"])  # as published
def test_published_codes(code: str) -> None:
    assert check_uscc(code) == code
    assert organisation_check_character(code[8:16]) == code[16]


@pytest.mark.parametrize(
    "typed",
    [
        "91350100m000100y43",  # lower case
        " 91350100 M000100Y 43 ",  # in groups, as on the licence
        "９１３５０１００Ｍ０００１００Ｙ４３",  # by a full-width keyboard
    ],
)
def test_codes_as_people_type_them(typed: str) -> None:
    assert check_uscc(typed) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("91350100M000100Y4", RefusalCode.CODE_USCC_LENGTH, {"length": 17}),
        ("", RefusalCode.CODE_USCC_LENGTH, {"length": 0}),
        ("9" * 10_000, RefusalCode.CODE_USCC_LENGTH, {"length": 100}),
        ("9135O100M000100Y43", RefusalCode.CODE_USCC_CHARACTER, {"character": "O", "position": 5}),  # letter for zero
        ("91A50100M000100Y43", RefusalCode.CODE_USCC_CHARACTER, {"character": "A", "position": 3}),  # no region
        ("91350100M000100Y4\u202e", RefusalCode.CODE_USCC_CHARACTER, {"character": "\u202e", "position": 18}),
        ("91350100M000100Y44", RefusalCode.CODE_USCC_CHECK, {}),
        ("91350100M000010Y43", RefusalCode.CODE_USCC_CHECK, {}),  # neighbours swapped
    ],
)
def test_wrong_codes_say_what_is_wrong(typed: str, code: RefusalCode, facts: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        check_uscc(typed)
    assert (refused.value.code, refused.value.facts) == (code, facts)
    assert not is_uscc(typed)


organisations = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)


@given(st.sampled_from(["11", "12", "51", "52", "53", "91", "92", "93"]), st.integers(0, 999_999), organisations)
def test_generated_codes_agree_with_stdnum(kind: str, region: int, organisation: str) -> None:
    body = f"{kind}{region:06d}{organisation}{organisation_check_character(organisation)}"
    code = body + uscc_check_character(body)
    assert check_uscc(code) == stdnum.cn.uscc.validate(code)


@given(st.text("0123456789", min_size=2, max_size=2), st.text(ALPHABET, min_size=16, max_size=16))
def test_any_code_is_judged_as_stdnum_judges(kind: str, rest: str) -> None:
    """Of kinds in digits: the standard also names registrars and kinds by letters (A, N, Y …), which stdnum refuses."""
    assert is_uscc(kind + rest) == stdnum.cn.uscc.is_valid(kind + rest)


@given(organisations, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(organisation: str, place: int, wrong: str) -> None:
    body = f"91990100{organisation}{organisation_check_character(organisation)}"
    code = body + uscc_check_character(body)
    spoilt = code[:place] + wrong + code[place + 1 :]
    assert is_uscc(spoilt) == (spoilt == code)


def test_a_known_resident_id() -> None:
    assert check_resident_id("11010519491231002x") == "11010519491231002X"
    assert check_resident_id("１１０１０５ 19491231 002X") == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("110105491231002", RefusalCode.CODE_RESIDENT_ID_FORM),  # 15 digits of the first generation
        ("1101051949123100２Y", RefusalCode.CODE_RESIDENT_ID_FORM),
        ("01010519491231002X", RefusalCode.CODE_RESIDENT_ID_REGION),
        ("110105194902300021", RefusalCode.CODE_RESIDENT_ID_BIRTH),  # 30 February
        ("110105174912310021", RefusalCode.CODE_RESIDENT_ID_BIRTH),  # 1749
        ("110105194912310021", RefusalCode.CODE_RESIDENT_ID_CHECK),
        ("11010519491213002X", RefusalCode.CODE_RESIDENT_ID_CHECK),  # 31 December typed as 13
    ],
)
def test_wrong_resident_ids_say_what_is_wrong_and_never_repeat_the_number(typed: str, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as refused:
        check_resident_id(typed)
    assert refused.value.code is code
    assert typed not in str(refused.value)
    assert typed[6:14] not in str(refused.value)


def test_nobody_is_born_after_the_day_of_asking() -> None:
    number = "99010020261122001"
    number += resident_id_check_character(number)
    assert check_resident_id(number, on=date(2026, 11, 22)) == number
    assert is_resident_id(number)  # without a day nobody can say
    assert not is_resident_id(number, on=date(2026, 11, 21))


births = st.dates(date(1900, 1, 1), date(2026, 11, 22))


@given(births, st.integers(0, 999))
def test_generated_resident_ids_agree_with_stdnum(born: date, order: int) -> None:
    body = f"110105{born:%Y%m%d}{order:03d}"
    number = body + resident_id_check_character(body)
    assert check_resident_id(number) == stdnum.cn.ric.validate(number)


@given(births, st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(born: date, order: int, place: int, wrong: str) -> None:
    body = f"990100{born:%Y%m%d}{order:03d}"
    number = body + resident_id_check_character(body)
    spoilt = number[:place] + wrong + number[place + 1 :]
    assert is_resident_id(spoilt) == (spoilt == number)


@pytest.mark.parametrize(
    "typed", ["13812345678", "+86 138-1234-5678", "0086 13812345678", "138 1234 5678", "１３８12345678"]
)
def test_mobile_numbers(typed: str) -> None:
    assert check_mobile(typed) == "13812345678"


@pytest.mark.parametrize(
    "typed", ["12812345678", "1381234567", "138123456789", "010-12345678", "", "1381234567a", "٠" * 11]
)
def test_wrong_mobile_numbers(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_mobile(typed)
    assert refused.value.code is RefusalCode.CODE_MOBILE_FORM


@pytest.mark.parametrize(
    ("code", "item_type"),
    [("1137010069748121003371021006000", "10"), ("11370800MB285591843370117002011", "01")],  # Jinan, Jining
)
def test_published_implementation_codes(code: str, item_type: str) -> None:
    assert check_impl_code(code, item_type) == check_impl_code(code) == code


@pytest.mark.parametrize(
    ("code", "refused_with"),
    [
        ("1137010069748121003371021006000", RefusalCode.CODE_IMPL_FORM),  # of another type than the item
        ("113701006974812100337102100600", RefusalCode.CODE_IMPL_FORM),  # 30 characters
        ("1137010069748121008370121006000", RefusalCode.CODE_IMPL_FORM),  # level 8
        ("1137010069748121013370121006000", RefusalCode.CODE_USCC_CHECK),
    ],
)
def test_wrong_implementation_codes(code: str, refused_with: RefusalCode) -> None:
    with pytest.raises(Refusal) as refused:
        check_impl_code(code, "01")
    assert refused.value.code is refused_with
