"""承办、审核、批准 between acceptance and decision: pass on, return, recall, assign, consult."""

from datetime import date, datetime, timedelta
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.steps import allow, allow_holder, event, subject
from zhengtong.domains.cases.models import Case, CheckTick, Consultation
from zhengtong.rules.clock import Limit, Unit, local_date
from zhengtong.rules.edition import Edition
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import (
    NEXT_STAGE,
    PREVIOUS_STAGE,
    STAGE_OF,
    Candidate,
    Stage,
    State,
    Step,
    check_separation,
    next_state,
)
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role
from zhengtong.rules.text import clean_text, require_text

DONE_BY = {Stage.PROCESS: "handler_id", Stage.REVIEW: "reviewer_id", Stage.APPROVE: "approver_id"}


def _done(stage: Stage, officer: int | None) -> dict[str, Any]:
    return {DONE_BY[stage]: officer}


def done_by(case: Case, stage: Stage) -> int | None:
    """Who is remembered as having done a stage."""
    officer: int | None = getattr(case, DONE_BY[stage])
    return officer


def forward(
    case: Case, edition: Edition, to: Candidate | None, *, opinion: str, law: Law, by: Acting, at: datetime
) -> None:
    """Passes a case to the next stage with an opinion. The next person may be nobody yet: then the section's pool.

    审核 ≠ 承办 and 批准 ≠ 审核 person: the database refuses it too (domain-rules §3.1).
    """
    _, post = allow_holder(case, Step.FORWARD, by)
    stage = Stage(case.stage)
    _check_own_stage(case, stage, by)
    following = NEXT_STAGE[stage]
    text = require_text(opinion, 2000, "opinion")
    journal.commit(
        case,
        event(Kind.CASE_FORWARDED, post, opinion=text, stage=stage, **_to(to)),
        by=by,
        at=at,
        **_moved(case, Step.FORWARD, following, to.officer if to else None, at),
        **_done(stage, by.id),
    )
    _stage_limit(case, edition, following, law, at)


def send_back(
    case: Case, edition: Edition, holder: int | None, *, reason: str, law: Law, by: Acting, at: datetime
) -> None:
    """退回上一环节, with a reason; that stage is done anew, by `holder` or by whoever takes it from the pool."""
    _, post = allow_holder(case, Step.RETURN, by)
    stage = Stage(case.stage)
    previous = PREVIOUS_STAGE[stage]
    journal.commit(
        case,
        event(Kind.CASE_RETURNED, post, reason=require_text(reason, 1000, "reason"), stage=stage),
        by=by,
        at=at,
        **_moved(case, Step.RETURN, previous, holder, at),
        **_done(previous, None),
    )
    _stage_limit(case, edition, previous, law, at)


def recall(case: Case, edition: Edition, *, law: Law, by: Acting, at: datetime) -> None:
    """撤回: takes back a case passed on by mistake, within the minutes allowed, before the next person has acted."""
    _, post = allow(case, Step.RECALL, by)
    last = entries_of("case", case.number).last()
    minutes = law.value("recall.minutes", local_date(at))
    if last is None or last.kind != Kind.CASE_FORWARDED.value or last.actor_id != by.id:
        raise Refusal(RefusalCode.RECALL_NOT_YOURS)
    if at - last.at > timedelta(minutes=minutes):
        raise Refusal(RefusalCode.RECALL_TOO_LATE, minutes=minutes)
    previous = PREVIOUS_STAGE[Stage(case.stage)]
    journal.commit(
        case,
        event(Kind.CASE_RECALLED, post),
        by=by,
        at=at,
        **_moved(case, Step.RECALL, previous, by.id, at),
        **_done(previous, None),
    )
    _stage_limit(case, edition, previous, law, at)


def assign(case: Case, to: Candidate, *, reason: str, by: Acting, at: datetime) -> None:
    """Gives a case to somebody: the head of a section dispatches, an officer takes from the pool or hands over."""
    _, post = allow(case, Step.ASSIGN, by) if to.officer != by.id or case.state != State.SUBMITTED else (None, None)
    taking = to.officer == by.id and case.holder_id is None
    # A head of section often reviews there too; it is the head's post that dispatches.
    heading = by.post_for((Role.SECTION_HEAD, Role.CENTRE_MANAGER), case.organ_id, case.section_id)
    post, dispatching = heading or post, heading is not None
    handing_over = case.holder_id in by.principals()
    if not (taking or dispatching or handing_over):
        raise Refusal(RefusalCode.CASE_NOT_IN_HAND, holder=case.holder.name if case.holder else "")
    stage = Stage(case.suspended_stage or case.stage)
    if case.case_kind != "IMMEDIATE":
        check_separation(stage, to.officer, handler=case.handler_id, reviewer=case.reviewer_id)
    text = clean_text(reason, 500, "reason") if reason else ""
    journal.commit(
        case, event(Kind.CASE_DISPATCHED, post, reason=text, stage=stage, **_to(to)), by=by, at=at, holder_id=to.officer
    )


def put_back(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """Back to the pool of its section, when whoever held it has left."""
    journal.commit(
        case, event(Kind.CASE_DISPATCHED, None, reason=reason, stage=case.stage), by=by, at=at, holder_id=None
    )


def consult(
    case: Case, *, section_id: int, section_name: str, question: str, until: date, by: Acting, at: datetime
) -> Consultation:
    """征求意见: asks another section. The clock runs on, since art. 45 does not name it."""
    _, post = allow_holder(case, Step.CONSULT, by)
    text = require_text(question, 1000, "question")
    if Consultation.objects.filter(case=case, section_id=section_id, answered_at__isnull=True).exists():
        raise Refusal(RefusalCode.CONSULTATION_OPEN, section=section_name)
    journal.commit(case, event(Kind.CASE_CONSULTED, post, section=section_name, until=until), by=by, at=at)
    return Consultation.objects.create(
        case=case, section_id=section_id, question=text, asked_by_id=by.officer_id, asked_at=at, due_on=until
    )


def answer(consultation: Consultation, case: Case, *, agrees: bool, text: str, by: Acting, at: datetime) -> None:
    """The asked section's answer, by anybody who holds a post in it."""
    if not any(p.section_id == consultation.section_id for p in by.posts):
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed="consult")
    cleaned = require_text(text, 2000, "answer")
    done = Consultation.objects.filter(pk=consultation.pk, answered_at__isnull=True).update(
        answer=cleaned, agrees=agrees, answered_by_id=by.id, answered_at=at
    )
    if not done:
        raise Refusal(RefusalCode.CONSULTATION_ANSWERED)
    journal.commit(
        case,
        event(Kind.CASE_CONSULTATION_ANSWERED, None, section=consultation.section.name, agrees=agrees),
        by=by,
        at=at,
    )


def tick(case: Case, edition: Edition, *, stage: Stage, code: str, done: bool, by: Acting, at: datetime) -> None:
    """Ticks a line of the stage's checklist. Ticks are working notes: kept with name and time, outside the journal."""
    if code not in {point.code for point in edition.checklist.get(stage.value, ())}:
        raise Refusal(RefusalCode.NOT_FOUND)
    if case.holder_id not in by.principals():
        raise Refusal(RefusalCode.CASE_NOT_IN_HAND, holder=case.holder.name if case.holder else "")
    CheckTick.objects.create(case=case, stage=stage.value, code=code, done=done, officer_id=by.officer_id, at=at)


def _check_own_stage(case: Case, stage: Stage, by: Acting) -> None:
    if by.id is not None:
        check_separation(stage, by.id, handler=case.handler_id, reviewer=case.reviewer_id)


def _to(to: Candidate | None) -> dict[str, Any]:
    return {"to": to.name, "to_officer": to.officer} if to else {}


def _moved(case: Case, step: Step, stage: Stage, holder: int | None, at: datetime) -> dict[str, Any]:
    state = next_state(step, State(case.state))
    if STAGE_OF[state] is not stage:
        raise AssertionError(f"{step} leads to {state}, not to {stage}")
    return {"state": state.value, "stage": stage.value, "stage_since": at, "holder_id": holder}


def _stage_limit(case: Case, edition: Edition, stage: Stage, law: Law, at: datetime) -> None:
    """Ends the limit of the stage left and begins that of the one entered, where the item sets any."""
    if not edition.stage_limits:
        return
    deadlines.close(subject(case), [DeadlineKind.STAGE], at=at)
    days = edition.stage_limits.get(stage.value)
    if days:
        row = planned(
            subject(case),
            DeadlineKind.STAGE,
            local_date(at),
            Limit(days, Unit.WORKING_DAY),
            law.calendar,
            organ_id=case.organ_id,
            ordinal=case.version,
        )
        deadlines.write([row])
