"""What a score is: a table of parts and indicators, each an expression over base quantities, and the working of every line.

Knows the shape of a table and how it is added up (domain-rules §5.6). Refuses to know where quantities come from, and
never guesses one: an indicator without its quantity is left out, and the rest is scaled up by a printed coefficient
(折合系数, as in the measure of §5.5 T1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from zhengtong.rules.scoring_expressions import Node, NoValue, evaluate, names_in, parse, written
from zhengtong.rules.scoring_quantities import DEFINITIONS, Quantity, Sort, Subject, exact

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line. Points lie in [min, max]; a manual one is given by a person with a reason."""

    code: str
    name: str
    name_en: str
    expression: Node | None  # None: manual
    min: Fraction
    max: Fraction
    source: str = ""

    @property
    def manual(self) -> bool:
        return self.expression is None


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    name: str
    name_en: str
    weight: Fraction
    indicators: tuple[Indicator, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    code: str
    least: Fraction


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: where the expression is not 0, the grade is this one whatever the points."""

    expression: Node
    grade: str


@dataclass(frozen=True, slots=True)
class Table:
    subject: Subject
    name: str
    name_en: str
    source: str
    parts: tuple[Part, ...]
    bonus: tuple[Indicator, ...]
    most_bonus: Fraction
    grades: tuple[Grade, ...]  # best first; the last begins at 0
    vetoes: tuple[Veto, ...]
    least_finished: int  # below it a score is shown, but ranked with nobody (§5.9)

    @property
    def full(self) -> Fraction:
        return sum((part.weight for part in self.parts), Fraction(0))

    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(one for part in self.parts for one in part.indicators) + self.bonus


class Left(StrEnum):
    """Why an indicator was left out."""

    AWAITED = "awaited"  # a quantity comes with a later feature
    NO_BASE = "no_base"  # nothing to divide by in this period
    NOT_MARKED = "not_marked"  # manual, and nobody has given it


@dataclass(frozen=True, slots=True)
class Mark:
    """Points a person gave, with the reason; on an automatic indicator it is a correction and replaces the figure."""

    points: Decimal
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as it was computed: enough to compute it again by hand."""

    code: str
    min: Fraction
    max: Fraction
    points: Decimal | None  # None: left out
    raw: Fraction | None = None  # before [min, max]
    expression: str = ""
    filled: str = ""  # the expression with the figures put in
    quantities: tuple[Quantity, ...] = ()
    left: Left | None = None
    awaits: tuple[str, ...] = ()
    mark: Mark | None = None

    @property
    def clamped(self) -> bool:
        return self.raw is not None and not self.min <= self.raw <= self.max


@dataclass(frozen=True, slots=True)
class PartResult:
    code: str
    weight: Fraction
    counted: Fraction  # of the weight, what its remaining indicators can reach
    points: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Result:
    parts: tuple[PartResult, ...]
    bonus: tuple[Line, ...]
    bonus_points: Decimal
    base_points: Decimal
    counted: Fraction
    full: Fraction
    coefficient: Fraction | None  # full ÷ counted; None where nothing could be counted
    total: Decimal | None
    grade: str
    vetoed: bool

    def lines(self) -> tuple[Line, ...]:
        return tuple(line for part in self.parts for line in part.lines) + self.bonus

    def to_json(self) -> dict[str, Any]:
        """What is frozen: decimals and fractions as text, so that a hash of it can be made again anywhere."""
        return {
            "parts": [
                {
                    "code": part.code,
                    "weight": exact(part.weight),
                    "counted": exact(part.counted),
                    "points": str(part.points),
                    "lines": [_line_json(line) for line in part.lines],
                }
                for part in self.parts
            ],
            "bonus": [_line_json(line) for line in self.bonus],
            "bonus_points": str(self.bonus_points),
            "base_points": str(self.base_points),
            "counted": exact(self.counted),
            "full": exact(self.full),
            "coefficient": None if self.coefficient is None else exact(self.coefficient),
            "total": None if self.total is None else str(self.total),
            "grade": self.grade,
            "vetoed": self.vetoed,
        }


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "min": exact(line.min),
        "max": exact(line.max),
        "points": None if line.points is None else str(line.points),
        "raw": None if line.raw is None else exact(line.raw),
        "expression": line.expression,
        "filled": line.filled,
        "quantities": {quantity.name: quantity.to_json() for quantity in line.quantities},
        "left": line.left.value if line.left else "",
        "awaits": list(line.awaits),
        "mark": {"points": str(line.mark.points), "reason": line.mark.reason, "by": line.mark.by}
        if line.mark
        else None,
    }


def cents(value: Fraction | Decimal) -> Decimal:
    """Two decimals, half up: points are added as they are printed, so that a reader's own sum agrees."""
    number = value if isinstance(value, Decimal) else _decimal(value)
    return number.quantize(CENT, ROUND_HALF_UP) + Decimal(0)  # no minus before a zero


def _decimal(value: Fraction) -> Decimal:
    """Near enough that a half stays a half: hundredths are counted exactly, the rest only says more or less."""
    hundredths, rest = divmod(abs(value.numerator) * 100, value.denominator)
    up = 2 * rest >= value.denominator
    whole = Decimal(hundredths + up).scaleb(-2)
    return -whole if value < 0 else whole


def compute(table: Table, quantities: Mapping[str, Quantity], marks: Mapping[str, Mark] | None = None) -> Result:
    """The score of one organ or officer. The same quantities give the same score, to the cent, always."""
    given = marks or {}
    parts = tuple(_part(part, quantities, given) for part in table.parts)
    bonus = tuple(_line(one, quantities, given) for one in table.bonus)
    bonus_points = min(sum((line.points or Decimal(0) for line in bonus), Decimal(0)), cents(table.most_bonus))
    base_points = sum((part.points for part in parts), Decimal(0))
    counted = sum((part.counted for part in parts), Fraction(0))
    coefficient = table.full / counted if counted else None
    total = None if coefficient is None else cents(Fraction(base_points) * coefficient) + bonus_points
    grade, vetoed = _grade(table, total, quantities)
    return Result(
        parts, bonus, bonus_points, base_points, counted, table.full, coefficient, total, grade, vetoed
    )  # fmt: skip


def _part(part: Part, quantities: Mapping[str, Quantity], marks: Mapping[str, Mark]) -> PartResult:
    lines = tuple(_line(one, quantities, marks) for one in part.indicators)
    counted = sum((line.max for line in lines if line.points is not None), Fraction(0))
    points = sum((line.points for line in lines if line.points is not None), Decimal(0))
    # A part never falls below nothing nor rises over its weight (§5.5 T1: each part floor 0).
    return PartResult(part.code, part.weight, counted, max(Decimal(0), min(points, cents(part.weight))), lines)


def _line(indicator: Indicator, quantities: Mapping[str, Quantity], marks: Mapping[str, Mark]) -> Line:
    mark, lowest, highest = marks.get(indicator.code), indicator.min, indicator.max
    if indicator.expression is None:
        if mark is None:
            return Line(indicator.code, lowest, highest, None, left=Left.NOT_MARKED)
        raw = Fraction(mark.points)
        return Line(indicator.code, lowest, highest, cents(max(lowest, min(raw, highest))), raw=raw, mark=mark)
    names = names_in(indicator.expression)
    text = written(indicator.expression)
    known = tuple(quantities[name] for name in names if name in quantities)
    if mark is not None:
        raw = Fraction(mark.points)
        points = cents(max(lowest, min(raw, highest)))
        return Line(indicator.code, lowest, highest, points, raw, text, quantities=known, mark=mark)
    if missing := [name for name in names if name not in quantities]:
        awaits = tuple(dict.fromkeys(DEFINITIONS[name].awaits or name for name in missing))
        return Line(
            indicator.code, lowest, highest, None, None, text, "", known, Left.AWAITED, tuple(map(str, awaits))
        )  # fmt: skip
    values = {one.name: one.value for one in known}
    filled = written(indicator.expression, lambda name: _shown(quantities[name]))
    try:
        if any(value is None for value in values.values()):
            raise NoValue
        raw = evaluate(indicator.expression, {name: value for name, value in values.items() if value is not None})
    except NoValue:
        return Line(indicator.code, lowest, highest, None, None, text, filled, known, Left.NO_BASE)
    return Line(indicator.code, lowest, highest, cents(max(lowest, min(raw, highest))), raw, text, filled, known)


def _shown(quantity: Quantity) -> str:
    """As it stands in the working: a rate with its base, `(27 ÷ 28)`; one that was estimated as its value."""
    if quantity.base is None:
        return str(cents(quantity.numerator)) if quantity.numerator.denominator > 1 else str(quantity.numerator)
    if quantity.numerator.denominator > 1:
        return f"({cents(quantity.numerator)} ÷ {quantity.base})"
    return f"({quantity.numerator} ÷ {quantity.base})"


def _grade(table: Table, total: Decimal | None, quantities: Mapping[str, Quantity]) -> tuple[str, bool]:
    if total is None:
        return "", False
    for veto in table.vetoes:
        values = {name: quantities[name].value for name in names_in(veto.expression) if name in quantities}
        known = {name: value for name, value in values.items() if value is not None}
        if len(known) == len(names_in(veto.expression)) and evaluate(veto.expression, known):
            return veto.grade, True
    return next((grade.code for grade in table.grades if total >= grade.least), table.grades[-1].code), False


def is_rate(name: str) -> bool:
    return DEFINITIONS[name].sort is Sort.RATE


def expression(text: str, subject: Subject) -> Node:
    """Reads an expression of a table about such a subject; ExpressionFault names what does not exist for it."""
    return parse(text, {one.name for one in DEFINITIONS.values() if subject in one.subjects})
