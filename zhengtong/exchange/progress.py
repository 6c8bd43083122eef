"""What an import shows while it runs and leaves behind: a bar, a count of each outcome, a file of what was refused."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from zhengtong.rules.text import harmless


@dataclass(frozen=True, slots=True)
class Reject:
    """One thing that was not taken: where it stands in the file, what it is, and why, in both languages."""

    line: int
    key: str
    code: str
    reason: str
    reason_en: str


@dataclass
class Tally:
    """How an import ended. `counts` by outcome; `notes` count what was taken although it is strange."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)

    def reject(self, reject: Reject) -> None:
        self.counts["refused"] += 1
        self.rejects.append(reject)


@contextmanager
def bar(console: Console, title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of a file; off a terminal nothing is drawn."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda moved: progress.advance(task, moved)


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """A CSV that a spreadsheet opens as it is; cells that would be read as formulas are quoted away."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["line", "case", "code", "原因", "reason"])
        for reject in rejects:
            lines.writerow([reject.line, *map(harmless, (reject.key, reject.code, reject.reason, reject.reason_en))])


def table(title: str, rows: Iterable[tuple[str, object]]) -> RenderableType:
    """A heading and its figures, one below the other, ready to print."""
    figures = Table(show_header=False, box=None, pad_edge=False)
    figures.add_column()
    figures.add_column(justify="right")
    for name, amount in rows:
        figures.add_row(name, str(amount))
    return Group(Text(title, style="bold"), figures)
