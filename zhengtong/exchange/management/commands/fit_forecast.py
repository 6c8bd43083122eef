import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from zhengtong.domains.forecast import actions, queries


class Command(BaseCommand):
    help = "学习办件历史，检验并保存预测模型，预测全部在办件。夜间自动进行；可随时重做。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", metavar="N", type=int, default=queries.MOST_COURSES, help="newest cases read")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        begun = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("读入办件  reading cases", total=None)
            count = actions.refit(
                at=timezone.now(), most=options["most"], moved=lambda done: progress.advance(task, done)
            )
        console.print(f"已预测 {count} 件在办件  {count} open cases forecast  {time.monotonic() - begun:.1f} s")
