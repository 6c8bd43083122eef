import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.exchange import rejects
from zhengtong.exchange.items import Outcome, Target, import_rows, organ_map_from, read_file
from zhengtong.exchange.progress import table
from zhengtong.exchange.sentences import sentence
from zhengtong.rules.refusal import Refusal

SHOWN = 10


class Command(BaseCommand):
    help = "读入事项：系统导出的 JSON 或 XLSX，或公开事项清单（JSON，可 .gz）。可中断、可重复执行，同一文件再次导入不产生变化。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--as",
            dest="target",
            choices=[target.value for target in Target],
            default=Target.DRAFT.value,
            help="draft (default): worked on at the desk; listed: shown, takes no application; published: in force",
        )
        parser.add_argument(
            "--organ-map",
            metavar="FILE",
            type=Path,
            help='JSON {"department": "organ code"}, or a city file; needed for public lists',
        )
        parser.add_argument("--rejects", metavar="FILE", type=Path, help="default: FILE.rejected.csv in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        console = Console(highlight=False)
        begun = time.monotonic()
        try:
            organ_map = organ_map_from(options["organ_map"].read_bytes()) if options["organ_map"] else {}
            rows = read_file(path.name.removesuffix(".gz"), _unpacked(path), organ_map)
            with _counter(console, f"导入 {path.name}  Importing", len(rows)) as moved:
                outcome = import_rows(
                    rows,
                    Target(options["target"]),
                    by=Acting(ActorKind.IMPORT, None, f"导入：{path.name}"[:100]),
                    at=timezone.now(),
                    progress=moved,
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except Refusal as refusal:
            raise CommandError(sentence(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError(
                "已停止；再次运行即可接着导入。  Stopped; run it again to go on.", returncode=130
            ) from None
        self._report(console, path, outcome, time.monotonic() - begun)
        if outcome.rejects:
            target: Path = options["rejects"] or Path(f"{path.name}.rejected.csv")
            target.write_bytes(rejects.write(outcome.rejects))
            raise CommandError(
                f"{outcome.refused} 个事项未导入，逐条原因见 {target}。  "
                f"{outcome.refused} items were refused; each with its reason in {target}.",
                returncode=2,
            )

    def _report(self, console: Console, path: Path, outcome: Outcome, seconds: float) -> None:
        counts = [
            ("导入  taken", outcome.taken),
            ("更新  changed", outcome.changed),
            ("未变  unchanged", outcome.unchanged),
            ("已有  covered by an item in force", outcome.covered),
            ("拒绝  refused", outcome.refused),
        ]
        console.print(table(f"{path.name}  {seconds:.1f} s", counts))
        for reject in outcome.rejects[:SHOWN]:
            line = next(iter(rejects.lines(reject)))
            console.print(f"  {reject.line}  {reject.item_code}  {reject.name}  {line[4]}  {line[6]}", markup=False)
        if len(outcome.rejects) > SHOWN:
            console.print(f"  … {len(outcome.rejects) - SHOWN}")


@contextmanager
def _counter(console: Console, title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Rows done of all; off a terminal nothing is drawn."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        yield lambda done: progress.update(task, completed=done)


MOST_UNPACKED = 100 * 1024 * 1024


def _unpacked(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    with gzip.open(path) as packed:
        return packed.read(MOST_UNPACKED + 1)  # one more than is taken, so that a bomb is refused for its size
