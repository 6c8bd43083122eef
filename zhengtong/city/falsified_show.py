"""What the commands of planted falsifications share: a database of their own, a bar while it plays, the table of what was found."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table


def elsewhere(command: str, words: list[str]) -> int:
    """The command in a folder of its own, which is gone afterwards: whatever database this house has stays."""
    with tempfile.TemporaryDirectory(prefix="zhengtong-falsified-") as folder:
        environment = {name: value for name, value in os.environ.items() if name != "ZHENGTONG_DATABASE_URL"}
        environment["ZHENGTONG_DATA_DIR"] = folder
        return subprocess.run(
            [sys.executable, "-m", "zhengtong", command, "--inside", *words], env=environment, check=False
        ).returncode


@contextmanager
def playing(console: Console) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("演  playing", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def show(
    console: Console, lines: Mapping[str, Any], names: Mapping[str, str], touched: Mapping[str, int], head: str
) -> None:
    """`lines` as (planted, found, missed) by rule; `touched`: honest work that a rule names; `head`: its column."""
    table = Table("规则 rule", "", "埋设 planted", "查出 found", head, box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for rule, line in lines.items():
        mark = "" if line.found == line.planted else "  ✗"
        named = touched.get(rule, 0)
        table.add_row(rule, names[rule] + mark, str(line.planted), str(line.found), str(named) if named else "–")
    console.print(table)
    for line in lines.values():
        for missed in line.missed:
            console.print(f"  ✗ {line.rule} {missed}")
    planted, found = (sum(getattr(line, name) for line in lines.values()) for name in ("planted", "found"))
    console.print(f"  查出  found: {found} / {planted}")
