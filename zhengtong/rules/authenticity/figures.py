"""Knows what honest figures look like as figures: D-11 数字异常; and when asking for traces outgrows work: D-14 痕迹主义."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds


def chi_square(digits: Sequence[int]) -> float:
    """χ² of counts of the last digits 0–9 against an even share each."""
    total = sum(digits)
    expected = total / 10
    return sum((count - expected) ** 2 / expected for count in digits) if total else 0.0


def digit_anomaly(organ_id: int, month: str, digits: Sequence[int], limits: Thresholds) -> Suspicion | None:
    """D-11: the last digits of the minutes at which an organ acted are not even, n ≥ 300 (§5.4). Information only.

    Times people make up end in 0 and 5; clocks do not. Fees join when they are there.
    """
    records, chi = sum(digits), round(chi_square(digits), 1)
    if records < limits.digit_records or chi <= limits.digit_chi:
        return None
    facts = {"records": records, "chi": chi, "digits": list(digits)}
    shown = Shown("digits", str(organ_id), facts=facts, kind="organ")
    return Suspicion("D-11", Scope.ORGAN, str(organ_id), (shown,), period=month, organ_id=organ_id, facts=facts)


@dataclass(frozen=True, slots=True)
class Burden:
    """One item in one month: what was asked of applicants (answers and uploads), and what came of it."""

    month: str
    cases: int
    asked: int
    granted: int


def burden_trend(organ_id: int, item_id: int, months: Sequence[Burden], limits: Thresholds) -> Suspicion | None:
    """D-14: each month asks more per case, results do not rise (§5.4). It goes to the owner of the rule, not to staff."""
    last = months[-limits.burden_months :]
    if len(last) < limits.burden_months or any(m.cases < limits.burden_cases for m in last):
        return None
    asked = [m.asked / m.cases for m in last]
    rising = all(later > earlier for earlier, later in pairwise(asked))
    enough = asked[-1] * 100 >= asked[0] * (100 + limits.burden_rise_percent)
    better = last[-1].granted * last[0].cases > last[0].granted * last[-1].cases
    if not (rising and enough) or better:
        return None
    facts = {"from": round(asked[0], 1), "to": round(asked[-1], 1), "months": len(last)}
    shown = Shown("burden", str(item_id), facts=facts, kind="item")
    return Suspicion(
        "D-14",
        Scope.ITEM,
        str(item_id),
        (shown,),
        period=last[-1].month,
        organ_id=organ_id,
        item_id=item_id,
        facts=facts,
    )
