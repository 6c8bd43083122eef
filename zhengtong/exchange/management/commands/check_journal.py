import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from zhengtong.base import calendar, evidence
from zhengtong.base.evidence import Fault

SHOWN = 50
NAMES = {
    "case": "办件  cases",
    "item": "事项  items",
    "officer": "工作人员  officers",
    "person": "自然人  persons",
    "enterprise": "企业  enterprises",
    "mandate": "授权委托  mandates",
    "calendar": "放假安排  holiday notices",
    "rule": "监察规则  rules",
    "card": "监察牌  cards",
    "order": "督办单  supervision orders",
    "admonition": "责任追究  accountability",
    "letter": "来信  letters",
    "article": "知识库  knowledge",
    "rating": "评价  ratings",
    "lead": "数据线索  leads",
    "sample": "抽查  spot checks",
    "rating_sample": "好评回访  good ratings asked again",
    "rectification": "差评整改  bad ratings",
    "hours": "延时服务  extended service",
    "score_table": "考核表  score tables",
    "peer_group": "同类组  peer groups",
    "score_month": "考核月份  scored months",
    "score": "考核  scores",
    "bulletin": "督查通报  circulars",
    "schedule": "号源安排  appointment schedules",
    "closure": "停办  closed days",
    "appointment": "预约  appointments",
    "agency": "帮办代办  agency service",
    "filing": "村级代办  filings in the village",
    "queue": "排队业务  queues",
    "ticket": "排队票  tickets",
    "template": "消息模板  message templates",
    "guest": "试用名单  guest list",
    "device": "大厅设备  hall machines",
    "hall_notice": "大厅公告  hall notices",
}


class Command(BaseCommand):
    help = "逐一回放日志：哈希链、当前行、每个期限的逐日说明是否一致。发现差错时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", action="append", metavar="KIND", help="only these kinds: " + ", ".join(NAMES))

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        chosen = [k for k in evidence.kinds() if not options["kind"] or k.journal_kind in options["kind"]]
        in_force = calendar.current()
        faults: list[Fault] = []
        table = Table("", "对象 subjects", "记录 entries", "期限 limits", "差错 faults", box=None, pad_edge=False)
        for column in table.columns[1:]:
            column.justify = "right"
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            for kind in chosen:
                name = NAMES.get(kind.journal_kind, kind.journal_kind)
                task = progress.add_task(name, total=evidence.count(kind))
                seen = [0, 0, 0]
                found: list[Fault] = []
                after: int | None = 0
                while after is not None:
                    part = evidence.check_slice(kind, in_force, after=after)
                    after = part.after
                    seen = [a + b for a, b in zip(seen, (part.subjects, part.entries, part.deadlines), strict=True)]
                    found += part.faults
                    progress.advance(task, part.subjects)
                if lost := evidence.rowless(kind):
                    found.append(Fault(kind.journal_kind, "", f"{lost} subjects have entries and no row"))
                table.add_row(name, *map(str, seen), str(len(found)))
                faults += found
        console.print(table)
        for fault in faults[:SHOWN]:
            console.print(f"  {fault.kind} {fault.key}: {fault.what}", markup=False)
        if len(faults) > SHOWN:
            console.print(f"  … {len(faults) - SHOWN}")
        if faults:
            sys.exit(1)
        console.print("日志、当前行与期限一致。  Journal, rows and limits agree.")
