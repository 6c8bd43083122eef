"""A frozen score as a page shows it: every line with its working, its base and the address of the rows it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.rules.scoring import cents
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import DEFINITIONS, Basis, Quantity, Source, quantity_from
from zhengtong.web.frame.dates import in_english
from zhengtong.web.watch import score_words as words

# The figure of statistics whose rows stand behind a quantity.
MEASURE = {
    "finished": "finished",
    "on_time_rate": "in_time",
    "fair_on_time_rate": "in_time",
    "early_rate": "early",
    "immediate_rate": "immediate",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` as people read it, `base` what it was counted over, `url` the rows."""

    name: str
    value: str
    base: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    chinese: bool
    expression: str
    filled: str
    points: str
    range: str
    figures: list[Figure]
    left: str
    awaits: list[str]
    mark: Mapping[str, str] | None
    clamped: bool
    manual: bool
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    chinese: bool
    weight: str
    counted: str
    points: str
    source: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Working:
    parts: list[Part]
    bonus: list[Line]
    bonus_points: str
    base_points: str
    counted: str
    full: str
    coefficient: str
    scaled: str
    total: str
    vetoed: bool


def percent(value: Fraction) -> str:
    return f"{cents(value * 100)}%"


def plain(value: object) -> str:
    """`5`, `2.5`: a number without the zeros of its cents."""
    return f"{float(Fraction(str(value))):g}"


def named(row: Mapping[str, Any]) -> tuple[str, bool]:
    """(name in the page's language, whether it is Chinese on an English page)."""
    english = str(row.get("name_en") or "")
    return (english, False) if in_english() and english else (str(row["name"]), in_english())


def address(quantity: Quantity, score: Any, month: Month) -> str:
    """Where the rows of a quantity stand; "" where no page lists them."""
    route, asked = _place(quantity, score)
    period = month.moved(-1) if quantity.basis is Basis.BEFORE else month
    if not route:
        return ""
    return f"{reverse(route)}?{urlencode({**asked, 'since': period.since, 'until': period.until})}"


def _place(quantity: Quantity, score: Any) -> tuple[str, dict[str, Any]]:
    """(route, what it is asked beside the period)."""
    organ, person = score.organ, score.officer_id
    match DEFINITIONS[quantity.name].source:
        case Source.STATISTICS:
            asked = {"measure": MEASURE[quantity.name], "organ": organ.code}
            return "watch:rows", asked | ({"person": person} if person else {})
        case Source.CARDS:
            return "watch:cards", {"organ": organ.pk}
        case Source.ORDERS:
            return "watch:orders", {"organ": organ.pk}
        case Source.RATINGS if quantity.basis is Basis.PEERS:
            return "watch:ratings", {"period": "range"}
        case Source.RATINGS:
            whose = {"group": "person", "key": person} if person else {"organ": organ.code}
            return "watch:rating_rows", {"measure": "rated", **whose}
        case Source.RECTIFICATIONS:
            return "watch:rectification_rows", {"part": "late", "organ": organ.pk}
        case Source.LETTERS:
            return "watch:letters_rows", {"measure": "found", "period": "range", "organ": organ.code}
        case Source.CATALOGUE if quantity.name == "disclosure_completeness":
            return "desk:items_completeness", {}
    return "", {}


def figure(quantity: Quantity, score: Any, month: Month, *, linked: bool) -> Figure:
    url = address(quantity, score, month) if linked else ""
    name = words.word(words.QUANTITIES, quantity.name)
    if quantity.base is None:
        return Figure(name, plain(quantity.numerator), "", url)
    if quantity.value is None:
        return Figure(name, "—", _("没有基数"), url)
    part = plain(cents(quantity.numerator))
    base = _("%(base)s 中 %(part)s") % {"base": quantity.base, "part": part}
    if quantity.basis:
        base = f"{words.BASES[quantity.basis]} · {base}"
    return Figure(name, percent(quantity.value), base, url)


def working(document: Mapping[str, Any], content: Mapping[str, Any], score: Any, *, linked: bool) -> Working:
    """Names come from the table version the score was computed with, figures from what was frozen."""
    result = content["result"]
    month = Month(score.month.month.year, score.month.month.month)
    tree = {part["code"]: part for part in document["parts"]}
    parts = []
    for part in result["parts"]:
        told = tree[part["code"]]
        name, chinese = named(told)
        rows = {one["code"]: one for one in told["indicators"]}
        lines = [_line(rows[line["code"]], line, score, month, linked=linked) for line in part["lines"]]
        parts.append(
            Part(name, chinese, plain(part["weight"]), plain(part["counted"]), part["points"], told.get("source", ""), lines)
        )  # fmt: skip
    rows = {one["code"]: one for one in document["bonus"]["indicators"]}
    coefficient = Fraction(result["coefficient"]) if result["coefficient"] else None
    return Working(
        parts=parts,
        bonus=[_line(rows[line["code"]], line, score, month, linked=linked) for line in result["bonus"]],
        bonus_points=result["bonus_points"],
        base_points=result["base_points"],
        counted=plain(result["counted"]),
        full=plain(result["full"]),
        coefficient="" if coefficient is None else f"{float(coefficient):.4f}",
        scaled="" if coefficient is None else str(cents(Fraction(Decimal(result["base_points"])) * coefficient)),
        total=result["total"] or "—",
        vetoed=result["vetoed"],
    )


def _line(row: Mapping[str, Any], line: Mapping[str, Any], score: Any, month: Month, *, linked: bool) -> Line:
    name, chinese = named(row)
    quantities = [quantity_from(code, told) for code, told in line["quantities"].items()]
    raw = Fraction(line["raw"]) if line["raw"] is not None else None
    return Line(
        code=line["code"],
        name=name,
        chinese=chinese,
        expression=words.in_words(line["expression"]),
        filled="" if line["mark"] else line["filled"],
        points=line["points"] or "",
        range=f"{plain(line['min'])} … {plain(line['max'])}",
        figures=[figure(one, score, month, linked=linked) for one in quantities],
        left=words.word(words.LEFT, line["left"]) if line["left"] else "",
        awaits=[words.word(words.AWAITED, one) for one in line["awaits"]],
        mark=line["mark"],
        clamped=raw is not None and not Fraction(line["min"]) <= raw <= Fraction(line["max"]),
        manual=bool(row.get("manual")),
        source=row.get("source", ""),
    )


@dataclass(frozen=True, slots=True)
class FairShown:
    """可比按期率 with everything it was made of."""

    cases: int
    late: int
    raw: str
    expected: str
    ratio: str
    weight: str
    on_time: str
    limits: str
    far_limits: str
    funnel: str
    beyond: str  # "", better, worse


def fair_shown(fair: Mapping[str, Any] | None) -> FairShown | None:
    if fair is None:
        return None
    kind = fair["funnel"].removeprefix("far_")
    return FairShown(
        cases=fair["cases"],
        late=fair["late"],
        raw=percent(Fraction(fair["raw"])),
        expected=str(cents(Fraction(fair["expected"]))),
        ratio="—" if fair["ratio"] is None else str(cents(Fraction(fair["ratio"]))),
        weight=percent(Fraction(fair["weight"])),
        on_time=percent(Fraction(fair["on_time"])),
        limits=f"{fair['limits'][0]}–{fair['limits'][1]}",
        far_limits=f"{fair['far_limits'][0]}–{fair['far_limits'][1]}",
        funnel=words.word(words.FUNNELS, fair["funnel"]),
        beyond="" if kind == "within" else kind,
    )
