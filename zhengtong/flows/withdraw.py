from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened


@transaction.atomic
def withdraw(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    """撤回申请, by the applicant or by a clerk on their word; with its confirmation."""
    case, edition, _ = opened(number, seen, by)
    paper = actions.number_paper(case, "撤", at=at)
    actions.withdraw(case, reason=reason, by=by, at=at)
    actions.issue_paper(case, contents.withdrawal(case, edition, paper, reason=reason, at=at), by=by, at=at)
    queue(*notice("case.withdrawn", case, at=at))
    return case
