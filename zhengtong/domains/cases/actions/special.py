"""特办: what is urgent is asked for by one person and granted by the centre's head on duty (domain-rules §2.8).

No statutory step is skipped and the promise stays what it is: the house binds itself to a shorter limit of its own.
"""

from datetime import date, datetime

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.steps import allow, check_proposes, event, subject, why_not
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries.proposals import most_special_days, promised
from zhengtong.rules.clock import Limit, local_date
from zhengtong.rules.edition import Edition
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import MANAGER, Step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import require_text


def ask_special(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """提请特办, by who holds the case, works at the window or heads the section."""
    _, post = allow(case, Step.ASK_SPECIAL, by)
    check_proposes(case, by)
    if case.is_special:
        raise Refusal(RefusalCode.SPECIAL_ALREADY)
    if case.special_asked_by_id is not None:
        raise Refusal(RefusalCode.SPECIAL_ASKED)
    text = require_text(reason, 500, "reason")
    journal.commit(
        case,
        event(Kind.CASE_SPECIAL_ASKED, post, reason=text),
        by=by,
        at=at,
        special_asked_by_id=by.id,
        special_reason=text,
    )


def grant_special(case: Case, edition: Edition, *, days: int | None, law: Law, by: Acting, at: datetime) -> None:
    """同意特办, by another person than the one who asked. `days`, in the unit of the promise, run from acceptance or,
    where that has been, from today; None only where no shorter limit is left to set."""
    _, post = allow(case, Step.GRANT_SPECIAL, by)
    if case.special_asked_by_id is None:
        raise Refusal(RefusalCode.SPECIAL_NOT_ASKED)
    if case.special_asked_by_id == by.id:
        raise Refusal(RefusalCode.SPECIAL_SAME_PERSON)
    most = most_special_days(case, edition, law, local_date(at))
    if days not in (range(1, most + 1) if most else [None]):
        raise Refusal(RefusalCode.SPECIAL_DAYS, most=most)
    row = shorter(case, edition, days, local_date(at), law) if days and case.accepted_on else None
    journal.commit(
        case,
        event(Kind.CASE_SPECIAL_GRANTED, post, days=days, due=row.due_on if row else None),
        by=by,
        at=at,
        is_special=True,
        special_days=days,
        special_asked_by_id=None,
    )
    deadlines.write([row] if row else [])


def decline_special(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """不同意特办; who asked may also take the request back, without a reason."""
    _, post = allow(case, Step.DECLINE_SPECIAL, by)
    if case.special_asked_by_id is None:
        raise Refusal(RefusalCode.SPECIAL_NOT_ASKED)
    text = why_not(case, Step.DECLINE_SPECIAL, case.special_asked_by_id, MANAGER, reason, by)
    journal.commit(
        case,
        event(Kind.CASE_SPECIAL_DECLINED, post, reason=text),
        by=by,
        at=at,
        special_asked_by_id=None,
        special_reason="",
    )


def end_special(case: Case, *, reason: str, by: Acting, at: datetime) -> None:
    """撤销特办: granted by mistake, or the urgency has gone. Its limit ends without a verdict."""
    _, post = allow(case, Step.END_SPECIAL, by)
    if not case.is_special:
        raise Refusal(RefusalCode.SPECIAL_NOT_ASKED)
    journal.commit(
        case,
        event(Kind.CASE_SPECIAL_ENDED, post, reason=require_text(reason, 500, "reason")),
        by=by,
        at=at,
        is_special=False,
        special_days=None,
        special_reason="",
    )
    deadlines.close(subject(case), [DeadlineKind.EXPEDITED], at=at, void=True)


def shorter(case: Case, edition: Edition, days: int, start: date, law: Law, *, ordinal: int | None = None) -> Deadline:
    """The 特办 limit as a row, beginning on `start`."""
    return planned(
        subject(case),
        DeadlineKind.EXPEDITED,
        start,
        Limit(days, promised(edition, law, start).unit),
        law.calendar,
        organ_id=case.organ_id,
        ordinal=case.version + 1 if ordinal is None else ordinal,
    )
