"""Scores: the default table against sums made by hand; what is missing is left out and told, never guessed."""

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhengtong.domains
from zhengtong.rules.scoring import Left, Mark, cents, compute
from zhengtong.rules.scoring_quantities import DEFINITIONS, Sort, Subject, count, quantity_from, rate
from zhengtong.rules.scoring_tables import problems, table_from

DATA = Path(zhengtong.domains.__path__[0]) / "performance" / "data"
DEPARTMENT = json.loads((DATA / "department.json").read_text())
STAFF = json.loads((DATA / "staff.json").read_text())
TABLE = table_from(DEPARTMENT)


def quantities(*given):
    """A month without any fault, but for what is given."""
    plain = {
        name: rate(name, 1, 1) if one.sort is Sort.RATE else count(name, 0)
        for name, one in DEFINITIONS.items()
        if Subject.ORGAN in one.subjects
    }
    plain |= {name: rate(name, 0, 100) for name in ("early_rate", "compression", "defective_rate")}
    return plain | {one.name: one for one in given}


def without(found, *names):
    return {name: one for name, one in found.items() if name not in names}


WAITING = [name for name, one in DEFINITIONS.items() if one.awaits]


@pytest.mark.parametrize(
    ("given", "total", "grade"),
    [
        ((), "100.00", "A"),
        ((rate("on_time_rate", 27, 28),), "99.21", "A"),  # 22 × 27/28 = 21.214…
        ((rate("on_time_rate", 27, 28), count("yellow_time", 1)), "94.21", "A"),
        ((count("yellow_time", 1), count("red_time", 1)), "85.00", "B"),
        ((count("red_time", 3),), "78.00", "C"),  # 22 − 30, floor 0: the part is lost, no more
        ((count("red_procedure", 1), count("yellow_material", 1)), "85.00", "B"),
        ((count("second_notices", 2), count("unjustified_returns", 1)), "94.00", "A"),
        ((rate("defective_rate", 2, 100),), "98.00", "A"),  # 1 a percent
        ((rate("defective_rate", 30, 100),), "95.00", "A"),
        ((rate("answered_in_time_rate", 1, 3),), "96.00", "A"),
        ((count("fee_violations", 1), rate("satisfaction_rate", 90, 100)), "93.80", "A"),
        ((count("confirmed_complaints", 1), count("late_rectifications", 2)), "94.00", "A"),
        ((count("confirmed_complaints", 9),), "92.00", "A"),  # its part is lost, no more
        ((count("late_disclosures", 3),), "97.00", "A"),
        ((count("late_disclosures", 30),), "90.00", "A"),  # never under the part's nothing
        ((rate("early_rate", 35, 100),), "103.00", "A"),  # 3 whole tenths
        ((rate("compression", 29, 100),), "100.00", "A"),
        ((rate("compression", 30, 100),), "103.00", "A"),
        ((rate("compression", 55, 100),), "105.00", "A"),
        ((rate("compression", 9, 10), rate("early_rate", 9, 10)), "110.00", "A"),  # bonus at most 10
        ((count("confirmed_breaches", 1),), "95.00", "E"),  # 一票否决
    ],
)
def test_default_table_by_hand(given, total, grade):
    result = compute(TABLE, quantities(*given))
    assert (str(result.total), result.grade) == (total, grade)
    assert result.coefficient == 1


def test_what_is_not_there_yet_is_left_out_and_the_rest_scaled_up():
    found = without(quantities(rate("on_time_rate", 27, 28), rate("answered_in_time_rate", 0, 0)), *WAITING)
    result = compute(TABLE, found)
    # time 22, procedure 14, material 10, openness 10, satisfaction 12, complaints 8, data 5; no order to answer
    assert (result.counted, result.coefficient) == (81, Fraction(100, 81))
    assert result.base_points == Decimal("80.21")
    assert result.total == Decimal("99.02")  # 80.21 × 100 ÷ 81 = 99.024…
    left = {line.code: (line.left, line.awaits) for line in result.lines() if line.left}
    assert left["fees_kept"] == (Left.AWAITED, ("fees",))
    assert left["integrity_kept"] == (Left.AWAITED, ("integrity",))
    assert not {"satisfied", "complaints_few"} & left.keys()
    assert left["orders_answered"][0] is Left.NO_BASE
    assert left["innovation"][0] is Left.NOT_MARKED


def test_a_line_shows_its_working():
    line = compute(TABLE, quantities(rate("on_time_rate", 27, 28), count("yellow_time", 5))).lines()[0]
    assert line.expression == "22 × on_time_rate − 5 × yellow_time − 10 × red_time"
    assert line.filled == "22 × (27 ÷ 28) − 5 × 5 − 10 × 0"
    assert (line.raw, line.points, line.clamped) == (Fraction(22 * 27, 28) - 25, Decimal(0), True)
    assert next((one.name, one.numerator, one.base) for one in line.quantities) == ("on_time_rate", 27, 28)


def test_a_mark_counts_with_its_reason_and_corrects_a_figure():
    marks = {"innovation": Mark(Decimal("1.5"), "推出“一次办好”套餐", "吴涛")}
    assert compute(TABLE, quantities(), marks).total == Decimal("101.50")
    found = quantities(count("red_time", 1))
    corrected = compute(TABLE, found, {"time_kept": Mark(Decimal(22), "系统故障，监察核实", "蒋华")})
    assert (compute(TABLE, found).total, corrected.total) == (Decimal("90.00"), Decimal("100.00"))
    assert corrected.lines()[0].mark.reason == "系统故障，监察核实"


def test_nothing_known_gives_no_score():
    result = compute(TABLE, {})
    assert (result.total, result.grade, result.coefficient) == (None, "", None)


def test_staff_score_is_sixty_twenty_five_fifteen():
    table = table_from(STAFF)
    assert [int(part.weight) for part in table.parts] == [60, 25, 15]
    found = {
        "fair_on_time_rate": rate("fair_on_time_rate", Fraction(19, 1), 20), "yellow_time": count("yellow_time", 1),
        "red_time": count("red_time", 0), "attendance_faults": count("attendance_faults", 3),
        "satisfaction_rate": rate("satisfaction_rate", 14, 15), "early_rate": rate("early_rate", 9, 20),
        "defective_rate": rate("defective_rate", 0, 20),
        **{name: count(name, 0) for name in ("yellow_procedure", "red_procedure", "yellow_material", "red_material",
                                             "second_notices", "unjustified_returns")},
    }  # fmt: skip
    # 40 × 0.95 − 5 = 33; 15; 5; 25 − 3 = 22; 15 × 14/15 = 14; bonus floor(45 % ÷ 20 %) = 2
    assert compute(table, found).total == Decimal("91.00")


@given(
    st.fixed_dictionaries(
        {
            "on": st.integers(0, 200), "yellow": st.integers(0, 9), "red": st.integers(0, 9),
            "early": st.integers(0, 200), "missing": st.sets(st.sampled_from(sorted(DEFINITIONS))),
        }
    )
)  # fmt: skip
def test_any_month_gives_a_score_in_range_twice_the_same_and_from_its_own_text(month):
    found = without(
        quantities(
            rate("on_time_rate", month["on"], 200), count("yellow_time", month["yellow"]),
            count("red_procedure", month["red"]), rate("early_rate", month["early"], 200),
        ),
        *month["missing"],
    )  # fmt: skip
    result = compute(TABLE, found)
    if result.total is not None:
        assert 0 <= result.total <= 110
        assert result.base_points == sum((part.points for part in result.parts), Decimal(0))
    kept = json.loads(json.dumps({name: one.to_json() for name, one in found.items()}))
    again = compute(TABLE, {name: quantity_from(name, row) for name, row in kept.items()})
    assert again.to_json() == result.to_json()
    assert sum(line.points is None for line in result.lines()) >= len(month["missing"] & {"on_time_rate"})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 200), "0.01"), (Fraction(-1, 200), "-0.01"), (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"), (Fraction(-1, 1000), "0.00"), (Fraction(10**20 + 1, 10**18), "100.00"),
    ],
)  # fmt: skip
def test_cents_are_rounded_half_up(value, shown):
    assert str(cents(value)) == shown


# --- tables ---


def test_the_shipped_tables_are_tables():
    assert problems(DEPARTMENT) == []
    assert problems(STAFF) == []
    assert TABLE.full == 100


def broken(change):
    document = copy.deepcopy(DEPARTMENT)
    change(document)
    return [(one.path, one.code) for one in problems(document)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d["parts"][0].update(weight=30), ("parts[0].weight", "weight")),
        (lambda d: d["parts"][0]["indicators"][0].update(expression="22 × speed"),
         ("parts[0].indicators[0].expression", "expression_unknown_name")),
        (lambda d: d["parts"][0]["indicators"][0].update(expression="22 ×"),
         ("parts[0].indicators[0].expression", "expression_unfinished")),
        (lambda d: d["parts"][0]["indicators"][0].update(expression="attendance_faults"),
         ("parts[0].indicators[0].expression", "expression_unknown_name")),  # a figure of officers
        (lambda d: d["parts"][0]["indicators"][0].update(min=22), ("parts[0].indicators[0].min", "reversed")),
        (lambda d: d["parts"][0]["indicators"][0].update(max=1.5), ("parts[0].indicators[0].max", "number")),
        (lambda d: d["parts"][1].update(code="time"), ("parts[1].code", "code_twice")),
        (lambda d: d["parts"][1].update(name=""), ("parts[1].name", "text")),
        (lambda d: d.update(parts=[]), ("parts", "rows")),
        (lambda d: d.update(parts="x"), ("parts", "rows")),
        (lambda d: d.update(subject="person"), ("subject", "subject")),
        (lambda d: d["grades"].reverse(), ("grades", "grades_order")),
        (lambda d: d["grades"].clear(), ("grades", "grades")),
        (lambda d: d["vetoes"][0].update(grade="Z"), ("vetoes[0].grade", "veto_grade")),
        (lambda d: d.update(least_finished=-1), ("least_finished", "number")),
        (lambda d: d.update(bonus=None), ("bonus", "rows")),
    ],
)  # fmt: skip
def test_a_broken_table_is_told_where(change, expected):
    assert expected in broken(change)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*DEPARTMENT]), json_values)
def test_any_json_in_any_place_is_told_and_never_crashes(key, value):
    document = {**copy.deepcopy(DEPARTMENT), key: value}
    if not problems(document):
        table_from(document)
    assert isinstance(problems(value), list)
