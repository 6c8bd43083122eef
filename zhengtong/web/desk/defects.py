"""The lines of a 一次性告知 as a clerk types them: one row for each material, filled only where something is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhengtong.flows.request_supplement import Defect
from zhengtong.rules.edition import Material

# Words of the notice itself, which is always in Chinese.
NOT_HANDED_IN = "未提交"
OTHER_ROWS = 2  # what no material of the item stands for


@dataclass(frozen=True, slots=True)
class DefectRow:
    """`code` is empty for a row with a name of its own."""

    key: str
    code: str
    name: str
    name_en: str
    problem: str
    remedy: str
    later: bool  # could not be seen when the first notice was given


def rows(
    materials: Sequence[Material], missing: Sequence[str] = (), post: Mapping[str, Any] | None = None
) -> list[DefectRow]:
    """`missing`: codes of what was not handed in; their lines are written already and can be changed."""
    typed = post or {}
    found = []
    for material in materials:
        key = f"defect.{material.code}"
        lacking = post is None and material.code in missing
        problem = NOT_HANDED_IN if lacking else str(typed.get(f"{key}.problem", ""))
        remedy = f"请提交{material.name}。" if lacking else str(typed.get(f"{key}.remedy", ""))
        later = bool(typed.get(f"{key}.later"))
        found.append(DefectRow(key, material.code, material.name, material.name_en, problem, remedy, later))
    for number in range(OTHER_ROWS):
        key = f"defect.-{number}"
        said = [str(typed.get(f"{key}.{part}", "")) for part in ("name", "problem", "remedy")]
        found.append(DefectRow(key, "", said[0], "", said[1], said[2], bool(typed.get(f"{key}.later"))))
    return found


def defects(typed: Sequence[DefectRow]) -> list[Defect]:
    """Only rows that say something; half a row goes on to the rule, which refuses it in its own words."""
    return [
        Defect(row.code, row.name, row.problem, row.remedy, not row.later)
        for row in typed
        if row.problem.strip() or row.remedy.strip()
    ]
