from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened


@transaction.atomic
def finish(number: str, *, note: str, seen: int | None, by: Acting, at: datetime) -> Case:
    """办结: the result lies ready; the applicant is told how to get it."""
    case, _, _ = opened(number, seen, by)
    actions.finish(case, note=note, by=by, at=at)
    queue(*notice("case.finished", case, at=at, delivery_due=case.due_on))
    return case
