import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from zhengtong.city import falsified
from zhengtong.city.falsified_show import elsewhere, playing, show

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
            sys.exit(elsewhere("falsified_month", ["--seed", seed, "--cases", str(cases), "--month", month]))
        console = Console(highlight=False)
        call_command("migrate", verbosity=0, skip_checks=True)
        with playing(console) as moved:
            report = falsified.play(seed, cases=cases, month=month, moved=moved)
        _show(console, report, seed, month)
        if not report.held:
            raise CommandError("未达标：有手法没有查出，或诚实办件误出线索达到 1 %。  The bar is missed.")


def _show(console: Console, report: falsified.Report, seed: str, month: str) -> None:
    console.print(f"  {month} · seed {seed} · {report.steps:,} 步 steps · {report.leads} 条线索 leads")
    show(
        console,
        report.lines,
        NAMES,
        {rule: len(who) for rule, who in report.touched.items()},
        "误及诚实件 honest cases named",
    )
    console.print(
        f"  诚实办件出线索  honest cases with leads: {report.honest_with_leads} / {report.honest:,} = {report.percent:.2f} %"
        f"  (< {falsified.BAR_PERCENT:g} %)"
    )
    for stopped in report.stopped:
        console.print(f"  依法未做成，不计  stopped by the law, not counted: {stopped}")
    if report.refused:
        console.print(f"  {len(report.refused)} 步依法不能进行  steps the law refused, e.g. {report.refused[0]}")
