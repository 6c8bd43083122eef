from datetime import date
from typing import Any

from zhengtong.base import editions
from zhengtong.base.parameters.models import Parameter

EDITION = "parameters"
_cache: tuple[int, dict[str, list[Parameter]]] | None = None


def _by_key(edition: int | None) -> dict[str, list[Parameter]]:
    global _cache
    number = editions.number(EDITION) if edition is None else edition
    if _cache is None or _cache[0] != number:
        rows: dict[str, list[Parameter]] = {}
        for row in Parameter.objects.order_by("key", "effective_from"):
            rows.setdefault(row.key, []).append(row)
        _cache = (number, rows)
    return _cache[1]


def value(key: str, on: date, *, edition: int | None = None) -> Any:
    """The value in force on a day. KeyError when there is none: a missing number of the law must not pass silently.

    `edition` is the parameter edition already read with the case, so that a step asks the database nothing more.
    """
    for row in reversed(_by_key(edition).get(key, [])):
        if row.effective_from <= on and (row.effective_to is None or on <= row.effective_to):
            return row.value
    raise KeyError(f"no value of parameter {key!r} is in force on {on}")


def parameters() -> list[Parameter]:
    """All values of all times, for the screen."""
    return list(Parameter.objects.order_by("key", "-effective_from"))
