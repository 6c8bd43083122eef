from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from zhengtong.domains.cases.report import Durations, log_report, open_at
from zhengtong.domains.registry.queries import organ_by_code
from zhengtong.exchange.progress import table


class Command(BaseCommand):
    help = "一个部门导入办件的统计：件数、活动、人员、时长、是否在日志自载期限内办结。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organ", metavar="ORGAN", help="the organ's code")
        parser.add_argument("--at", nargs="*", default=[], metavar="TIME", help="open and overdue then (ISO 8601)")

    def handle(self, *args: Any, **options: Any) -> None:
        organ = organ_by_code(options["organ"])
        if organ is None:
            raise CommandError(f"没有代码为 {options['organ']} 的部门。  There is no organ {options['organ']}.")
        report = log_report(organ.pk)
        console = Console(highlight=False)
        rows: list[tuple[str, object]] = [
            ("办件  cases", report.cases),
            ("活动  acts", report.acts),
            ("人员  people", report.people),
            ("活动种类  activities", len(report.activities)),
            ("已办结  finished", report.finished),
            ("  期限内  within the deadline", report.within),
            ("  超期限  after the deadline", report.after),
            ("未办结  without end", report.open),
        ]
        console.print(table(f"{organ.name}  {organ.name_en}", rows))
        activities = Table("环节 stage", "活动 activity", "件 acts", box=None, pad_edge=False)
        for one in report.activities:
            activities.add_row(one.stage, f"{one.label}  {one.activity}".strip(), str(one.count))
        console.print(activities)
        for name, spans in (
            ("开始至结束  start to end", report.start_to_end),
            ("首个至末个活动  first to last act", report.first_to_last_act),
        ):
            if spans is not None:
                console.print(table(name, _rows(spans)))
        for text in options["at"]:
            count, overdue = open_at(organ.pk, _instant(text))
            console.print(table(text, [("未办结  open", count), ("其中超期  overdue", overdue)]))


def _rows(spans: Durations) -> list[tuple[str, object]]:
    return [
        ("件  cases", spans.count),
        ("中位  median", _days(spans.median)),
        ("平均  mean", _days(spans.mean)),
        ("九成  p90", _days(spans.p90)),
    ]


def _days(span: timedelta) -> str:
    return f"{span / timedelta(days=1):.2f} d"


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text}? 2011-06-30T00:00Z") from error
    return found if found.tzinfo else timezone.make_aware(found)
