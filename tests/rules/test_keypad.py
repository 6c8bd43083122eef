"""What a caller keys in for a number and a code."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.keypad import case_no_of_keys, keyed
from zhengtong.rules.numbers import case_no

NUMBER = case_no("990100", date(2026, 9, 24), "1", 417)


@pytest.mark.parametrize(
    ("text", "keys"),
    [("A7K2", "2752"), ("pqrs", "7777"), ("WXYZ", "9999"), ("23456789", "23456789"), ("A-B", "22"), ("云", "")],
)
def test_letters_are_keyed_by_their_key(text, keys):
    assert keyed(text) == keys


def test_a_case_number_is_found_with_and_without_its_check_character():
    assert case_no_of_keys(NUMBER[:-1]) == NUMBER
    assert case_no_of_keys(keyed(NUMBER)) == NUMBER


@pytest.mark.parametrize("keys", ["", "1", NUMBER[:-2], NUMBER[:-1] + "12", "a" * 21, NUMBER[:-1] + "x"])
def test_what_is_no_number_is_none(keys):
    assert case_no_of_keys(keys) == ""


@given(st.integers(1, 999_999), st.sampled_from("129"))
def test_every_number_of_ours_can_be_keyed(serial, source):
    number = case_no("990100", date(2026, 9, 24), source, serial)
    assert case_no_of_keys(keyed(number)) == number
    wrong = "0" if keyed(number)[-1] != "0" else "1"
    assert case_no_of_keys(number[:-1] + wrong) == ""
