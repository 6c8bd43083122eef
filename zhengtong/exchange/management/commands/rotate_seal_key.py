from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from zhengtong.base.seal import keys, publication
from zhengtong.base.seal.queries import BrokenLog


class Command(BaseCommand):
    help = "更换存证密钥：新旧两把密钥共同签署最后一个检查点，旧私钥随即销毁。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lost", action="store_true", help="the old private key is gone: the new one signs alone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checkpoint = publication.rotate(at=timezone.now(), lost=options["lost"])
        except BrokenLog as fault:
            raise CommandError(f"没有更换。  Nothing was changed: {fault}") from fault
        console = Console(highlight=False)
        console.print("新公钥，请公告：  The new public key, to be announced:")
        console.print("  ".join(keys.verifier(row) for row in keys.public_keys() if row.until is None), markup=False)
        console.print(checkpoint.note, end="", markup=False)
