import time
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.forecast import queries
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import start_of
from zhengtong.rules.forecast_check import LEAST_ENDED, ORIGINS, Band, Measure
from zhengtong.rules.refusal import Refusal

_DAY = timedelta(days=1)


class Command(BaseCommand):
    help = "预测准不准：回到过去若干天，只用当时已知的办件重新预测在办件，再与后来的结果对照。只看不改。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--item", metavar="CODE", help="only forecasts of this item (learnt from the whole house)")
        parser.add_argument("--organ", metavar="CODE", help="only forecasts of this organ")
        parser.add_argument(
            "--origins", metavar="N|DATE,DATE…", default=str(ORIGINS), help="default: 12, spread evenly"
        )
        parser.add_argument("--until", metavar="DATE", type=date.fromisoformat, help="outcomes known by its end")
        parser.add_argument("--most", metavar="N", type=int, default=queries.MOST_COURSES, help="newest cases read")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        begun = time.monotonic()
        until = start_of(options["until"] + _DAY) if options["until"] else timezone.now()
        item_id, organ_id = _item(options["item"]), _organ(options["organ"])
        count, days = _origins(options["origins"])
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            console=console, transient=True, disable=not console.is_terminal,
        ) as progress:  # fmt: skip
            reading = progress.add_task("读入办件  reading cases", total=None)
            learnt = queries.courses(most=options["most"], moved=lambda done: progress.advance(reading, done))
            testing = progress.add_task("逐日重演  at each day", total=len(days) or count)
            checked = queries.check(
                learnt, until=until, item_id=item_id, organ_id=organ_id, count=count, days=days,
                moved=lambda done: progress.advance(testing, done),
            )  # fmt: skip
        if checked.measure is None:
            raise CommandError(
                f"还不能检验：到限的办件不足 {LEAST_ENDED} 件。  "
                f"Nothing to judge yet: fewer than {LEAST_ENDED} cases have reached their limit.",
                returncode=2,
            )
        _print(console, checked, checked.measure, time.monotonic() - begun)


def _item(code: str | None) -> int | None:
    try:
        return catalogue.item_for(code).pk if code else None
    except Refusal as no:
        raise CommandError(f"没有这个事项  no such item: {code}") from no


def _organ(code: str | None) -> int | None:
    if not code:
        return None
    organ = registry.organ_by_code(code)
    if organ is None:
        raise CommandError(f"没有这个部门  no such organ: {code}")
    return organ.pk


def _origins(told: str) -> tuple[int, list[datetime]]:
    if told.isdecimal() and 0 < int(told) <= 1000:
        return int(told), []
    try:
        return ORIGINS, [start_of(date.fromisoformat(one.strip())) for one in told.split(",")]
    except ValueError as error:
        raise CommandError(
            "--origins: 个数，或以逗号隔开的日期  a number, or days such as 2011-06-01,2011-09-01"
        ) from error


def _print(console: Console, checked: queries.Check, found: Measure, seconds: float) -> None:
    first, last = min(checked.origins), max(checked.origins)
    left = checked.rolled.left
    console.print(
        f"\n{found.origins} 个预测日，{first:%Y-%m-%d} 至 {last:%Y-%m-%d}；只用当日以前已知的事实。 {seconds:.1f} s\n"
        f"{found.origins} days of forecasting; at each, only what was known before it was used.\n"
        f"{found.forecasts} 次预测，{found.cases} 件，其中后来超期 {found.late} 次（{found.observed:.1%}）；平均预测 {found.mean:.1%}。\n"
        f"{found.forecasts} forecasts of {found.cases} cases; late afterwards {found.late}; mean forecast {found.mean:.1%}.\n"
        f"未计入  not judged: 已超期 late already {left.late_already}, 暂停计时 paused {left.paused}, "
        f"尚无结果 undecided {left.undecided}, 撤回作废 void {left.void}\n"
    )
    table = Table(
        "预测  forecast",
        "次数  count",
        "平均预测  mean",
        "实际超期  late",
        "实际比例  share",
        "95 %",
        title="可靠性  Reliability",
    )
    for band in found.bands:
        table.add_row(*_cells(band))
    console.print(table)
    if found.around_fifth is not None:
        fifth = found.around_fifth
        console.print(
            f"预测约 20%（15%–25%）的 {fifth.count} 次中，实际超期 {fifth.late} 次，即 {fifth.observed:.1%}"
            f"（偶然误差范围 {fifth.least:.1%}–{fifth.most:.1%}）。\n"
            f"Of {fifth.count} forecasts of about 20 % (15–25 %), {fifth.late} were late: {fifth.observed:.1%}.\n"
        )
    skill = f"{found.skill:.1%}" if found.skill is not None else "—"
    measures = Table("指标  measure", "预测  forecast", "对照  against", title="误差  Errors")
    measures.add_row(
        "Brier", f"{found.brier:.4f}", f"{found.brier_base:.4f}  总是报实际比例  always the share that came out"
    )
    measures.add_row(
        "", f"{found.brier_raw:.4f}  未校正  raw", f"{found.brier_known:.4f}  总是报当时已知比例  the share known then"
    )
    measures.add_row("降低  skill", skill, "")
    measures.add_row("对数损失  log loss", f"{found.log_loss:.4f}", f"{found.log_loss_base:.4f}")
    share = f"{found.covered / found.intervals:.1%}" if found.intervals else "—"
    measures.add_row("80% 区间  interval", share, f"{found.covered} / {found.intervals}")
    console.print(measures)


def _cells(band: Band) -> list[str]:
    return [
        f"{band.low:.0%}–{band.high:.0%}", str(band.count), f"{band.forecast:.1%}", str(band.late),
        f"{band.observed:.1%}", f"{band.least:.0%}–{band.most:.0%}",
    ]  # fmt: skip
