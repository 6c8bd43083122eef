"""What a changed table would have given last month. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhengtong.domains.performance import queries
from zhengtong.domains.performance.models import ManualMark, Score, ScoreMonth
from zhengtong.domains.performance.reckoning import quantities_in
from zhengtong.rules.scoring import Mark, compute
from zhengtong.rules.scoring_months import Entrant, places
from zhengtong.rules.scoring_quantities import Subject
from zhengtong.rules.scoring_tables import table_from


@dataclass(frozen=True, slots=True)
class Previewed:
    score: Score
    total: Decimal | None
    grade: str
    rank: int | None


def preview(document: Mapping[str, Any], subject: Subject) -> tuple[ScoreMonth | None, list[Previewed]]:
    """The newest locked month under a table without problems: the frozen quantities, computed anew."""
    months = queries.months(subject, limit=1)
    if not months:
        return None, []
    table, rows = table_from(document), list(Score.objects.filter(month=months[0]).select_related("organ", "officer"))
    kept, marks = queries.current_editions(rows), _marks(rows)
    results = {
        one.key: compute(table, quantities_in(kept[one.pk].content), marks.get(one.pk, {})) for one in rows
    }  # fmt: skip
    standing = places(
        [Entrant(one.key, one.group_code, results[one.key].total, one.finished) for one in rows], table.least_finished
    )
    found = [Previewed(one, results[one.key].total, results[one.key].grade, standing[one.key].rank) for one in rows]
    found.sort(key=lambda one: (one.score.group_code == "", one.score.group_code, one.rank or 10_000, one.score.key))
    return months[0], found


def _marks(rows: list[Score]) -> dict[int, dict[str, Mark]]:
    found: dict[int, dict[str, Mark]] = {}
    for row in ManualMark.objects.filter(score__in=[one.pk for one in rows], replaced_at__isnull=True):
        found.setdefault(row.score_id, {})[row.indicator] = Mark(row.points, row.reason, "")
    return found
