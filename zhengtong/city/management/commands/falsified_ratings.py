import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from zhengtong.city import falsified_ratings
from zhengtong.city.falsified_show import elsewhere, playing, show

NAMES = {
    "E-1": "秒评  rated within seconds",
    "E-2": "同源刷评  many from one source",
    "E-3": "无办件评价  rated without a service",
    "E-4": "默认好评翻转  silence turned by staff",
    "E-5": "评价过于完美  all five stars",
    "E-6": "内部手机号评价  staff phones",
    "E-7": "主动评价率过高  everybody rates",
}


class Command(BaseCommand):
    help = "在一次性数据库里演一个月的评价：诚实的评价里混入刷评的手法，看 E-1 到 E-7 查出多少、误伤多少。未达标时退出码为 1。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", default="云泽", help="another seed, another month")
        parser.add_argument("--visits", type=int, default=4_000, metavar="N", help="honest visits of the month")
        parser.add_argument("--month", default="2026-10", metavar="YYYY-MM")
        parser.add_argument("--inside", action="store_true", help="this database is the throw-away one")

    def handle(self, *args: Any, seed: str, visits: int, month: str, inside: bool, **options: Any) -> None:
        if not inside:
            sys.exit(elsewhere("falsified_ratings", ["--seed", seed, "--visits", str(visits), "--month", month]))
        console = Console(highlight=False)
        call_command("migrate", verbosity=0, skip_checks=True)
        with playing(console) as moved:
            report = falsified_ratings.play(seed, visits=visits, month=month, moved=moved)
        _show(console, report, seed, month)
        if not report.held:
            raise CommandError("未达标：有手法没有查出，或诚实评价误出线索达到 1 %。  The bar is missed.")


def _show(console: Console, report: falsified_ratings.Report, seed: str, month: str) -> None:
    console.print(f"  {month} · seed {seed} · {report.leads} 条线索 leads")
    show(
        console,
        report.lines,
        NAMES,
        {rule: line.touched for rule, line in report.lines.items()},
        "误及诚实评价 honest ratings named",
    )
    console.print(
        f"  诚实评价出线索  honest ratings with leads: {report.named} / {report.honest:,} = {report.percent:.2f} %"
        f"  (< {falsified_ratings.BAR_PERCENT:g} %)"
    )
    if report.refused:
        console.print(f"  {len(report.refused)} 步依法不能进行  steps the law refused, e.g. {report.refused[0]}")
