from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.seal.queries import BrokenLog, last_checkpoint


class Command(BaseCommand):
    help = "立即存证等待中的记录并签发检查点（后台每分钟自动做）。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = seal_and_publish(at=timezone.now())
        except BrokenLog as fault:
            raise CommandError(
                f"没有签名：日志与已签名的不符。运行 check-seal。  Nothing was signed: {fault}"
            ) from fault
        last = last_checkpoint()
        console = Console(highlight=False)
        console.print(f"新存证 sealed {added} · 共 in all {last.size if last else 0}")
        if last:
            console.print(last.note, end="", markup=False)
