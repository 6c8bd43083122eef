"""The catalogue of rules as shipped: a data file, read once when the house is founded or upgraded."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from zhengtong.rules.supervision.definition import Definition, IssueMode

FILE = Path(__file__).parent / "data" / "rules.toml"
SINCE = date(2000, 1, 1)  # before any case a log may bring


@cache
def shipped() -> tuple[Definition, ...]:
    """All rules of §5.3, §5.4 and §6.6, in the order of the handbook."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    return tuple(
        Definition(
            **{**row, "levels": {name: None if bound is True else bound for name, bound in row["levels"].items()}},
            group=row["code"].split("-")[0],
            enabled="waits_for" not in row,
            effective_from=SINCE,
        )
        for row in (({"issue": IssueMode.AUTOMATIC.value} | row) for row in rows)
    )
