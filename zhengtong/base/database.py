"""Where the two engines differ in how they are opened: an address in, Django's DATABASES entry out.

Read by the settings, so nothing here may need Django to be set up.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Entry = dict[str, Any]

BUSY_SECONDS = 20


def entry(address: str, *, data_dir: Path) -> Entry:
    """The DATABASES entry of `address`; an empty address is the embedded database in `data_dir`.

    Raises ValueError for an address of neither engine.
    """
    if not address:
        return _embedded(data_dir / "zhengtong.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        # sqlite:///relative/path and sqlite:////absolute/path, as elsewhere.
        return _embedded(Path(unquote(parts.path).removeprefix("/")))
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(address)
    raise ValueError(f"ZHENGTONG_DATABASE_URL must begin with sqlite:/// or postgresql://, not {parts.scheme!r}.")


def _embedded(path: Path) -> Entry:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            # A deferred transaction that turns into a writer cannot wait its turn: SQLite refuses it at once.
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                # An acknowledged step must survive a power cut, not only a crash of the process.
                "PRAGMA synchronous=FULL;"
                "PRAGMA cache_size=-32768;"
                "PRAGMA mmap_size=268435456;"
                "PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _postgresql(address: str) -> Entry:
    parts = urlsplit(address)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # Prepared statements live in one server connection: behind a transaction pooler ask for prepare_threshold=none.
    threshold = options.pop("prepare_threshold", "5")
    options["prepare_threshold"] = None if threshold == "none" else int(threshold)
    options["server_side_binding"] = options["prepare_threshold"] is not None
    # Every question here is answered in milliseconds; compiling one costs twenty. Planners that think of a million rows
    # compile all the same. An address with its own `options=` keeps them; a transaction pooler takes none.
    if options["server_side_binding"]:
        options.setdefault("options", "-c jit=off")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        # Opening a connection costs more than a step of a case does.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
