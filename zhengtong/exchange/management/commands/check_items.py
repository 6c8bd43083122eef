from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from zhengtong.domains.catalogue import queries
from zhengtong.exchange.item_words import finding_sentence, place, problem_sentence
from zhengtong.exchange.items import read_file
from zhengtong.exchange.progress import table
from zhengtong.rules.item_document import ItemDocument, normalise, problems
from zhengtong.rules.linter import Severity, lint


class Command(BaseCommand):
    help = "对照目录规则检查事项：一个文件里的，或库里已发布的。只看不改。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="default: the published items")
        parser.add_argument("--warnings", action="store_true", help="show warnings too")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        counts: Counter[str] = Counter()
        for document in self._documents(console, options["file"], counts):
            counts["items"] += 1
            for finding in lint(document, on=timezone.localdate()):
                counts[finding.severity.value] += 1
                if finding.severity is Severity.ERROR or options["warnings"]:
                    console.print(
                        f"{document['item_code']}  {document['name']}  {finding.rule}  {place(finding.path)}"
                        f"\n    {finding_sentence(finding)}",
                        markup=False,
                    )
        rows = [
            ("事项  items", counts["items"]),
            ("错误  errors", counts["error"]),
            ("提示  warnings", counts["warning"]),
        ]
        console.print(table("检查  check", rows))
        if counts["error"]:
            raise CommandError(f"{counts['error']} 处不符合规则。  {counts['error']} errors.", returncode=2)

    def _documents(self, console: Console, path: Path | None, counts: Counter[str]) -> Iterable[ItemDocument]:
        if path is None:
            yield from queries.all_documents(published_only=True)
            return
        try:
            rows = read_file(path.name, path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        for row in rows:
            faults = [*row.problems, *(() if row.problems else problems(row.raw))]
            for fault in faults:
                counts["error"] += 1
                console.print(f"{row.line}  {place(fault.path)}\n    {problem_sentence(fault)}", markup=False)
            if not faults:
                yield normalise(row.raw)
