"""Keys that are made on the first start and kept beside the data, readable by their owner only."""

import os
import secrets
from pathlib import Path


def text_key(folder: Path, name: str) -> str:
    """The key called `name`, made if it is not there yet. Losing the file loses what it protects."""
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_urlsafe(48)
    # Written aside and linked into place: of two processes starting at once, one key wins and both read it whole.
    draft = folder / f".{name}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
