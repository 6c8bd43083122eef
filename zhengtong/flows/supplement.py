from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications.queries import materials_of
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.procedure import State, Step, check_step
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def supplement(number: str, *, answer: str = "", seen: int | None, by: Acting, at: datetime) -> Case:
    """补正: what was uploaded for this round replaces the faulty materials; the organ's five days begin anew.

    `answer` is for lines of the notice that name no material: it stands in the case's thread, where the officer reads.
    """
    case, _, law = opened(number, seen, by)
    check_step(Step.SUPPLEMENT, State(case.state))  # before "nothing was brought": a lapsed case cannot be helped so
    application = case.application
    if application is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    brought = [m.material_code for m in materials_of(application) if m.round == case.supplements]
    if not brought and not answer.strip():
        raise Refusal(RefusalCode.SUPPLEMENT_NOTHING)
    if answer.strip():
        actions.say(case, text=answer, by=by, at=at)
    applications.supersede(application, brought, before_round=case.supplements, at=at)
    digest = applications.freeze_again(application, at=at)
    actions.supplement(case, law=law, application_hash=digest, by=by, at=at)
    queue(*notice("case.supplemented", case, at=at, reply_by=case.due_on))
    return case
