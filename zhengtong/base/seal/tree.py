"""The log's files in SEAL_DIR, as anyone may fetch and mirror them. A tile is written once, whole, and never again."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings

from zhengtong.base.seal.queries import BrokenLog
from zhengtong.rules.merkle import HASH, Node
from zhengtong.rules.merkle_tiles import Tile, node_in_tiles

CHECKPOINT = "checkpoint"
KEYS = "keys"
HANDOVER = "handover"


def folder() -> Path:
    return Path(settings.SEAL_DIR)


@contextlib.contextmanager
def one_writer() -> Iterator[None]:
    """Who extends the files holds this lock until its checkpoint lies there."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_tile(tile: Tile) -> bytes:
    """A tile's hashes. A partial one that has been cleared away is the beginning of its full one.

    Raises FileNotFoundError, or BrokenLog for a file of the wrong length.
    """
    path = folder() / tile.path
    if not path.exists():
        path = folder() / Tile(tile.level, tile.index).path
    content = path.read_bytes()[: tile.width * HASH]
    if len(content) != tile.width * HASH:
        raise BrokenLog(f"{tile.path} is too short")
    return content


def nodes(size: int) -> Node:
    """The hashes of a tree of `size`, each from one tile."""
    return partial(node_in_tiles, size=size, read=read_tile)


def write_once(path: str, content: bytes) -> None:
    """Raises BrokenLog where something else already lies: what was published is never changed."""
    target = folder() / path
    if target.exists():
        if target.read_bytes() != content:
            raise BrokenLog(f"{path} holds something else than was sealed")
        return
    _put(target, content)


def published() -> str | None:
    """The checkpoint as it lies there."""
    try:
        return (folder() / CHECKPOINT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return ""


def publish(note: str) -> None:
    _put(folder() / CHECKPOINT, note.encode())


def publish_keys(listing: str) -> None:
    target = folder() / KEYS
    if not target.exists() or target.read_text(encoding="ascii") != listing:
        _put(target, listing.encode())


def handover(identity: str) -> str | None:
    """How a key was put into office, as published."""
    try:
        return (folder() / HANDOVER / identity).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def clear_partials() -> int:
    cleared = 0
    for waiting in sorted((folder() / "tile").rglob("*.p")):
        if waiting.with_suffix("").exists():
            for path in waiting.iterdir():
                path.unlink()
                cleared += 1
            waiting.rmdir()
    return cleared


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
