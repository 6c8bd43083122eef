from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.hot import candidates
from zhengtong.domains.cases.models import Case
from zhengtong.flows.opened import opened
from zhengtong.rules.clock import local_date
from zhengtong.rules.procedure import NEXT_STAGE, ROLE_OF, Candidate, Stage, State, Step, check_step, choose
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def forward(number: str, *, opinion: str, seen: int | None, by: Acting, at: datetime, to: int | None = None) -> Case:
    """Passes a case on: to the chosen colleague, else to the least loaded one who has not touched it yet."""
    case, edition, law = opened(number, seen, by)
    check_step(Step.FORWARD, State(case.state))
    following = NEXT_STAGE[Stage(case.stage)]
    done = {by.id, case.handler_id if following is Stage.APPROVE else None}
    able = candidates(case, ROLE_OF[following], on=local_date(at), exclude=list(done))
    actions.forward(case, edition, _chosen(able, to, following), opinion=opinion, law=law, by=by, at=at)
    return case


def _chosen(able: list[Candidate], to: int | None, stage: Stage) -> Candidate | None:
    if to is None:
        return choose(able)
    for candidate in able:
        if candidate.officer == to:
            return candidate
    raise Refusal(RefusalCode.NO_CANDIDATE, stage=stage.value)
