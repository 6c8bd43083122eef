"""A score computed and ready to be frozen: the result with every line, the quantities behind it, and their digest."""

import hashlib
from collections.abc import Mapping
from typing import Any

from zhengtong.domains.performance.models import ManualMark, Score, ScoreTableVersion
from zhengtong.domains.performance.quantities import Entrant, fair_json
from zhengtong.rules.canonical import canonical
from zhengtong.rules.scoring import Mark, Result, compute
from zhengtong.rules.scoring_quantities import Quantity, quantity_from
from zhengtong.rules.scoring_tables import table_from


def reckon(
    version: ScoreTableVersion, quantities: Mapping[str, Quantity], fair: Any, marks: Mapping[str, Mark]
) -> tuple[Result, dict[str, Any]]:
    """(result, content of an edition). The content alone is enough to compute the result again."""
    result = compute(table_from(version.document), quantities, marks)
    content = {
        "table": {"code": version.table.code, "number": version.number, "digest": version.digest},
        "quantities": {name: quantity.to_json() for name, quantity in sorted(quantities.items())},
        "fair": fair,
        "result": result.to_json(),
    }
    return result, content


def reckon_entrant(version: ScoreTableVersion, one: Entrant) -> tuple[Result, dict[str, Any]]:
    return reckon(version, one.quantities, fair_json(one.fair), {})


def quantities_in(content: Mapping[str, Any]) -> dict[str, Quantity]:
    return {name: quantity_from(name, row) for name, row in content["quantities"].items()}


def marks_of(score: Score) -> dict[str, Mark]:
    rows = ManualMark.objects.select_related("given_by").filter(score=score, replaced_at__isnull=True)
    return {row.indicator: Mark(row.points, row.reason, row.given_by.name) for row in rows.order_by("pk")}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content: the journal holds it, so a changed edition shows."""
    return hashlib.sha256(canonical(dict(content)).encode()).hexdigest()
