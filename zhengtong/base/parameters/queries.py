from datetime import date
from functools import lru_cache
from typing import Any

from zhengtong.base import editions
from zhengtong.base.parameters.models import Parameter

EDITION = "parameters"


@lru_cache(maxsize=4)
def _by_key(edition: int) -> dict[str, list[Parameter]]:
    rows: dict[str, list[Parameter]] = {}
    for row in Parameter.objects.order_by("key", "effective_from"):
        rows.setdefault(row.key, []).append(row)
    return rows


def value(key: str, on: date, *, edition: int | None = None) -> Any:
    """The value in force on a day. KeyError when there is none: a missing number of the law must not pass silently.

    `edition` is the edition of the law already read with the case, so that a step asks the database nothing more.
    """
    rows = _by_key(editions.number(editions.LAW) if edition is None else edition)
    for row in reversed(rows.get(key, [])):
        if row.effective_from <= on and (row.effective_to is None or on <= row.effective_to):
            return row.value
    raise KeyError(f"no value of parameter {key!r} is in force on {on}")


def parameters() -> list[Parameter]:
    """All values of all times, for the screen."""
    return list(Parameter.objects.order_by("key", "-effective_from"))
