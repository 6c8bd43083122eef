"""What stops or stretches the clock: the special procedures of art. 45, and the one extension of art. 42."""

from datetime import date, datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.steps import allow_holder, event, subject
from zhengtong.domains.cases.models import Case, Consultation, SpecialProcedureRun
from zhengtong.rules.clock import Limit, local_date
from zhengtong.rules.edition import SpecialProcedure
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import STATE_OF, Stage, State, Step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import require_text

INNER = (DeadlineKind.STAGE.value, DeadlineKind.EXPEDITED.value)  # the house's own: art. 42 does not lengthen them
ARTICLE = "行政许可法第四十五条"


def suspend(
    case: Case, procedure: SpecialProcedure, *, reason: str, planned: Limit, law: Law, by: Acting, at: datetime
) -> SpecialProcedureRun:
    """Opens a special procedure the item lists (art. 45). The time needed is told to the applicant in writing.

    Unless the item counts it inside the limit, promise, legal and stage limits stand still from tomorrow on.
    """
    _, post = allow_holder(case, Step.SUSPEND, by)
    text = require_text(reason, 500, "reason")
    on = local_date(at)
    rows = [] if procedure.counted else _running(case)
    for row in rows:
        plan.pause(row, on, procedure.name, ARTICLE, law.calendar)
    run = plan.planned(
        subject(case), DeadlineKind.SPECIAL, on, planned, law.calendar, organ_id=case.organ_id, ordinal=case.version
    )
    journal.commit(
        case,
        event(
            Kind.CASE_SUSPENDED, post, procedure=procedure.name, basis=procedure.basis, reason=text,
            until=run.due_on, counted=procedure.counted or None,
        ),
        by=by,
        at=at,
        state=State.SUSPENDED.value,
        suspended_stage=case.stage,
        **_promised(rows, case),
    )  # fmt: skip
    deadlines.write([*rows, run])
    return SpecialProcedureRun.objects.create(
        case=case,
        code=procedure.code,
        name=procedure.name,
        basis=procedure.basis,
        reason=text,
        planned_amount=planned.amount,
        planned_unit=planned.unit.value,
        started_at=at,
        started_by_id=by.officer_id,
    )


def resume(case: Case, *, result: str, law: Law, by: Acting, at: datetime) -> None:
    """Ends the open special procedure. Today is still not counted; the clock goes on tomorrow."""
    _, post = allow_holder(case, Step.RESUME, by)
    text = require_text(result, 500, "result")
    rows = _running(case)
    for row in rows:
        plan.resume(row, local_date(at), law.calendar)
    stage = Stage(case.suspended_stage)
    journal.commit(
        case,
        event(Kind.CASE_RESUMED, post, result=text, promise_due=_promised(rows, case)["due_on"]),
        by=by,
        at=at,
        state=STATE_OF[stage].value,
        suspended_stage="",
        **_promised(rows, case),
    )
    SpecialProcedureRun.objects.filter(case=case, ended_at__isnull=True).update(ended_at=at, result=text)
    deadlines.close(subject(case), [DeadlineKind.SPECIAL], at=at)
    deadlines.write(rows)


def extend(case: Case, *, days: int, reason: str, paper: str, law: Law, by: Acting, at: datetime) -> tuple[date, date]:
    """延长审批 (art. 42): once, before the limit ends, at most the days the law allows, by the head of the organ.

    Returns the last day of the legal limit, before and after: the promise may have passed, the extension is lawful still.
    """
    _, post = allow_holder(case, Step.EXTEND, by)
    on = local_date(at)
    most = law.value("extension.days", on)
    if not 1 <= days <= most:
        raise Refusal(RefusalCode.EXTENSION_DAYS, most=most)
    rows = [row for row in _running(case) if row.kind not in INNER]
    legal = next((row for row in rows if row.kind == DeadlineKind.LEGAL.value), None)
    if legal is None or legal.due_on is None or legal.due_at is None or at > legal.due_at:
        raise Refusal(RefusalCode.EXTENSION_TOO_LATE)
    if legal.extension:
        raise Refusal(RefusalCode.EXTENSION_TWICE)
    old = legal.due_on
    for row in rows:
        plan.extend(row, days, law.calendar)
    journal.commit(
        case,
        event(
            Kind.CASE_EXTENDED, post, days=days, reason=require_text(reason, 500, "reason"), paper=paper,
            legal_was=old, legal_due=legal.due_on, promise_due=_promised(rows, case)["due_on"],
        ),
        by=by,
        at=at,
        **_promised(rows, case),
    )  # fmt: skip
    deadlines.write(rows)
    return old, legal.due_on


def _running(case: Case) -> list[Deadline]:
    return [
        row
        for row in deadlines_of(case.journal_kind, case.number)
        if row.outcome == Deadline.OPEN and plan.pausable(row)
    ]


def _promised(rows: list[Deadline], case: Case) -> dict[str, Any]:
    """The promise's new due, as the row of the case copies it."""
    for row in rows:
        if row.kind == DeadlineKind.PROMISE.value:
            return {"due_on": row.due_on, "due_at": row.due_at}
    return {"due_on": case.due_on, "due_at": case.due_at}


def follow_moved_deadline(case: Case, row: Deadline, *, old: object, reason: str, by: Acting, at: datetime) -> None:
    """A holiday notice moved an open limit of this case: the row follows and the journal says why."""
    current = (
        row.kind == DeadlineKind.PROMISE.value
        or (row.kind == DeadlineKind.NOTICE.value and case.state == State.SUBMITTED.value)
        or (row.kind == DeadlineKind.DELIVERY.value and case.state in (State.DECIDED.value, State.FINISHED.value))
    )
    changes: dict[str, Any] = {"due_on": row.due_on, "due_at": row.due_at} if current else {}
    facts = {"limit": row.kind, "was": old, "due": row.due_on, "provisional": row.provisional or None, "reason": reason}
    journal.commit(case, event(Kind.CASE_DEADLINE_MOVED, None, **facts), by=by, at=at, **changes)
    if row.kind == DeadlineKind.CONSULTATION.value:  # the n-th question keeps its day for the list of the section asked
        asked = Consultation.objects.filter(case=case).order_by("id").values_list("pk", flat=True)
        Consultation.objects.filter(pk__in=asked[row.ordinal - 1 : row.ordinal]).update(due_on=row.due_on)
