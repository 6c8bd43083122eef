"""责任追究登记: what a competent body decided about a person. The house records it and decides nothing by itself."""

import hashlib
from datetime import date, datetime

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.orders.models import Admonition, Order
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.orders import AdmonitionState, Measure, admonition_no
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line, require_line, require_text


def record_admonition(
    *,
    officer_id: int,
    measure: Measure,
    reason: str,
    decided_by: str,
    decided_on: date,
    document_no: str = "",
    order: Order | None = None,
    card_key: str = "",
    tolerance_note: str,
    tolerated: bool = False,
    by: Acting,
    at: datetime,
) -> Admonition:
    """登记. 容错免责 was weighed first (nature, purpose, decision process, attitude; domain-rules §10) and the note says
    how; `tolerated` records that the person was exempted, so that the exemption is on file as well."""
    by.check(Ability.SUPERVISE)
    officer = registry.officer_by_id(officer_id)
    _not_oneself(officer.pk, by)
    if decided_on > local_date(at):
        raise Refusal(RefusalCode.FORM_DATE_TOO_LATE, field="decided_on", most=local_date(at))
    year = local_date(at).year
    words = require_text(reason, 1000, "reason")
    row = Admonition(
        number=admonition_no(year, next_serial(f"admonition:{year}")),
        officer=officer,
        measure=Measure(measure).value,
        order=order,
        card_key=clean_line(card_key, 64, "card_key"),
        reason=words,
        decided_by=require_line(decided_by, 200, "decided_by"),
        document_no=clean_line(document_no, 60, "document_no"),
        decided_on=decided_on,
        tolerance_note=require_text(tolerance_note, 500, "tolerance_note"),
        tolerated=tolerated,
        state=(AdmonitionState.EXEMPT if tolerated else AdmonitionState.IN_FORCE).value,
        recorded_at=at,
        recorded_by_id=by.officer_id,
    )
    facts = {"decided_by": row.decided_by, "document": row.document_no, "reason_hash": _digest(words)}
    journal.insert(row, _event(Kind.ADMONITION_DECIDED, by, **facts), by=by, at=at)
    return row


def object_to(row: Admonition, *, text: str, by: Acting, at: datetime) -> None:
    """本人提出异议: by the person, once; it stays in force until somebody else has decided."""
    if by.officer_id != row.officer_id:
        raise Refusal(RefusalCode.NOT_FOUND)
    if row.state != AdmonitionState.IN_FORCE.value or row.objected_at is not None:
        raise Refusal(RefusalCode.ADMONITION_WRONG_STATE, state=row.state)
    words = require_text(text, 1000, "text")
    journal.commit(
        row, _event(Kind.ADMONITION_OBJECTED, by, text_hash=_digest(words)), by=by, at=at,
        state=AdmonitionState.OBJECTED.value, objection=words, objected_at=at,
    )  # fmt: skip


def answer_objection(row: Admonition, *, upheld: bool, text: str, by: Acting, at: datetime) -> None:
    """`upheld`: the measure stands. Decided by a supervisor who neither recorded it nor is the person."""
    by.check(Ability.SUPERVISE)
    _not_oneself(row.officer_id, by)
    if row.state != AdmonitionState.OBJECTED.value:
        raise Refusal(RefusalCode.ADMONITION_WRONG_STATE, state=row.state)
    if by.officer_id == row.recorded_by_id:
        raise Refusal(RefusalCode.ADMONITION_SAME_JUDGE)
    words = require_text(text, 1000, "text")
    state = AdmonitionState.IN_FORCE if upheld else AdmonitionState.REVOKED
    kind = Kind.ADMONITION_UPHELD if upheld else Kind.ADMONITION_REVOKED
    journal.commit(
        row, _event(kind, by, text_hash=_digest(words)), by=by, at=at,
        state=state.value, answer=words, answered_at=at, answered_by_id=by.officer_id,
    )  # fmt: skip


def lift(row: Admonition, *, reason: str, by: Acting, at: datetime) -> None:
    """解除: its time is over or its purpose reached."""
    by.check(Ability.SUPERVISE)
    _not_oneself(row.officer_id, by)
    if row.state != AdmonitionState.IN_FORCE.value:
        raise Refusal(RefusalCode.ADMONITION_WRONG_STATE, state=row.state)
    words = require_text(reason, 500, "reason")
    journal.commit(
        row, _event(Kind.ADMONITION_LIFTED, by, reason_hash=_digest(words)), by=by, at=at,
        state=AdmonitionState.LIFTED.value, lifted_on=local_date(at), lifted_reason=words,
    )  # fmt: skip


def _not_oneself(officer_id: int, by: Acting) -> None:
    if officer_id in by.principals():
        raise Refusal(RefusalCode.ADMONITION_ONESELF)


def _event(kind: Kind, by: Acting, **facts: object) -> Event:
    kept = {name: value for name, value in facts.items() if value not in (None, "")}
    return Event(kind, kept, by.posts[0].label if by.posts else "")


def _digest(words: str) -> str:
    """What was said stays out of the journal, which is kept for ever and sealed; that it was not changed can be shown."""
    return hashlib.sha256(words.encode()).hexdigest()
