from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from zhengtong.domains.catalogue import queries
from zhengtong.exchange.items import export_file


class Command(BaseCommand):
    help = "写出事项：按文件名得到 JSON 或 XLSX，改好后可再导入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="ends with .json or .xlsx")
        parser.add_argument("--organ", metavar="CODE", help="items of one organ only")
        parser.add_argument("--published", action="store_true", help="only items in force")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower() not in (".json", ".xlsx"):
            raise CommandError("文件名应以 .json 或 .xlsx 结尾。  The file name must end with .json or .xlsx.")
        console = Console(highlight=False)
        with console.status("导出  Exporting"):
            documents = list(queries.all_documents(organ=options["organ"], published_only=options["published"]))
            try:
                path.write_bytes(export_file(path.name, documents))
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
        console.print(f"{path}: 导出 {len(documents)} 个事项。  {len(documents)} items exported.", markup=False)
