from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.clock import Unit, local_date


@transaction.atomic
def request_supplement(number: str, defects: Sequence[Defect], *, seen: int | None, by: Acting, at: datetime) -> Case:
    """一次性告知: everything that is wrong, in one numbered notice with one term."""
    case, edition, law = opened(number, seen, by)
    paper = actions.number_paper(case, "补", at=at)
    until = law.days("supplement.days", local_date(at), Unit.CALENDAR_DAY)
    term = actions.request_supplement(case, defects, until=until, paper=paper, law=law, by=by, at=at)
    deadline = term.due_on or local_date(at)
    actions.issue_paper(case, contents.supplement_notice(case, edition, paper, defects, deadline, by, at), by=by, at=at)
    queue(*notice("case.supplement_requested", case, at=at, until=deadline))
    return case
