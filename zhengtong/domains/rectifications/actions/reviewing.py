"""复核: a second person confirms that a rating is mistaken or untrue, and decides what the rated officer appeals; a third
may find that it was neither."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.actions.steps import Files, advance, allow, anew, dated, note_of, record, words
from zhengtong.domains.rectifications.actions.verifying import ending
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.rules.clock import end_of, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.rectifications import (
    OUTCOMES,
    SET_ASIDE,
    RectState,
    RectStep,
    Verdict,
    answered,
    check_second,
    check_verdict,
)
from zhengtong.rules.refusal import Refusal, RefusalCode

OPEN, GRANTED, DECLINED = "open", "granted", "declined"


@transaction.atomic
def confirm(row: Rectification, *, text: str, by: Acting, at: datetime) -> None:
    """认定误评或不实. The rating leaves the score by the flow, and stays stored for ever."""
    move = allow(row, RectStep.CONFIRM, by)
    _second(row, by)
    note = note_of(row, RectStep.CONFIRM, words(text, "text"), public=True, by=by, at=at)
    advance(
        row, move.kind, answered(row.real_name), note=note, facts={"verdict": row.verdict}, by=by, at=at,
        reviewer_id=by.officer_id, outcome=OUTCOMES[Verdict(row.verdict)].value, **ending(row, at),
    )  # fmt: skip


@transaction.atomic
def decline(row: Rectification, *, text: str, by: Acting, at: datetime) -> None:
    """不予认定: the rating stands, and is verified again from today."""
    move = allow(row, RectStep.DECLINE, by)
    _second(row, by)
    note = note_of(row, RectStep.DECLINE, words(text, "text"), by=by, at=at)
    advance(
        row, move.kind, RectState.VERIFY, note=note, facts={"declined": row.verdict}, by=by, at=at, verdict="",
        reviewer_id=by.officer_id,
    )  # fmt: skip


@transaction.atomic
def overturn(row: Rectification, *, text: str, by: Acting, at: datetime) -> None:
    """撤销误评、不实的认定 by one who took no part: it was justified, or nobody knows yet. The rating counts again by the
    flow, and it is verified anew one level higher. No end closes this way: what is wrong in the figures is put right
    (有错必纠), also after the person was asked for the last time."""
    move = allow(row, RectStep.OVERTURN, by)
    if row.verdict not in SET_ASIDE:
        raise Refusal(RefusalCode.RECTIFICATION_WRONG_STATE, step=RectStep.OVERTURN.value, state=row.state)
    check_second(by.officer_id, queries.took_part(row), row.officer_id)
    note = note_of(row, RectStep.OVERTURN, words(text, "text"), public=True, by=by, at=at)
    facts = {"overturned": row.verdict}
    advance(row, move.kind, RectState.VERIFY, note=note, facts=facts, by=by, at=at, **anew(row))


@transaction.atomic
def appeal(row: Rectification, *, text: str, files: Files = (), by: Acting, at: datetime) -> None:
    """申诉 by the officer who was rated, within the days after the verification, once. The clock runs on."""
    move = allow(row, RectStep.APPEAL, by)
    if row.appeal_state:
        raise Refusal(RefusalCode.RECTIFICATION_APPEALED_ALREADY)
    until = queries.appeal_until(row)
    if until is None or at > end_of(until):
        raise Refusal(RefusalCode.RECTIFICATION_APPEAL_TOO_LATE, until=until or local_date(at))
    note = note_of(row, RectStep.APPEAL, words(text, "text"), by=by, at=at)
    record(row, move.kind, note=note, files=files, by=by, at=at, appeal_state=OPEN)


@transaction.atomic
def grant_appeal(
    row: Rectification, verdict: Verdict, *, text: str, files: Files = (), by: Acting, at: datetime
) -> None:
    """申诉成立: mistaken or untrue after all. What was mended stays mended."""
    move = allow(row, RectStep.GRANT_APPEAL, by)
    _second(row, by)
    if row.appeal_state != OPEN:
        raise Refusal(RefusalCode.RECTIFICATION_NO_APPEAL)
    if verdict not in SET_ASIDE:
        raise Refusal(RefusalCode.RECTIFICATION_WRONG_STATE, step=RectStep.GRANT_APPEAL.value, state=row.state)
    check_verdict(verdict, files=len(files) + queries.appeal_files(row), plan="")
    note = note_of(row, RectStep.GRANT_APPEAL, words(text, "text"), public=True, by=by, at=at)
    kept: dict[str, Any] = {
        "appeal_state": GRANTED,
        "verdict": verdict.value,
        "outcome": OUTCOMES[verdict].value,
        "reviewer_id": by.officer_id,
        "mend_due_on": None,  # nothing was to be mended: it stands in no figure of mending
        "mend_due_at": None,
    }
    facts = {"verdict": verdict.value}
    if row.state in (RectState.CLOSED.value, RectState.REVISIT.value):
        record(row, move.kind, note=note, files=files, facts=facts, by=by, at=at, **kept)
        return
    kept |= ending(row, at)
    advance(row, move.kind, answered(row.real_name), note=note, files=files, facts=facts, by=by, at=at, **kept)


@transaction.atomic
def decline_appeal(row: Rectification, *, text: str, by: Acting, at: datetime) -> None:
    move = allow(row, RectStep.DECLINE_APPEAL, by)
    _second(row, by)
    if row.appeal_state != OPEN:
        raise Refusal(RefusalCode.RECTIFICATION_NO_APPEAL)
    note = note_of(row, RectStep.DECLINE_APPEAL, words(text, "text"), by=by, at=at)
    record(row, move.kind, note=note, by=by, at=at, appeal_state=DECLINED, reviewer_id=by.officer_id)


def follow_moved_limit(
    row: Rectification, limit: Deadline, *, old: object, reason: str, by: Acting, at: datetime
) -> None:
    """A holiday notice moved the running limit: the row follows and the journal says why."""
    changes: dict[str, Any] = dated(limit)
    if limit.kind == DeadlineKind.RECTIFY.value:
        changes |= {"mend_due_on": limit.due_on, "mend_due_at": limit.due_at}
    facts = {"was": old, "due": limit.due_on, "reason": reason}
    record(row, Kind.RECTIFICATION_DEADLINE_MOVED, facts=facts, by=by, at=at, **changes)


def _second(row: Rectification, by: Acting) -> None:
    check_second(by.officer_id, queries.officers_of(row, RectStep.VERIFY), row.officer_id)
