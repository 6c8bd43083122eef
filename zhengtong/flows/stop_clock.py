"""What stops or stretches the clock, each with its numbered notice to the applicant (arts. 42, 45)."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules import clock
from zhengtong.rules.clock import Limit, Unit, local_date
from zhengtong.rules.refusal import Refusal, RefusalCode

EXTENSION = "1"  # GB/T 39046 A.7: 1 延长审批 is `extend`, not a pause


@transaction.atomic
def suspend(number: str, *, code: str, reason: str, days: int, seen: int | None, by: Acting, at: datetime) -> Case:
    """特别程序: only one the item lists; the time needed is told in writing (art. 45)."""
    case, edition, law = opened(number, seen, by)
    procedure = edition.special_procedure(code)
    if procedure is None or procedure.kind == EXTENSION:
        raise Refusal(RefusalCode.PROCEDURE_NOT_LISTED, name=code)
    planned = Limit(days, procedure.limit.unit if procedure.limit else Unit.WORKING_DAY)
    until = clock.due(local_date(at), planned, (), law.calendar).on
    paper = actions.number_paper(case, "特", at=at)
    actions.suspend(case, procedure, reason=reason, planned=planned, law=law, by=by, at=at)
    content = contents.special_procedure(
        case, edition, paper, procedure, reason=reason, planned=planned, until=until, by=by, at=at
    )
    actions.issue_paper(case, content, by=by, at=at)
    queue(*notice("case.suspended", case, at=at, procedure=procedure.name, until=until))
    return case


@transaction.atomic
def resume(number: str, *, result: str, seen: int | None, by: Acting, at: datetime) -> Case:
    case, _, law = opened(number, seen, by)
    actions.resume(case, result=result, law=law, by=by, at=at)
    queue(*notice("case.resumed", case, at=at, due=case.due_on))
    return case


@transaction.atomic
def extend(number: str, *, days: int, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    """延长审批 (art. 42): the reason is told to the applicant."""
    case, edition, law = opened(number, seen, by)
    paper = actions.number_paper(case, "延", at=at)
    old, new = actions.extend(case, days=days, reason=reason, paper=paper, law=law, by=by, at=at)
    content = contents.extension(case, edition, paper, days=days, reason=reason, old=old, new=new, by=by, at=at)
    actions.issue_paper(case, content, by=by, at=at)
    queue(*notice("case.extended", case, at=at, due=case.due_on))
    return case
