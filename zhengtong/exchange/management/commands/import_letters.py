import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from zhengtong.exchange.letters_import import IMPORTER, import_letters
from zhengtong.exchange.letters_map import read_map
from zhengtong.exchange.letters_table import rows
from zhengtong.exchange.letters_words import NOTES, Unreadable
from zhengtong.exchange.progress import Tally, bar, table, write_rejects
from zhengtong.flows.letter_kept import import_category_tree

OUTCOMES = {
    "taken": "导入  taken",
    "continued": "接续  continued",
    "unchanged": "未变  unchanged",
    "refused": "拒绝  refused",
}
SHOWN = 10


class Command(BaseCommand):
    help = "读入来信表（CSV、CSV.GZ、XLSX）。可中断、可重复执行；不能导入的逐条写明原因。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--map", metavar="MAP", type=Path, help="a .toml file, where the columns have other names")
        parser.add_argument("--log", metavar="NAME", default="", help="name of the source; default: letters")
        parser.add_argument("--categories", metavar="FILE", type=Path, help="a table: one level of categories a column")
        parser.add_argument("--rejects", metavar="FILE", type=Path, help="default: FILE.rejected.csv in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        console = Console(highlight=False)
        begun = time.monotonic()
        try:
            if options["categories"] is not None:
                self._categories(console, options["categories"])
            letter_map = read_map(options["map"], options["log"])
            with bar(console, f"导入 {path.name}  Importing", path.stat().st_size) as moved:
                tally = import_letters(path, letter_map, at=timezone.now(), moved=moved)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except Unreadable as fault:
            raise CommandError(f"{path.name}: {fault}") from fault
        except KeyboardInterrupt:
            raise CommandError(
                "已停止；再次运行即可接着导入。  Stopped; run it again to go on.", returncode=130
            ) from None
        self._report(console, path, tally, time.monotonic() - begun)
        if tally.rejects:
            rejects: Path = options["rejects"] or Path(f"{path.name}.rejected.csv")
            write_rejects(rejects, tally.rejects)
            raise CommandError(
                f"{len(tally.rejects)} 封来信未导入，逐条原因见 {rejects}。  "
                f"{len(tally.rejects)} letters were refused; each with its reason in {rejects}.",
                returncode=2,
            )

    def _categories(self, console: Console, path: Path) -> None:
        lines = [cells for _, cells in rows(path)]
        added, there = import_category_tree(lines[1:], by=IMPORTER)
        console.print(table(path.name, [("新增分类  categories added", added), ("已有  there already", there)]))

    def _report(self, console: Console, path: Path, tally: Tally, seconds: float) -> None:
        console.print(table(f"{path.name}  {seconds:.1f} s", [(OUTCOMES[n], tally.counts[n]) for n in OUTCOMES]))
        if tally.notes:
            console.print(table("照原样保留  kept as it stands", [(NOTES[n], c) for n, c in tally.notes.items()]))
        for reject in tally.rejects[:SHOWN]:
            console.print(f"  {reject.key}  {reject.reason}  {reject.reason_en}", markup=False)
        if len(tally.rejects) > SHOWN:
            console.print(f"  … {len(tally.rejects) - SHOWN}")
