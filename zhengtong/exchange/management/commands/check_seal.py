import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from zhengtong.base.seal.check import Report, check, keep
from zhengtong.base.seal.queries import size
from zhengtong.exchange.seal_words import finding_sentence

SHOWN = 50


class Command(BaseCommand):
    help = "核对存证：逐条重算日志，与公开文件和每一个签过名的检查点比对。发现改动时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--against", action="append", type=Path, metavar="FILE", default=[], help="a checkpoint kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        try:
            others = [path.read_text(encoding="utf-8") for path in options["against"]]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        report = Report()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("存证  seal", total=size())
            for seen in check(report, others=others):
                progress.update(task, completed=seen)
        keep(report, at=timezone.now())
        console.print(f"记录 entries {report.entries} · 检查点 checkpoints {report.checkpoints}")
        for finding in report.findings[:SHOWN]:
            for language in ("zh-hans", "en"):
                with override(language):
                    console.print(f"  {finding_sentence(finding.code, finding.facts)}", markup=False)
        if len(report.findings) > SHOWN:
            console.print(f"  … {len(report.findings) - SHOWN}")
        if report.findings:
            sys.exit(1)
        console.print("日志、公开文件与全部签名一致。  Journal, public files and every signature agree.")
