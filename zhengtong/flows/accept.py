from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases.hot import candidates
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.clock import local_date
from zhengtong.rules.procedure import choose
from zhengtong.rules.roles import Role


@transaction.atomic
def accept(number: str, *, seen: int | None, by: Acting, at: datetime) -> Case:
    """受理: the clock starts, a handler is found by load, the notice is numbered, the applicant is told."""
    case, edition, law = opened(number, seen, by)
    handler = None if edition.immediate else choose(candidates(case, Role.HANDLER, on=local_date(at)))
    paper = actions.number_paper(case, "受", at=at)
    limits = actions.accept(case, edition, handler, paper=paper, law=law, by=by, at=at)
    actions.issue_paper(case, contents.acceptance(case, edition, paper, limits, by, at), by=by, at=at)
    queue(*notice("case.accepted", case, at=at, due=case.due_on))
    return case
