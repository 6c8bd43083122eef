import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from zhengtong.domains.registry import queries as registry
from zhengtong.domains.statistics.actions import count_facts, recount
from zhengtong.domains.statistics.queries import case_count, counted_organs

SHOWN = 50


class Command(BaseCommand):
    help = "从零重新统计全部办件，与逐日累计的统计数据逐行比较；--repair 用重新统计的结果更正。有差异时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write what was counted in place of what differs")
        parser.add_argument("--organ", metavar="CODE", help="only this organ")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        while count_facts(at=timezone.now()):  # what is sealed and waits is no difference
            pass
        names = {organ.pk: organ.name for organ in registry.organs()}
        organs = counted_organs()
        if options["organ"]:
            chosen = registry.organ_by_code(options["organ"])
            if chosen is None:
                raise CommandError(f"没有这个机关：{options['organ']}  no such organ")
            organs = [chosen.pk]
        counted = compared = 0
        differences: list[str] = []
        try:
            with _progress(console, case_count(organs)) as (progress, task):
                for organ_id in organs:
                    progress.update(task, description=names.get(organ_id, str(organ_id)))
                    found = recount(organ_id, repair=options["repair"], moved=lambda done: progress.advance(task, done))
                    counted, compared = counted + found.cases, compared + found.compared
                    differences += found.differences
        except KeyboardInterrupt:
            raise CommandError(
                "已停止；没有比完的机关未作改动。  Stopped; organs not finished are unchanged.", returncode=130
            ) from None
        console.print(f"{counted:,} 件  cases · {compared:,} 行  rows · {len(differences):,} 处差异  differences")
        for difference in differences[:SHOWN]:
            console.print(f"  {difference}", markup=False)
        if len(differences) > SHOWN:
            console.print(f"  … {len(differences) - SHOWN:,}")
        if not differences:
            console.print("逐日累计与重新统计完全一致。  Daily facts and the recount agree.")
        elif options["repair"]:
            console.print("已按重新统计的结果更正。  Corrected to what was counted.")
        else:
            console.print("加 --repair 可以更正。  Run with --repair to correct them.")
            sys.exit(1)


@contextmanager
def _progress(console: Console, total: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress, progress.add_task("", total=total)
