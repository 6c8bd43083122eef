from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

from zhengtong.base import calendar
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.letters.queries import counted_letters
from zhengtong.exchange.progress import table
from zhengtong.rules.clock import local_date
from zhengtong.rules.letters import WITHIN, answer_days


class Command(BaseCommand):
    help = "来信在 1、5、10、15、20 个工作日内答复的件数。自收到次日起算；当日答复为 0。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--log", metavar="NAME", default="", help="only letters imported from this source")

    def handle(self, *args: Any, **options: Any) -> None:
        known = calendar.current()
        letters = answered = empty = 0
        within = dict.fromkeys(WITHIN, 0)
        for received_on, replied_at, has_text in counted_letters(SYSTEM, options["log"]):
            letters += 1
            if replied_at is None:
                continue
            answered += 1
            empty += not has_text
            took = answer_days(received_on, local_date(replied_at), known)
            for days in WITHIN:
                within[days] += took <= days
        console = Console(highlight=False)
        rows: list[tuple[str, object]] = [
            ("来信  letters", letters),
            ("已答复  answered", answered),
            ("  其中答复内容为空  of them with an empty reply", empty),
            ("未答复  unanswered", letters - answered),
        ]
        console.print(table("来信答复  letters and answers", rows))
        shares: list[tuple[str, object]] = [
            (f"{days} 个工作日内  within {days} working days", f"{n:,}  {_share(n, answered)}")
            for days, n in within.items()
        ]
        shares.append(
            ("超过 20 个工作日  later", f"{answered - within[20]:,}  {_share(answered - within[20], answered)}")
        )
        console.print(table(f"答复用时  time to the answer  ({answered:,} = 100%)", shares))
        console.print(
            "自收到次日起算工作日，当日答复为 0；以答复时间为准。\n"
            "Working days are counted from the day after receipt; a reply on the same day took 0. The reply's time counts."
        )


def _share(part: int, base: int) -> str:
    return f"{100 * part / base:.1f}%" if base else "—"
