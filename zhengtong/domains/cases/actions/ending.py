"""批准与办结: decide, finish, deliver; withdraw and void; what goes up to a higher organ and comes back."""

from datetime import date, datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.acceptance import REASON_LEAST
from zhengtong.domains.cases.actions.steps import allow, allow_holder, check_proposes, event, subject, why_not
from zhengtong.domains.cases.models import Case
from zhengtong.rules.clock import local_date
from zhengtong.rules.decisions import FAVOURABLE, Decision
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import HEADS, Stage, State, Step, check_separation, check_step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_text

DECISION_LIMITS = [DeadlineKind.PROMISE, DeadlineKind.LEGAL, DeadlineKind.STAGE, DeadlineKind.EXPEDITED]
ALL_LIMITS = [
    *DECISION_LIMITS,
    DeadlineKind.NOTICE,
    DeadlineKind.SUPPLEMENT,
    DeadlineKind.SPECIAL,
    DeadlineKind.CONSULTATION,
    DeadlineKind.DELIVERY,
]


def decide(
    case: Case,
    decision: Decision,
    *,
    opinion: str,
    valid_until: date | None = None,
    paper: str,
    law: Law,
    by: Acting,
    at: datetime,
) -> None:
    """批准 (arts. 37, 38): the decision ends promise and legal limit; a grant opens the ten days of art. 44.

    An immediate case is decided by the clerk who accepted it (art. 34(2)); any other by an approver who neither
    handled nor reviewed it. A refusal says why (art. 38(2)). `valid_until`: the last day of what is granted.
    """
    immediate = case.case_kind == "IMMEDIATE" and case.state == State.ACCEPTED.value
    nobodys = immediate and case.holder_id is None  # its clerk has left: any other at the window goes on
    _, post = allow(case, Step.DECIDE, by) if nobodys else allow_holder(case, Step.DECIDE, by)
    if post is not None and post.role == "window" and not immediate:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed=Step.DECIDE.value)
    if not immediate and by.id is not None:
        check_separation(Stage.APPROVE, by.id, handler=case.handler_id, reviewer=case.reviewer_id)
    text = clean_text(opinion, 2000, "opinion") if opinion else ""
    if decision is Decision.REFUSE and len(text) < REASON_LEAST:
        raise Refusal(RefusalCode.REASON_TOO_SHORT, least=REASON_LEAST)
    on = local_date(at)
    last = _validity(decision, valid_until, on)
    delivery = None
    if decision in FAVOURABLE:
        delivery = planned(
            subject(case), DeadlineKind.DELIVERY, on, law.days("delivery.days", on), law.calendar,
            organ_id=case.organ_id,
        )  # fmt: skip
    journal.commit(
        case,
        event(
            Kind.CASE_DECIDED, post, decision=decision, opinion=text, paper=paper,
            delivery_due=delivery.due_on if delivery else None, valid_until=last,
        ),
        by=by,
        at=at,
        state=State.DECIDED.value,
        stage=Stage.FINISH.value,
        stage_since=at,
        approver_id=by.id,
        holder_id=by.id if immediate else None,
        decision=decision.value,
        valid_until=last,
        decided_at=at,
        due_on=delivery.due_on if delivery else None,
        due_at=delivery.due_at if delivery else None,
    )  # fmt: skip
    deadlines.close(subject(case), DECISION_LIMITS, at=at)
    if delivery is not None:
        deadlines.write([delivery])


def _validity(decision: Decision, until: date | None, on: date) -> date | None:
    """有效期 is of what is granted: a refusal has none, and what ends today was never granted."""
    if until is None or decision not in FAVOURABLE:
        return None
    if until <= on:
        raise Refusal(RefusalCode.VALIDITY_PAST, on=on)
    return until


def finish(case: Case, *, note: str, by: Acting, at: datetime) -> None:
    """办结: the window has the result in hand. 0 出证办结 for a grant, 1 退回办结 for a refusal."""
    _, post = allow(case, Step.FINISH, by)
    result = "0" if Decision(case.decision) in FAVOURABLE else "1"
    text = clean_text(note, 500, "note") if note else ""
    journal.commit(
        case,
        event(Kind.CASE_FINISHED, post, result_code=result, note=text),
        by=by,
        at=at,
        state=State.FINISHED.value,
        stage_since=at,
        result_code=result,
        finished_at=at,
        holder_id=None,
    )


def deliver(
    case: Case, *, mode: str, recipient: str, tracking_no: str = "", paper: str, by: Acting, at: datetime
) -> None:
    """送达 (art. 44): the result is in the applicant's hands. The name of the recipient stands in the paper, not here."""
    _, post = allow(case, Step.DELIVER, by)
    require_text(recipient, 100, "recipient")
    journal.commit(
        case,
        event(Kind.CASE_DELIVERED, post, mode=mode, tracking_no=tracking_no, paper=paper),
        by=by,
        at=at,
        state=State.DELIVERED.value,
        delivered_at=at,
        holder_id=None,
        due_on=None,
        due_at=None,
    )
    deadlines.close(subject(case), [DeadlineKind.DELIVERY], at=at)


def send_up(case: Case, *, upper_organ: str, opinion: str, by: Acting, at: datetime) -> None:
    """上报 (arts. 35, 43): the first review ends here with its opinion; the upper organ's time is not this organ's."""
    _, post = allow_holder(case, Step.SEND_UP, by)
    if case.case_kind != "REPORTED":
        raise Refusal(RefusalCode.CASE_NOT_REPORTED)
    facts = {
        "upper_organ": require_text(upper_organ, 200, "upper_organ"),
        "opinion": require_text(opinion, 2000, "opinion"),
    }
    journal.commit(
        case,
        event(Kind.CASE_SENT_UP, post, **facts),
        by=by,
        at=at,
        state=State.FORWARDED.value,
        stage_since=at,
        approver_id=by.id,
        due_on=None,
        due_at=None,
    )
    deadlines.close(subject(case), DECISION_LIMITS, at=at)


def result_back(
    case: Case,
    decision: Decision,
    *,
    opinion: str,
    valid_until: date | None = None,
    law: Law,
    by: Acting,
    at: datetime,
) -> None:
    """The upper organ's result has come: it is handed over like any decision."""
    _, post = allow(case, Step.RESULT_BACK, by)
    on = local_date(at)
    last = _validity(decision, valid_until, on)
    delivery = planned(
        subject(case), DeadlineKind.DELIVERY, on, law.days("delivery.days", on), law.calendar, organ_id=case.organ_id
    )
    journal.commit(
        case,
        event(
            Kind.CASE_RESULT_BACK, post, decision=decision, opinion=require_text(opinion, 2000, "opinion"),
            valid_until=last,
        ),
        by=by,
        at=at,
        state=State.DECIDED.value,
        stage=Stage.FINISH.value,
        stage_since=at,
        decision=decision.value,
        valid_until=last,
        decided_at=at,
        holder_id=None,
        due_on=delivery.due_on,
        due_at=delivery.due_at,
    )  # fmt: skip
    deadlines.write([delivery])


def withdraw(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """撤回申请: the applicant's right until the decision."""
    _, post = allow(case, Step.WITHDRAW, by)
    text = clean_text(reason, 500, "reason") if reason else ""
    journal.commit(
        case, event(Kind.CASE_WITHDRAWN, post, reason=text), by=by, at=at, **_ended(State.WITHDRAWN, "2", at)
    )
    deadlines.close(subject(case), ALL_LIMITS, at=at, void=True)


def propose_void(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """作废 needs two people: the one who found the entry error proposes."""
    check_step(Step.VOID, State(case.state))
    check_proposes(case, by)
    text = require_text(reason, 500, "reason")
    journal.commit(
        case,
        event(Kind.CASE_VOID_PROPOSED, None, reason=text),
        by=by,
        at=at,
        void_proposed_by_id=by.id,
        void_reason=text,
    )


def void(case: Case, *, by: Acting, at: datetime) -> None:
    """作废办结 (result 2), by a second person who agrees with the proposal."""
    _, post = allow(case, Step.VOID, by)
    if case.void_proposed_by_id is None:
        raise Refusal(RefusalCode.VOID_NOT_PROPOSED)
    if case.void_proposed_by_id == by.id:
        raise Refusal(RefusalCode.VOID_SAME_PERSON)
    journal.commit(
        case, event(Kind.CASE_VOIDED, post, reason=case.void_reason), by=by, at=at, **_ended(State.VOID, "2", at)
    )
    deadlines.close(subject(case), ALL_LIMITS, at=at, void=True)


def decline_void(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """不同意作废; who proposed it may also take the proposal back, without a reason."""
    _, post = allow(case, Step.DECLINE_VOID, by)
    if case.void_proposed_by_id is None:
        raise Refusal(RefusalCode.VOID_NOT_PROPOSED)
    text = why_not(case, Step.DECLINE_VOID, case.void_proposed_by_id, HEADS, reason, by)
    journal.commit(
        case, event(Kind.CASE_VOID_DECLINED, post, reason=text), by=by, at=at, void_proposed_by_id=None, void_reason=""
    )


def _ended(state: State, result: str, at: datetime) -> dict[str, Any]:
    return {
        "state": state.value,
        "result_code": result,
        "finished_at": at,
        "holder_id": None,
        "due_on": None,
        "due_at": None,
    }
