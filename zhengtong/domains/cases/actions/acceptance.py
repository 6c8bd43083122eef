"""受理: accept, refuse to accept, ask once for supplements, take them in; deemed acceptance and lapse (arts. 32, 34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import close, planned
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.special import shorter
from zhengtong.domains.cases.actions.steps import allow, event, subject
from zhengtong.domains.cases.models import Case, SupplementItem
from zhengtong.rules.clock import Limit, Unit, local_date
from zhengtong.rules.decisions import Ground
from zhengtong.rules.edition import Edition
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import Candidate, Stage, State, Step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_text


def limits(case: Case, edition: Edition, accepted_on: date, law: Law, *, ordinal: int) -> list[Deadline]:
    """The limits that begin with acceptance: promise, legal, the first stage's own where the item sets one, and that of
    特办 where it was granted before."""
    legal = edition.legal_limit or law.days("decision.days", accepted_on)  # art. 42(1) where the item names none
    promised = edition.promised_limit or legal
    rows = [
        planned(subject(case), DeadlineKind.PROMISE, accepted_on, promised, law.calendar, organ_id=case.organ_id),
        planned(subject(case), DeadlineKind.LEGAL, accepted_on, legal, law.calendar, organ_id=case.organ_id),
    ]
    stage = edition.stage_limits.get(Stage.PROCESS.value)
    if stage and not edition.immediate:
        rows.append(
            planned(
                subject(case),
                DeadlineKind.STAGE,
                accepted_on,
                Limit(stage, Unit.WORKING_DAY),
                law.calendar,
                organ_id=case.organ_id,
                ordinal=ordinal,
            )
        )
    if case.special_days:
        rows.append(shorter(case, edition, case.special_days, accepted_on, law, ordinal=ordinal))
    return rows


def accept(
    case: Case, edition: Edition, handler: Candidate | None, *, paper: str, law: Law, by: Acting, at: datetime
) -> list[Deadline]:
    """受理 (art. 32(1)(5)): the decision clock starts today; day 1 is the next working day.

    An immediate case stays in the clerk's hands (art. 34(2)); any other goes to `handler`, or to the section's pool.
    Returns the limits as written.
    """
    _, post = allow(case, Step.ACCEPT, by)
    rows = limits(case, edition, local_date(at), law, ordinal=case.version + 1)
    notice = _notice_of(case, law, at)  # before the row changes: after supplements it runs from `stage_since`
    journal.commit(
        case,
        event(Kind.CASE_ACCEPTED, post, paper=paper, **_facts(rows, handler)),
        by=by,
        at=at,
        accepted_on=local_date(at),
        acceptor_id=by.id,
        **_begun(edition, rows, handler, sitting=by.id, at=at),
    )
    deadlines.write([notice, *rows])
    return rows


def deem_accepted(
    case: Case, edition: Edition, handler: Candidate | None, *, law: Law, by: Acting, at: datetime
) -> list[Deadline]:
    """逾期不告知, 自收到申请材料之日起即为受理 (art. 32(1)(4)): accepted back from the day of receipt."""
    allow(case, Step.DEEM_ACCEPTED, by)
    accepted_on = _notice_begun(case)
    rows = limits(case, edition, accepted_on, law, ordinal=case.version + 1)
    notice = _notice_of(case, law, at)
    journal.commit(
        case,
        event(Kind.CASE_DEEMED_ACCEPTED, None, notice_due=notice.due_on, **_facts(rows, handler)),
        by=by,
        at=at,
        accepted_on=accepted_on,
        deemed=True,
        **_begun(edition, rows, handler, sitting=None, at=at),
    )
    deadlines.write([notice, *rows])
    return rows


def _facts(rows: Sequence[Deadline], handler: Candidate | None) -> dict[str, Any]:
    due = {row.kind: row.due_on for row in rows}
    return {
        "promise_due": due[DeadlineKind.PROMISE.value],
        "legal_due": due[DeadlineKind.LEGAL.value],
        "to": handler.name if handler else "",
    }


def _begun(
    edition: Edition, rows: Sequence[Deadline], handler: Candidate | None, *, sitting: int | None, at: datetime
) -> dict[str, Any]:
    promise = rows[0]
    if edition.immediate:
        stage, state, holder = Stage.ACCEPT, State.ACCEPTED, sitting
    else:
        stage, state, holder = Stage.PROCESS, State.PROCESSING, handler.officer if handler else None
    return {
        "state": state.value,
        "stage": stage.value,
        "stage_since": at,
        "holder_id": holder,
        "due_on": promise.due_on,
        "due_at": promise.due_at,
    }


def _notice_begun(case: Case) -> date:
    """The day the five days run from: receipt, or the day the supplements came in."""
    return local_date(case.stage_since if case.supplements else case.received_at)


def _notice_of(case: Case, law: Law, at: datetime) -> Deadline:
    """The running notice limit, ended: computed again rather than read, since nothing can pause or extend it."""
    on = _notice_begun(case)
    row = planned(
        subject(case),
        DeadlineKind.NOTICE,
        on,
        law.days("notice.days", on),
        law.calendar,
        organ_id=case.organ_id,
        ordinal=case.supplements,
    )
    close(row, at)
    return row


def refuse_acceptance(
    case: Case, *, ground: Ground, reason: str, basis: str, right_organ: str, paper: str, by: Acting, at: datetime
) -> None:
    """不受理/不予受理 (art. 32(1)(1)(2)): in writing, with the reason, and the right organ where it is known."""
    _, post = allow(case, Step.REFUSE_ACCEPTANCE, by)
    facts = {
        "ground": ground.value,
        "reason": _reason(reason),
        "basis": clean_text(basis, 300, "basis"),
        "right_organ": right_organ,
        "paper": paper,
    }
    journal.commit(
        case,
        event(Kind.CASE_ACCEPTANCE_REFUSED, post, **facts),
        by=by,
        at=at,
        state=State.NOT_ACCEPTED.value,
        result_code="1",  # 退回办结
        acceptor_id=by.id,
        holder_id=None,
        finished_at=at,
        due_on=None,
        due_at=None,
    )
    deadlines.close(subject(case), [DeadlineKind.NOTICE], at=at)


REASON_LEAST = 10  # P-05: a refusal whose reason is shorter says nothing


def _reason(text: str) -> str:
    cleaned = clean_text(text, 1000, "reason")
    if len(cleaned) < REASON_LEAST:
        raise Refusal(RefusalCode.REASON_TOO_SHORT, least=REASON_LEAST)
    return cleaned


@dataclass(frozen=True, slots=True)
class Defect:
    """One line of the 一次性告知: what is wrong, and how to mend it."""

    material_code: str
    material_name: str
    problem: str
    remedy: str
    visible_at_first: bool = True


def request_supplement(
    case: Case, defects: Sequence[Defect], *, until: Limit, paper: str, law: Law, by: Acting, at: datetime
) -> Deadline:
    """一次性告知 (art. 32(1)(4)): everything at once. A second notice may only name what the first could not have shown."""
    _, post = allow(case, Step.REQUEST_SUPPLEMENT, by)
    if not defects:
        raise Refusal(RefusalCode.SUPPLEMENT_EMPTY)
    if case.supplements and any(d.visible_at_first for d in defects):
        raise Refusal(RefusalCode.SUPPLEMENT_TWICE)
    ordinal = case.supplements + 1
    term = planned(
        subject(case), DeadlineKind.SUPPLEMENT, local_date(at), until, law.calendar,
        organ_id=case.organ_id, ordinal=ordinal,
    )  # fmt: skip
    notice = _notice_of(case, law, at)
    journal.commit(
        case,
        event(
            Kind.CASE_SUPPLEMENT_REQUESTED,
            post,
            paper=paper,
            until=term.due_on,
            materials=[d.material_name for d in defects],
        ),
        by=by,
        at=at,
        state=State.SUPPLEMENT.value,
        supplements=ordinal,
        acceptor_id=by.id,
        holder_id=None,
        due_on=None,
        due_at=None,
    )
    SupplementItem.objects.bulk_create(
        SupplementItem(
            case=case,
            round=ordinal,
            material_code=d.material_code,
            material_name=d.material_name,
            problem=require_text(d.problem, 500, "problem"),
            remedy=require_text(d.remedy, 500, "remedy"),
            visible_at_first=d.visible_at_first,
        )
        for d in defects
    )
    deadlines.write([notice, term])
    return term


def supplement(case: Case, *, law: Law, application_hash: str, by: Acting, at: datetime) -> None:
    """补正: all supplements are in; the organ's days begin anew and the case goes back to the window."""
    _, post = allow(case, Step.SUPPLEMENT, by)
    on = local_date(at)
    notice = planned(
        subject(case), DeadlineKind.NOTICE, on, law.days("notice.days", on), law.calendar,
        organ_id=case.organ_id, ordinal=case.supplements,
    )  # fmt: skip
    journal.commit(
        case,
        event(Kind.CASE_SUPPLEMENTED, post, application=application_hash, notice_due=notice.due_on),
        by=by,
        at=at,
        state=State.SUBMITTED.value,
        stage_since=at,
        due_on=notice.due_on,
        due_at=notice.due_at,
    )
    SupplementItem.objects.filter(case=case, answered_at__isnull=True).update(answered_at=at)
    deadlines.close(subject(case), [DeadlineKind.SUPPLEMENT], at=at)
    deadlines.write([notice])


def lapse(case: Case, *, by: Acting, at: datetime) -> None:
    """补正不来办结 (result 5): the term of the notice has passed without an answer."""
    allow(case, Step.LAPSE, by)
    journal.commit(
        case,
        event(Kind.CASE_LAPSED, None),
        by=by,
        at=at,
        state=State.LAPSED.value,
        result_code="5",
        finished_at=at,
        due_on=None,
        due_at=None,
    )
    deadlines.close(subject(case), [DeadlineKind.SUPPLEMENT], at=at)
