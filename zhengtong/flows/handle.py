"""The small steps of handling: return, recall, assign, take, consult, answer. Each is one act of one case."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.hot import candidates
from zhengtong.domains.cases.models import Case, Consultation
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.opened import opened
from zhengtong.rules.clock import local_date
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import PREVIOUS_STAGE, ROLE_OF, Candidate, Stage, State, Step, check_step
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def send_back(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    """退回 to the person who passed it on, if they still serve that stage; else to the pool of the section."""
    case, edition, law = opened(number, seen, by)
    check_step(Step.RETURN, State(case.state))
    previous = PREVIOUS_STAGE[Stage(case.stage)]
    did = actions.done_by(case, previous)
    able = {c.officer for c in candidates(case, ROLE_OF[previous], on=local_date(at))}
    actions.send_back(case, edition, did if did in able else None, reason=reason, law=law, by=by, at=at)
    return case


@transaction.atomic
def recall(number: str, *, seen: int | None, by: Acting, at: datetime) -> Case:
    case, edition, law = opened(number, seen, by)
    actions.recall(case, edition, law=law, by=by, at=at)
    return case


@transaction.atomic
def take(number: str, *, seen: int | None, by: Acting, at: datetime) -> Case:
    """An officer takes a case nobody holds yet."""
    case, _, _ = opened(number, seen, by)
    if by.id is None or by.post_for([ROLE_OF[Stage(case.stage)]], case.organ_id, case.section_id) is None:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed="take")
    actions.assign(case, Candidate(by.id, by.name, 0), reason="", by=by, at=at)
    return case


@transaction.atomic
def assign(number: str, *, to: int, reason: str, seen: int | None, by: Acting, at: datetime) -> Case:
    """The head of a section dispatches a case, or its holder hands it over to a colleague who may hold it."""
    case, _, _ = opened(number, seen, by)
    stage = Stage(case.suspended_stage or case.stage)
    able = candidates(case, ROLE_OF[stage], on=local_date(at))
    chosen = next((c for c in able if c.officer == to), None)
    if chosen is None:
        raise Refusal(RefusalCode.NO_CANDIDATE, stage=stage.value)
    actions.assign(case, chosen, reason=reason, by=by, at=at)
    return case


@transaction.atomic
def consult(number: str, *, section_id: int, question: str, seen: int | None, by: Acting, at: datetime) -> Consultation:
    """征求意见, with its own term; the case's clock runs on."""
    case, _, law = opened(number, seen, by)
    section = registry.section_for(section_id)
    on = local_date(at)
    ordinal = len(cases.consultations(case)) + 1
    term = planned(
        (case.journal_kind, case.number), DeadlineKind.CONSULTATION, on, law.days("consultation.days", on),
        law.calendar, organ_id=section.organ_id, ordinal=ordinal,
    )  # fmt: skip
    asked = actions.consult(
        case, section_id=section.pk, section_name=f"{section.organ.name}{section.name}", question=question,
        until=term.due_on or on, by=by, at=at,
    )  # fmt: skip
    deadlines.write([term])
    return asked


@transaction.atomic
def answer(consultation_id: int, *, agrees: bool, text: str, by: Acting, at: datetime) -> Consultation:
    consultation = cases.consultation_for(by, consultation_id)
    case, _, _ = opened(consultation.case.number, None, by)
    actions.answer(consultation, case, agrees=agrees, text=text, by=by, at=at)
    ordinal = 1 + [one.pk for one in cases.consultations(case)].index(consultation.pk)
    deadlines.close((case.journal_kind, case.number), [DeadlineKind.CONSULTATION], at=at, ordinal=ordinal)
    return consultation


@transaction.atomic
def tick(number: str, *, stage: Stage, code: str, done: bool, by: Acting, at: datetime) -> None:
    """A line of the stage's checklist, ticked or unticked."""
    case, edition, _ = opened(number, None, by)
    actions.tick(case, edition, stage=stage, code=code, done=done, by=by, at=at)
