"""答复、申诉、裁决、取消、督办、了结: every later step of a card, guarded by its state and by who takes it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import due_of, planned
from zhengtong.base.files.models import StoredFile
from zhengtong.base.journal import Event
from zhengtong.base.law import Law
from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.supervision.actions.raising import begin_answer, issued_facts, tell_issued
from zhengtong.domains.supervision.actions.telling import accounts_told, notice
from zhengtong.domains.supervision.models import Card, CardAnswer, CardAppeal, CardFile
from zhengtong.domains.supervision.queries import answers_for, appeal_until
from zhengtong.rules.clock import Level, Limit, Unit, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.procedure import (
    APPEAL_DECISION_DAYS,
    CardState,
    CardStep,
    answerable,
    card_move,
    check_uninvolved,
)
from zhengtong.rules.text import require_text

Files = Sequence[tuple[StoredFile, str]]  # with the name it was sent under
RUNNING = [DeadlineKind.ANSWER, DeadlineKind.APPEAL]


def _move(card: Card, step: CardStep, facts: dict[str, Any], *, by: Acting, at: datetime, **changes: Any) -> None:
    move = card_move(step, CardState(card.state))
    post = next((p.label for p in by.posts if p.organ_id == card.organ_id), by.posts[0].label if by.posts else "")
    kept = {name: value for name, value in facts.items() if value not in (None, "", [])}
    journal.commit(card, Event(move.kind, kept, post), by=by, at=at, **{"state": move.to.value} | changes)


def issue(card: Card, *, law: Law, by: Acting, at: datetime) -> None:
    """A draft goes out, confirmed by a person: the answer's limit begins today."""
    by.check(Ability.SUPERVISE)
    card_move(CardStep.ISSUE, CardState(card.state))
    answer = begin_answer(card, law, by=by, at=at)
    _move(
        card, CardStep.ISSUE, issued_facts(card), by=by, at=at, issued_at=at, issued_on=local_date(at),
        issued_by_id=by.officer_id, answer_due_on=card.answer_due_on,
    )  # fmt: skip
    tell_issued(card, answer, at=at)


def answer(card: Card, *, cause: str, measure: str, files: Files = (), by: Acting, at: datetime) -> None:
    """答复, in writing: cause and measure (§5.2). Late ones are taken too; the limit says they were late."""
    _check_theirs(card, by)
    card_move(CardStep.ANSWER, CardState(card.state))
    said = {"cause": require_text(cause, 1000, "cause"), "measure": require_text(measure, 1000, "measure")}
    _move(card, CardStep.ANSWER, said | {"files": [f.sha256 for f, _ in files]}, by=by, at=at, answered_at=at)
    CardAnswer.objects.create(card=card, answered_by_id=by.officer_id, answered_at=at, **said)
    _keep(card, CardFile.ANSWER, files, at)
    deadlines.close(("card", card.number), [DeadlineKind.ANSWER], at=at)


def appeal(card: Card, *, reasons: str, files: Files = (), law: Law, by: Acting, at: datetime) -> None:
    """申诉, once, within 3 working days of issue (§5.2). The answer waits for the decision."""
    _check_theirs(card, by)
    card_move(CardStep.APPEAL, CardState(card.state))
    if CardAppeal.objects.filter(card=card).exists():
        raise Refusal(RefusalCode.CARD_APPEALED_ONCE)
    until = appeal_until(card, law.calendar)
    if until is None or local_date(at) > until:
        raise Refusal(RefusalCode.CARD_APPEAL_TOO_LATE, until=until)
    text = require_text(reasons, 2000, "reasons")
    decision = planned(
        ("card", card.number), DeadlineKind.APPEAL, local_date(at), Limit(APPEAL_DECISION_DAYS, Unit.WORKING_DAY),
        law.calendar, organ_id=card.organ_id,
    )  # fmt: skip
    before = card.state
    _move(
        card, CardStep.APPEAL, {"reasons": text, "decide_by": decision.due_on, "files": [f.sha256 for f, _ in files]},
        by=by, at=at,
    )  # fmt: skip
    CardAppeal.objects.create(
        card=card, reasons=text, appealed_by_id=by.officer_id, appealed_at=at, state_before=before,
        decide_by=due_of(decision).on,
    )  # fmt: skip
    _keep(card, CardFile.APPEAL, files, at)
    deadlines.close(("card", card.number), [DeadlineKind.ANSWER], at=at, void=True)
    deadlines.write([decision])


def decide_appeal(card: Card, *, revoke: bool, reasons: str, law: Law, by: Acting, at: datetime) -> None:
    """裁决, by a person not involved, with reasons (§5.2). Revoked: the points are returned. Upheld: the answer is due."""
    by.check(Ability.SUPERVISE, Ability.PUBLISH_REPORTS)
    step = CardStep.REVOKE if revoke else CardStep.UPHOLD
    card_move(step, CardState(card.state))
    deciding = by.organs(Ability.SUPERVISE, Ability.PUBLISH_REPORTS)
    check_uninvolved(
        by.officer_id,
        issued_by=card.issued_by_id,
        confirmed_by=card.raised_by_id,
        officer=card.officer_id,
        same_organ=card.organ_id in deciding,
    )
    text = require_text(reasons, 2000, "reasons")
    own = CardAppeal.objects.get(card=card)
    changes: dict[str, Any] = {}
    renewed = None
    if revoke:
        changes = {"points": 0, "closed_at": at}
    elif own.state_before == CardState.ANSWERED.value:
        changes = {"state": CardState.ANSWERED.value}  # it has been answered; nothing more is due
    else:
        renewed = begin_answer(card, law, by=_NOBODY, at=at, ordinal=1)
        changes = {"answer_due_on": card.answer_due_on}
    returned = -card.points if revoke else None
    _move(card, step, {"reasons": text, "returned": returned}, by=by, at=at, **changes)
    CardAppeal.objects.filter(pk=own.pk).update(
        revoked=revoke, decision_reasons=text, decided_by_id=by.officer_id, decided_at=at
    )
    deadlines.close(("card", card.number), [DeadlineKind.APPEAL], at=at)
    if renewed is not None:
        deadlines.write([renewed])
    _tell("card.revoked" if revoke else "card.upheld", card, at=at, due=card.answer_due_on if renewed else "")


_NOBODY = Acting(kind=ActorKind.SYSTEM, id=None, name="")  # an upheld card keeps who issued it


def cancel(card: Card, *, reason: str, by: Acting, at: datetime) -> None:
    """取消: the data were wrong. Costs nothing any more; a draft is dismissed the same way."""
    by.check(Ability.SUPERVISE)
    was_out = card.issued_at is not None
    text = require_text(reason, 500, "reason")
    _move(card, CardStep.CANCEL, {"reason": text}, by=by, at=at, points=0, closed_at=at, closing_note=text)
    deadlines.close(("card", card.number), RUNNING, at=at, void=True)
    if was_out:
        _tell("card.cancelled", card, at=at)


def escalate(card: Card, *, order_no: str, reason: str, by: Acting, at: datetime) -> None:
    """转督办: an order now follows it. The answer stays due."""
    if by.kind is not ActorKind.SYSTEM:
        by.check(Ability.SUPERVISE)
    _move(card, CardStep.ESCALATE, {"order": order_no, "reason": reason}, by=by, at=at, order_no=order_no)


def close(card: Card, *, note: str, by: Acting, at: datetime) -> None:
    """了结: supervision has read the answer and asks for nothing more."""
    by.check(Ability.SUPERVISE)
    text = require_text(note, 500, "note") if note.strip() else ""
    _move(card, CardStep.CLOSE, {"note": text}, by=by, at=at, closed_at=at, closing_note=text)
    deadlines.close(("card", card.number), RUNNING, at=at)


def follow_moved_limit(card: Card, row: Deadline, *, old: date | None, reason: str, by: Acting, at: datetime) -> None:
    """A holiday notice moved an open limit of this card: the row follows and the journal says why."""
    facts = {"limit": row.kind, "was": old, "answer_due": row.due_on, "reason": reason}
    changes: dict[str, Any] = {"answer_due_on": row.due_on} if row.kind == DeadlineKind.ANSWER.value else {}
    kept = {name: value for name, value in facts.items() if value is not None}
    journal.commit(card, Event(Kind.CARD_DEADLINE_MOVED, kept), by=by, at=at, **changes)
    if row.kind == DeadlineKind.APPEAL.value:
        CardAppeal.objects.filter(card=card).update(decide_by=row.due_on)


def _check_theirs(card: Card, by: Acting) -> None:
    if not answers_for(card, by):
        raise Refusal(RefusalCode.CARD_NOT_YOURS)
    if not answerable(Level(card.level)):
        raise Refusal(RefusalCode.CARD_NO_ANSWER_DUE)


def _keep(card: Card, step: str, files: Files, at: datetime) -> None:
    CardFile.objects.bulk_create(
        CardFile(card=card, step=step, file=file, name=name[:200], added_at=at) for file, name in files
    )


def _tell(kind: str, card: Card, *, at: datetime, **payload: object) -> None:
    """The officer and the head of the section; nobody further up needs to hear of every turn."""
    accounts = accounts_told(
        Level.WARN.rank, organ_id=card.organ_id, section_id=card.section_id, officer_id=card.officer_id,
        on=local_date(at),
    )  # fmt: skip
    queue(*notice(kind, card, accounts, at=at, **payload))
