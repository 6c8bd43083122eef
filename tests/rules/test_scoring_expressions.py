"""The language of score tables: every tree is read back from its own text, and whatever is typed is read or told."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.scoring_expressions import (
    Call,
    ExpressionFault,
    Name,
    Negative,
    NoValue,
    Number,
    Operation,
    evaluate,
    names_in,
    parse,
    written,
)

NAMES = {"on_time_rate": Fraction(27, 28), "yellow": Fraction(2), "red": Fraction(0)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22 × on_time_rate − 5 × yellow − 10 × red", Fraction(157, 14)),  # 期限, §5.6
        ("22*on_time_rate-5*yellow-10*red", Fraction(157, 14)),  # as a keyboard types it
        ("1 − 2 − 3", -4),  # from the left
        ("1 − (2 − 3)", 2),
        ("24 ÷ 4 ÷ 2", 3),
        ("2 + 3 × 4", 14),
        ("−yellow + 3", 1),
        ("min(3, yellow, 9)", 2),
        ("max(3, yellow)", 3),
        ("floor(on_time_rate ÷ 10%)", 9),
        ("floor(−0.5)", -1),
        ("if(on_time_rate ≥ 90%, 3, 0)", 3),
        ("(yellow = 2) + (red > 0) + (red <= 0)", 2),
        ("0.10", Fraction(1, 10)),
    ],
)
def test_value(text, value):
    assert evaluate(parse(text, NAMES), NAMES) == value


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty", 1),
        ("   ", "empty", 1),
        ("22 ×", "unfinished", 5),
        ("22 22", "unexpected", 4),
        ("(1 + 2", "unclosed", 1),
        ("1 + 2)", "unexpected", 6),
        ("speed × 2", "unknown_name", 1),
        ("exp(2)", "unknown_function", 1),
        ("min(1)", "arguments", 1),
        ("1.2.3", "number", 1),
        (".5", "character", 1),
        ("1 & 2", "character", 3),
        ("on_time_rate.__class__", "character", 13),
        ("9" * 13, "number", 1),
        ("1 < 2 < 3", "unexpected", 7),
        ("(" * 30 + "1" + ")" * 30, "too_deep", 21),
        ("1+" * 250 + "1", "too_long", 400),
        ("１ + 2", "character", 1),  # a full-width digit is not read as if it were one
    ],
)
def test_fault_says_where(text, code, position):
    with pytest.raises(ExpressionFault) as caught:
        parse(text, NAMES)
    assert (caught.value.code, caught.value.position) == (code, position)


def test_nothing_to_divide_by_is_no_value_and_an_untaken_branch_does_no_harm():
    with pytest.raises(NoValue):
        evaluate(parse("1 ÷ red"), NAMES)
    assert evaluate(parse("if(red > 0, 1 ÷ red, 7)"), NAMES) == 7


def test_names_in_the_order_of_writing():
    assert names_in(parse("b − max(a, b) × −c")) == ("b", "a", "c")


numbers = st.integers(0, 9999).map(lambda n: Number(Fraction(n, 100), f"{n // 100}.{n % 100:02d}"))
leaves = numbers | st.sampled_from(sorted(NAMES)).map(Name)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Negative, inner),
        st.builds(Operation, st.sampled_from(["+", "-", "*", "/", "<", ">", "<=", ">=", "="]), inner, inner),
        st.builds(lambda a, b: Call("min", (a, b)), inner, inner),
        st.builds(lambda a: Call("floor", (a,)), inner),
        st.builds(lambda a, b, c: Call("if", (a, b, c)), inner, inner, inner),
    ),
    max_leaves=8,
)


def outcome(node):
    try:
        return evaluate(node, NAMES)
    except NoValue:
        return None


@given(trees)
def test_what_is_written_reads_back_with_the_same_value(tree):
    text = written(tree)
    if len(text) <= 400:
        again = parse(text, NAMES)
        assert outcome(again) == outcome(tree)
        assert written(again) == text


@given(st.text(alphabet="0123456789.+-×÷*/(),%<>= abcfloormin_", max_size=60) | st.text(max_size=40))
def test_anything_typed_is_read_or_told(text):
    try:
        node = parse(text, NAMES)
    except ExpressionFault as fault:
        assert 1 <= fault.position <= len(text) + 1  # noqa: PT017
    else:
        outcome(node)
