import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from rich.console import Console
from rich.table import Table

from zhengtong.city.accounts import DEMO_ACCOUNTS
from zhengtong.web.frame.startup import address
from zhengtong.web.frame.startup.children import Children, Died
from zhengtong.web.frame.startup.prepare import demo_loaded, prepare

SERVER = "网站 web server"
WORKER = "后台 worker"


class Command(BaseCommand):
    help = "Prepares the data folder, then serves the three platforms and works in the background until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("ZHENGTONG_HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("ZHENGTONG_PORT", "8000")))
        parser.add_argument(
            "--no-demo",
            dest="demo",
            action="store_false",
            default=os.environ.get("ZHENGTONG_DEMO", "on").lower() not in {"0", "off", "no", "false"},
            help="leave an empty database empty (also ZHENGTONG_DEMO=off)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        console.print("[bold]政通[/bold] Zhengtong")
        try:
            prepare(console, demo=options["demo"])
        except KeyboardInterrupt:
            raise CommandError("\n已停止，下次启动会接着准备。  Stopped; the next start goes on from here.") from None
        embedded = connection.vendor == "sqlite"
        # The children open connections of their own; one kept open here would only hold a lock file.
        connection.close()
        host, port = options["host"], self._port(console, options["host"], options["port"])
        here = address.shown(host, port)
        os.environ.setdefault("ZHENGTONG_PUBLIC_URL", here)
        with Children() as children:
            children.start(SERVER, server_command(host, port, embedded=embedded))
            children.start(WORKER, [sys.executable, "-m", "zhengtong", "work"])
            if address.answers(here, within=60, give_up=lambda: children.stopping or children.died() is not None):
                welcome(console, here)
            died = children.watch()
            console.print("\n停止中…  Stopping …")
        if died:
            raise CommandError(sentence(died))
        console.print("已停止，数据都在。  Stopped; the data is kept.")

    def _port(self, console: Console, host: str, wanted: int) -> int:
        try:
            port = address.free_port(host, wanted)
        except address.NoFreePort as none:
            raise CommandError(f"No free port from {wanted} on. Choose another: zhengtong run --port 9000") from none
        if port != wanted:
            console.print(
                f"  [yellow]![/yellow] 端口 {wanted} 已被占用，改用 {port}  Port {wanted} is taken; using {port}"
            )
        return port


def server_command(host: str, port: int, *, embedded: bool) -> list[str]:
    """The embedded database has one writer at a time: more processes would only queue for its lock."""
    workers = 1 if embedded else 2
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application"),
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
        *("--workers-kill-timeout", "10", "--respawn-failed-workers", "--log-level", "warning"),
    ]


def welcome(console: Console, here: str) -> None:
    console.print()
    doors = Table.grid(padding=(0, 2), pad_edge=True)
    for chinese, english, path in (
        ("办事大厅", "portal", "/"),
        ("办公台", "desk", "/desk/"),
        ("电子监察", "supervision", "/watch/"),
    ):
        doors.add_row(chinese, english, f"[bold]{here}{path}[/bold]")
    console.print(doors)
    if demo_loaded() and DEMO_ACCOUNTS:
        table = Table(
            "角色", "Role", "账号 Account", "密码 Password", title="示范账号  Demo accounts", title_justify="left"
        )
        for login, password, role_zh, role_en in DEMO_ACCOUNTS:
            table.add_row(role_zh, role_en, login, password)
        console.print()
        console.print(table)
    console.print(f"\n  数据 data  {settings.DATA_DIR}\n  停止 stop  Ctrl-C")


def sentence(died: Died) -> str:
    return (
        f"{died.name} ended by itself (exit code {died.code}), so the rest was stopped too. "
        f"Why: the lines above and {settings.LOG_DIR}/zhengtong.jsonl"
    )
