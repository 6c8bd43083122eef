from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.decisions import Ground


@transaction.atomic
def refuse_acceptance(
    number: str, *, reason: str, basis: str, right_organ: str = "", ground: Ground | None = None,
    seen: int | None, by: Acting, at: datetime,
) -> Case:  # fmt: skip
    """不受理/不予受理: a numbered notice with reason, basis and remedies; the case ends here.

    Without a ground: another organ's matter where one is named, else a matter that needs nobody's leave.
    """
    ground = ground or (Ground.NO_POWER if right_organ else Ground.NOT_REQUIRED)
    case, edition, _ = opened(number, seen, by)
    paper = actions.number_paper(case, "不受", at=at)
    actions.refuse_acceptance(
        case, ground=ground, reason=reason, basis=basis, right_organ=right_organ, paper=paper, by=by, at=at
    )
    content = contents.acceptance_refusal(
        case, edition, paper, ground=ground, reason=reason, basis=basis, right_organ=right_organ, by=by, at=at
    )
    actions.issue_paper(case, content, by=by, at=at)
    queue(*notice("case.acceptance_refused", case, at=at))
    return case
