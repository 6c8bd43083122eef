import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import MAPS, read_map
from zhengtong.exchange.log_problems import Unreadable
from zhengtong.exchange.progress import Tally, bar, table, write_rejects

OUTCOMES = {
    "taken": "导入  taken",
    "continued": "接续  continued",
    "unchanged": "未变  unchanged",
    "refused": "拒绝  refused",
}
NOTES = {
    "no_acts": "没有活动  without any act",
    "acts_out_of_order": "活动时间倒置  acts out of order",
    "act_before_start": "活动早于开始  an act before the start",
    "act_after_end": "办结之后还有活动  an act after the end",
    "end_before_start": "结束早于开始  end before start",
}
SHOWN = 10


class Command(BaseCommand):
    help = "读入真实办件的事件日志（XES、XES.GZ、CSV、CSV.GZ），成为一个部门的办件。可中断、可重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        maps = ", ".join(sorted(path.stem for path in MAPS.glob("*.toml")))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--map", required=True, metavar="MAP", help=f"a .toml file, or one of ours: {maps}")
        parser.add_argument("--rejects", metavar="FILE", type=Path, help="default: FILE.rejected.csv in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        console = Console(highlight=False)
        begun = time.monotonic()
        try:
            log_map = read_map(options["map"])
            with bar(console, f"导入 {path.name}  Importing", path.stat().st_size) as moved:
                tally = import_log(path, log_map, at=timezone.now(), moved=moved)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
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
                f"{len(tally.rejects)} 个办件未导入，逐条原因见 {rejects}。  "
                f"{len(tally.rejects)} cases were refused; each with its reason in {rejects}.",
                returncode=2,
            )

    def _report(self, console: Console, path: Path, tally: Tally, seconds: float) -> None:
        console.print(table(f"{path.name}  {seconds:.1f} s", [(OUTCOMES[n], tally.counts[n]) for n in OUTCOMES]))
        if tally.notes:
            console.print(table("照原样保留  kept as it stands", [(NOTES[n], c) for n, c in tally.notes.items()]))
        for reject in tally.rejects[:SHOWN]:
            console.print(f"  {reject.key}  {reject.reason}  {reject.reason_en}", markup=False)
        if len(tally.rejects) > SHOWN:
            console.print(f"  … {len(tally.rejects) - SHOWN}")
