from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Scope
from zhengtong.exchange import ocel, xes_export
from zhengtong.exchange.log_export import FORMATS, Names, Told, told


class Command(BaseCommand):
    help = "把办件写成流程挖掘软件能读的事件日志（OCEL 2.0 或 XES）；没有申请人，工作人员用代号。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="OUT", type=Path, help="the file to write")
        parser.add_argument("--format", choices=[*FORMATS], required=True)
        parser.add_argument("--item", metavar="CODE", help="cases of one item only")
        parser.add_argument("--organ", metavar="CODE", help="cases of one organ only")
        parser.add_argument("--since", metavar="DAY", type=_day, help="received on or after (2026-01-31)")
        parser.add_argument("--until", metavar="DAY", type=_day, help="received on or before")
        parser.add_argument("--staff-numbers", action="store_true", help="officers by staff number instead of a hash")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = _scope(options)
        names = Names(staff_numbers=options["staff_numbers"])
        path: Path = options["out"]
        # Written beside its name and put there whole: a broken export leaves no half file that looks like one.
        part = path.with_name(f"{path.name}.part")
        console = Console(highlight=False)
        try:
            with console.status("导出  Exporting"):
                cases, acts = _write(options["format"], scope, names, part)
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        said = f"{path}: 导出 {cases} 件、{acts} 个动作。  {cases} cases and {acts} acts exported."
        console.print(said, markup=False, soft_wrap=True)


def _write(kind: str, scope: Scope, names: Names, path: Path) -> tuple[int, int]:
    if kind == "ocel-sqlite":
        return ocel.write_sqlite(told(scope, names), path)
    counted = _Counted(told(scope, names))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for piece in ocel.json_pieces(counted) if kind == "ocel-json" else xes_export.pieces(counted, names):
            file.write(piece)
    return counted.cases, counted.acts


class _Counted(Iterator[Told]):
    def __init__(self, log: Iterator[Told]) -> None:
        self._log = log
        self.cases = self.acts = 0

    def __next__(self) -> Told:
        one = next(self._log)
        self.cases += 1
        self.acts += len(one.events)
        return one


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _scope(options: dict[str, Any]) -> Scope:
    item = _one(options["item"], queries.items_named(), "事项", "item")
    organ = _one(options["organ"], queries.organs_named(), "部门", "organ")
    organs = None if organ is None else frozenset({organ.pk})
    return Scope(None if item is None else item.pk, organs, options["since"], options["until"])


def _one(code: str | None, known: list[queries.Named], word: str, english: str) -> queries.Named | None:
    if not code:
        return None
    found = next((one for one in known if one.code == code), None)
    if found is None:
        raise CommandError(f"没有代码为 {code} 的{word}。  There is no {english} {code}.")
    return found
