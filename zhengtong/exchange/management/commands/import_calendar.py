from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.exchange.calendar_files import NoticeFile, read_notices
from zhengtong.exchange.sentences import sentence
from zhengtong.flows.change_calendar import change_calendar
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Role

# Who can run a command on the machine keeps the calendar of the whole centre.
IMPORTER = Acting(ActorKind.IMPORT, None, "import-calendar", (PostHeld(Role.CENTRE_MANAGER, 0),))


class Command(BaseCommand):
    help = "读入国务院放假安排（holiday-cn 的 JSON，或 date,kind,name 的 CSV），并重算受影响的期限。可重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Each notice is loaded as a whole or not at all; one that is refused does not keep the others out."""
        refused = 0
        for path in options["files"]:
            try:
                found = read_notices(path.read_bytes(), path.name)
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
            except Refusal as refusal:
                refused += self._say_no(path.name, refusal)
                continue
            refused += sum(self._load(path.name, notice) for notice in found)
        if refused:
            raise CommandError(f"{refused} 份放假安排没有读入。")

    def _load(self, file: str, notice: NoticeFile) -> int:
        try:
            moved = change_calendar(notice.year, notice.days, source=notice.source, by=IMPORTER, at=timezone.now())
        except Refusal as refusal:
            return self._say_no(file, refusal)
        self.stdout.write(f"{file}: {notice.year} 年放假安排已读入（{len(notice.days)} 天），移动期限 {moved} 个。")
        return 0

    def _say_no(self, file: str, refusal: Refusal) -> int:
        self.stderr.write(f"{file}: {sentence(refusal)}")
        return 1
