import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from zhengtong.city import (
    appointments,
    cards,
    catalogue,
    devices,
    forecast,
    founding,
    hall,
    history,
    knowledge,
    leads,
    letters,
    messages,
    orders,
    ratings,
    rectifications,
    scores,
    seal,
    statistics,
)
from zhengtong.city.records import BASE_ITEMS, RECEIPT_LOG, item_documents
from zhengtong.city.town import Town
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.count_popularity import count_popularity

# `zhengtong run` writes the same words into the same file; pages say "demonstration" while it is there.
MARK, LOADING, LOADED = "demo-city", "loading", "loaded"


class Command(BaseCommand):
    help = "建立虚构的示范城市云泽市：机构、人员、事项，以及近七十天的办件。可中断，再次运行即接着完成，不会重复。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--cases", type=int, default=history.LIVES, metavar="N", help="ordinary cases beside the scenes"
        )
        parser.add_argument("--small", action="store_true", help="without the 1,135 listed items and the imported log")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        mark = Path(settings.DATA_DIR) / MARK
        start = founding.begun_at()
        if start is None and registry.organs().exists():
            raise CommandError(
                "数据库里已有别的数据，示范城市只建在空库里。请换一个数据目录（ZHENGTONG_DATA_DIR）。  "
                "The database holds other data; the demo city is only built in an empty one. Name another data folder."
            )
        if start is not None:
            console.print(
                f"  接着 {timezone.localtime(start):%Y-%m-%d %H:%M} 开始的那次  going on with what was begun then"
            )
        mark.write_text(LOADING)
        try:
            self._build(console, start or timezone.now(), founded=start is not None, **options)
        except KeyboardInterrupt:
            raise CommandError(
                "已停止；再次运行即可接着完成。  Stopped; run it again to go on.", returncode=130
            ) from None
        mark.write_text(LOADED)

    def _build(
        self, console: Console, start: datetime, *, founded: bool, cases: int, small: bool, **options: Any
    ) -> None:
        if not founded:
            with _stage(console, "机构与人员  organs and people", founding.steps()) as moved:
                founding.found(start, moved)
        with _stage(console, "事项  service items", len(item_documents())) as moved:
            catalogue.publish_items(start, moved)
            catalogue.set_dispatch_rules(start)
        town = Town(start)
        steps = history.plan(town, start, cases)
        with _stage(console, "办件  cases", len(steps)) as moved:
            played = history.play(town, steps, moved)
        catalogue.leave_drafts(start)
        history.read_messages(start)
        count_popularity(at=start)
        if played.refused:
            console.print(f"    {len(played.refused)} 步依法不能进行  steps the law refused")
        if not small:
            call_command("import_items", str(BASE_ITEMS), target="listed")
            call_command("import_log", str(RECEIPT_LOG), map="receipt")
        seal.enact(at=start)
        cards.enact(at=start)
        orders.enact(at=start)
        leads.enact(at=start)
        statistics.enact(at=start)  # scores are reckoned from facts
        scores.enact(at=start)
        forecast.enact(at=start)
        hall.enact(at=start)
        devices.enact(at=start)
        appointments.enact(at=start)
        letters.enact(at=start)
        knowledge.enact(at=start)
        ratings.enact(at=start)
        rectifications.enact(at=start)
        messages.enact(at=start)


@contextmanager
def _stage(console: Console, name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar while it runs, one line of how long it took when it is done."""
    begun = time.monotonic()
    columns = (TextColumn("    {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=total)
        yield lambda done: progress.advance(task, done)
    console.print(f"    {name}  [dim]{time.monotonic() - begun:.1f} s[/dim]")
