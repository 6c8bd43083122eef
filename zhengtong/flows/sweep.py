"""What the clock itself brings about: deemed acceptance, and the lapse of supplements that never came."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.deadlines.queries import overdue
from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.cases import actions
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.hot import candidates
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.flows.notices import notice
from zhengtong.rules.clock import local_date
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import State, choose
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role


def sweep(*, at: datetime, limit: int = 500) -> tuple[int, int]:
    """Returns how many cases were deemed accepted and how many lapsed. Costs what is due."""
    deemed = _each(DeadlineKind.NOTICE, State.SUBMITTED, deem_accepted, at, limit)
    lapsed = _each(DeadlineKind.SUPPLEMENT, State.SUPPLEMENT, lapse, at, limit)
    return deemed, lapsed


def _each(kind: DeadlineKind, state: State, act, at: datetime, limit: int) -> int:  # type: ignore[no-untyped-def]
    done = 0
    numbers = [row.subject_key for row in overdue(kind, at=at, limit=limit)]
    for case in cases.cases_by_numbers(numbers).values():
        if case.state != state.value:
            continue
        try:
            act(case, at=at)
        except Refusal as refusal:
            if refusal.code is not RefusalCode.STALE:  # an officer was quicker: nothing is left to do
                raise
        else:
            done += 1
    return done


@transaction.atomic
def deem_accepted(case: Case, *, at: datetime) -> None:
    """逾期不告知即为受理 (art. 32(1)(4)); a handler is found as for any accepted case."""
    edition, law = catalogue.edition(case.item_version_id), cases.law_for(case)
    handler = None if edition.immediate else choose(candidates(case, Role.HANDLER, on=local_date(at)))
    actions.deem_accepted(case, edition, handler, law=law, by=SYSTEM, at=at)
    queue(*notice("case.deemed_accepted", case, at=at, due=case.due_on))


@transaction.atomic
def lapse(case: Case, *, at: datetime) -> None:
    actions.lapse(case, by=SYSTEM, at=at)
    queue(*notice("case.lapsed", case, at=at))
