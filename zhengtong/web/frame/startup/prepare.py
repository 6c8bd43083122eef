"""What a data folder needs before it can serve: messages, tables, static files, and on the first day a demo city.

Each step costs next to nothing when there is nothing to do, so that a second start is up in seconds.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils import timezone
from rich.console import Console

from zhengtong.base import calendar
from zhengtong.base.parameters import actions as parameters
from zhengtong.domains.performance.actions import tables as score_tables
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.supervision import actions as supervision
from zhengtong.web.frame import messages

LOADING, LOADED = "loading", "loaded"


def prepare(console: Console, *, demo: bool) -> None:
    with _step(console, "文字  messages"):
        messages.compile_all()
    with _step(console, "数据库  database"):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    with _step(console, "静态文件  static files"):
        _collect_static()
    if demo:
        _demo_city(console)
    # After the city, which dates its own first day: a real place would stop at its first case without them.
    with _step(console, "日历与法定参数  calendar and numbers of the law"):
        calendar.seed(at=timezone.now())
        parameters.seed()
        supervision.seed(at=timezone.now())
        score_tables.seed(at=timezone.now())


def demo_loaded() -> bool:
    return _read(_demo_mark()) == LOADED


@contextmanager
def _step(console: Console, name: str) -> Iterator[None]:
    begun = time.monotonic()
    with console.status(name):
        yield
    console.print(f"  [green]✓[/green] {name}  [dim]{time.monotonic() - begun:.1f} s[/dim]")


def _collect_static() -> None:
    """Hashing and compressing every file takes seconds; looking at their dates does not."""
    if settings.DEBUG:
        return  # served from where they lie
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = _static_fingerprint()
    if _read(stamp) != now:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_mtime_ns}\0{found.st_size}\n".encode())
    return digest.hexdigest()


def _demo_city(console: Console) -> None:
    """Only an empty house gets the demo city; one that was interrupted half-way is finished."""
    mark = _demo_mark()
    if _read(mark) == LOADED or (_read(mark) != LOADING and registry.organs().exists()):
        return
    mark.write_text(LOADING)
    begun = time.monotonic()
    console.print("  [cyan]…[/cyan] 示范城市云泽市  demo city Yunze [dim](only this first time)[/dim]")
    call_command("demo_city")
    mark.write_text(LOADED)
    console.print(f"  [green]✓[/green] 示范城市  demo city  [dim]{time.monotonic() - begun:.0f} s[/dim]")


def _demo_mark() -> Path:
    return Path(settings.DATA_DIR) / "demo-city"


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
