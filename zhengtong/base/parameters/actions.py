from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from zhengtong.base import editions
from zhengtong.base.parameters.models import Parameter
from zhengtong.base.parameters.queries import EDITION
from zhengtong.base.parameters.seed import SEEDS
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def seed() -> int:
    """Adds the numbers of the law that are missing. Returns how many were added."""
    known = set(Parameter.objects.values_list("key", flat=True))
    rows = [
        Parameter(key=s.key, value=s.value, unit=s.unit, effective_from=s.since, source=s.source)
        for s in SEEDS
        if s.key not in known
    ]
    Parameter.objects.bulk_create(rows)
    if rows:
        editions.bump(EDITION)
    return len(rows)


@transaction.atomic
def set_value(key: str, value: Any, *, effective_from: date, source: str, at: datetime) -> None:
    """A new value from a day on; the old one ends the day before. Days that have passed are not rewritten."""
    current = Parameter.objects.filter(key=key, effective_to__isnull=True).first()
    if current is None:
        raise Refusal(RefusalCode.PARAMETER_UNKNOWN, key=key)
    if effective_from <= current.effective_from or effective_from < at.date():
        raise Refusal(RefusalCode.PARAMETER_BACKDATED, key=key, effective_from=effective_from)
    if not source.strip():
        raise Refusal(RefusalCode.TEXT_REQUIRED, field="source")
    if type(value) is not type(current.value) or (isinstance(value, int) and value < 0):
        raise Refusal(RefusalCode.PARAMETER_VALUE, key=key)
    Parameter.objects.filter(pk=current.pk).update(effective_to=effective_from - timedelta(days=1))
    Parameter.objects.create(key=key, value=value, unit=current.unit, effective_from=effective_from, source=source)
    editions.bump(EDITION)
