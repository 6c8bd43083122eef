import os
import subprocess
import sys
import tempfile
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from zhengtong.city import falsified

NAMES = {
    "D-01": "批量补录  batch registration",
    "D-02": "先办后录  registered after completion",
    "D-03": "非工作时间办件  entered after hours",
    "D-04": "秒办  completed in seconds",
    "D-05": "倒填时间  dated back",
    "D-06": "重复件  duplicates",
    "D-07": "虚假申请人  ghost applicants",
    "D-08": "踩点办结  deadline gaming",
    "D-09": "拆分件  split cases",
    "D-10": "业务量失真  implausible volume",
    "D-11": "数字异常  digit anomaly",
    "D-12": "过于完美  too perfect",
    "D-13": "作废删件  deletions",
}


class Command(BaseCommand):
    help = "在一次性数据库里演一个月：诚实的办件里混入做数据的手法，看线索规则查出多少、误伤多少。未达标时退出码为 1。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", default="云泽", help="another seed, another month")
        parser.add_argument("--cases", type=int, default=2_000, metavar="N", help="honest cases of the month")
        parser.add_argument("--month", default="2026-10", metavar="YYYY-MM")
        parser.add_argument("--inside", action="store_true", help="this database is the throw-away one")

    def handle(self, *args: Any, seed: str, cases: int, month: str, inside: bool, **options: Any) -> None:
        if not inside:
            sys.exit(_elsewhere(["--seed", seed, "--cases", str(cases), "--month", month]))
        console = Console(highlight=False)
        call_command("migrate", verbosity=0, skip_checks=True)
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("演  playing", total=None)
            report = falsified.play(
                seed, cases=cases, month=month,
                moved=lambda done, total: progress.update(task, completed=done, total=total),
            )  # fmt: skip
        _show(console, report, seed, month)
        if not report.held:
            raise CommandError("未达标：有手法没有查出，或诚实办件误出线索达到 1 %。  The bar is missed.")


def _elsewhere(words: list[str]) -> int:
    """The same command in a folder of its own, which is gone afterwards: whatever database this house has stays."""
    with tempfile.TemporaryDirectory(prefix="zhengtong-falsified-") as folder:
        environment = {name: value for name, value in os.environ.items() if name != "ZHENGTONG_DATABASE_URL"}
        environment["ZHENGTONG_DATA_DIR"] = folder
        return subprocess.run(
            [sys.executable, "-m", "zhengtong", "falsified_month", "--inside", *words], env=environment, check=False
        ).returncode


def _show(console: Console, report: falsified.Report, seed: str, month: str) -> None:
    table = Table(
        "规则 rule", "", "埋设 planted", "查出 found", "误及诚实件 honest cases named", box=None, pad_edge=False
    )
    for column in table.columns[2:]:
        column.justify = "right"
    for rule, line in report.lines.items():
        named = len(report.touched.get(rule, ()))
        mark = "" if line.found == line.planted else "  ✗"
        table.add_row(rule, NAMES[rule] + mark, str(line.planted), str(line.found), str(named) if named else "–")
    console.print(f"  {month} · seed {seed} · {report.steps:,} 步 steps · {report.leads} 条线索 leads")
    console.print(table)
    for line in report.lines.values():
        for missed in line.missed:
            console.print(f"  ✗ {line.rule} {missed}")
    planted = sum(line.planted for line in report.lines.values())
    found = sum(line.found for line in report.lines.values())
    console.print(f"  查出  found: {found} / {planted}")
    console.print(
        f"  诚实办件出线索  honest cases with leads: {report.honest_with_leads} / {report.honest:,} = {report.percent:.2f} %"
        f"  (< {falsified.BAR_PERCENT:g} %)"
    )
    for stopped in report.stopped:
        console.print(f"  依法未做成，不计  stopped by the law, not counted: {stopped}")
    if report.refused:
        console.print(f"  {len(report.refused)} 步依法不能进行  steps the law refused, e.g. {report.refused[0]}")
