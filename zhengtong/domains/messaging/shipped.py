"""The templates as shipped: a data file, read once in a process."""

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zhengtong.rules.messaging import Channel, Receiver, Template

FILE = Path(__file__).parent / "data" / "templates.toml"
UNASKED = (Channel.MAIL, Channel.WEBHOOK)  # ways that a receiver opens first


@cache
def groups() -> MappingProxyType[str, dict[str, str]]:
    return MappingProxyType(_file()["group"])


@cache
def shipped() -> MappingProxyType[str, Template]:
    """Every kind of message, in the order of the file."""
    return MappingProxyType({row["kind"]: _template(row) for row in _file()["template"]})


def _template(row: dict[str, Any]) -> Template:
    channels = tuple(Channel(name) for name in row["channels"])
    wished = tuple(Channel(name) for name in row.get("wished", [c for c in channels if c not in UNASKED]))
    group = groups()[row["group"]]
    shared = {name: group.get(name, "") for name in ("lead", "lead_en", "path")}
    given = {**shared, **row, "to": Receiver(row["to"]), "channels": channels, "wished": wished}
    return Template(**given)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
