from datetime import date, datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry.models import Officer


@transaction.atomic
def leave(officer: Officer, *, last_day: date, by: Acting, at: datetime) -> int:
    """An officer leaves: posts end, and what they held goes back to the pool of its section. Returns how many cases."""
    registry.leave(officer, last_day=last_day, by=by, at=at)
    held = cases.handed_over(officer.pk)
    for case in held:
        actions.put_back(case, reason=f"{officer.name}离岗", by=by, at=at)
    return len(held)
