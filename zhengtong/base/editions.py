"""Numbers that grow whenever data held in memory has changed, so that every process notices at its next look.

A step reads all editions it needs in one query and hands them on; nothing cached is then asked for twice.
"""

import secrets
from collections.abc import Iterable

from django.db import models
from django.db.models import F

LAW = "law"  # moves with every other edition: a step asks for this one number only


class Edition(models.Model):
    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField()

    class Meta:
        db_table = "base_edition"


def number(name: str) -> int:
    """0 before the first bump."""
    return numbers([name])[name]


def numbers(names: Iterable[str]) -> dict[str, int]:
    """Several editions by one query."""
    wanted = list(names)
    found = dict(Edition.objects.filter(name__in=wanted).values_list("name", "number"))
    return {name: found.get(name, 0) for name in wanted}


def bump(name: str) -> int:
    """Moves on, the edition `law` with it, and returns the new number. Call it in the transaction of the change."""
    if name != LAW:
        bump(LAW)
    # Steps of a random size: a number seen in a transaction that was then rolled back must not come again with other
    # data behind it, or a cache would keep what never happened. No record holds this number.
    step = 1 + secrets.randbelow(1_000_000)
    if not Edition.objects.filter(name=name).update(number=F("number") + step):
        _, created = Edition.objects.get_or_create(name=name, defaults={"number": step})
        if not created:  # another process came first, a moment ago
            Edition.objects.filter(name=name).update(number=F("number") + step)
    return number(name)
