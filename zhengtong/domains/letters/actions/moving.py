"""转办、承办、退回、分类、并件: where a letter goes, and in whose hands it is."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import Event
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.letters.actions.steps import (
    allow,
    dated,
    event,
    kind_mark,
    make_findable,
    post_of,
    remark,
    reply_limit,
    routing_limit,
    subject,
)
from zhengtong.domains.letters.models import Category, Letter
from zhengtong.domains.letters.queries import merged, running_limit, sides, took_part
from zhengtong.domains.registry.models import Organ, Section
from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import MOVES, LetterKind, LetterState, LetterStep, hides_author
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import require_text


@transaction.atomic
def route(
    letter: Letter, organ: Organ, section: Section | None, *, note: str = "", rule_id: int | None = None,
    by: Acting, at: datetime,
) -> None:  # fmt: skip
    """转办 to an organ, or to one of its sections. The reply's limit runs on against that organ."""
    move = allow(letter, LetterStep.ROUTE, by)
    _no_tip(letter)
    if section is not None and section.organ_id != organ.pk:
        raise Refusal(RefusalCode.SECTION_OF_OTHER_ORGAN)
    journal.commit(
        letter, event(move, letter, by, organ=organ.name, section=section.name if section else "", rule=rule_id),
        by=by, at=at, state=LetterState.ROUTED.value, organ_id=organ.pk, section_id=section.pk if section else None, handler_id=None,
    )  # fmt: skip
    if note:
        remark(letter, note, field="note")
    deadlines.close(subject(letter), [DeadlineKind.ROUTE], at=at)
    _answered_by(letter, organ.pk)


@transaction.atomic
def take(letter: Letter, *, by: Acting, at: datetime) -> None:
    """签收承办: the officer answers it from now on. A reopened letter goes to somebody who had no part in the first reply."""
    move = allow(letter, LetterStep.TAKE, by)
    if letter.round > 1 and by.officer_id in took_part(letter):
        raise Refusal(RefusalCode.LETTER_LEVEL_UP)
    journal.commit(
        letter, event(move, letter, by), by=by, at=at, state=LetterState.ANSWERING.value, handler_id=by.officer_id
    )


@transaction.atomic
def return_letter(letter: Letter, *, reason: str, by: Acting, at: datetime) -> None:
    """退回: not for this organ. Back to the letter desk with the reason; the reply's limit runs on."""
    move = allow(letter, LetterStep.RETURN, by)
    _no_tip(letter)
    limit = routing_limit(letter, current_law())
    journal.commit(
        letter, event(move, letter, by), by=by, at=at,
        state=LetterState.RECEIVED.value, organ_id=None, section_id=None, handler_id=None,
    )  # fmt: skip
    remark(letter, reason)
    deadlines.write([limit])
    _answered_by(letter, None)


@transaction.atomic
def moderate(letter: Letter, *, text: str, by: Acting, at: datetime) -> None:
    """整理: the text others read. The original stays as it came, for the author and the letter desk."""
    move = allow(letter, LetterStep.MODERATE, by)
    words = require_text(text, 5000, "text")
    journal.commit(letter, event(move, letter, by, characters=len(words)), by=by, at=at, moderated=words)


@transaction.atomic
def reclassify(
    letter: Letter, *, kind: LetterKind, category: Category | None, urgent: bool, confidential: bool, reason: str,
    by: Acting, at: datetime,
) -> None:  # fmt: skip
    """改类: the limit is counted anew from the same day. What turns out to be a tip leaves every other desk at once."""
    move = allow(letter, LetterStep.RECLASSIFY, by)
    was_tip, is_tip = letter.kind == LetterKind.TIP.value, kind is LetterKind.TIP
    changes: dict[str, Any] = {
        "kind": kind.value,
        "kind_mark": kind_mark(letter.number, kind.value),
        "category_id": category.pk if category else None,
        "urgent": urgent,
        "confidential": hides_author(kind, asked=confidential),
    }
    if is_tip and not was_tip:
        changes |= {"organ_id": None, "section_id": None, "handler_id": None, "state": LetterState.ROUTED.value}
    if was_tip and not is_tip:
        changes |= {"state": LetterState.RECEIVED.value, "handler_id": None}
    running, law = running_limit(letter), current_law()
    entry = event(move, letter, by, urgent=urgent, category=category.code if category else "")
    changed = _as(letter, changes)
    anew = reply_limit(changed, law)
    if running is not None:
        anew.extension = running.extension
        anew.started_on = running.started_on
        plan.compute(anew, law.calendar)
    journal.commit(letter, entry, by=by, at=at, **changes, **dated(anew))
    remark(letter, reason)
    if is_tip and not was_tip:
        deadlines.close(subject(letter), [DeadlineKind.ROUTE], at=at, void=True)
    if was_tip and not is_tip:
        deadlines.write([routing_limit(letter, law)])
    deadlines.write([anew])
    make_findable(letter)


def _as(letter: Letter, changes: dict[str, Any]) -> Letter:
    """The letter as it will be, to plan its limit; never saved."""
    return Letter(
        number=letter.number, kind=changes["kind"], urgent=changes["urgent"], received_on=letter.received_on,
        round=letter.round, organ_id=None if "organ_id" in changes else letter.organ_id,
    )  # fmt: skip


@transaction.atomic
def merge(letter: Letter, into: Letter, *, by: Acting, at: datetime) -> None:
    """并件: the same matter by the same or another author. Its author is answered with the other letter, and with them
    the authors of what had been merged into this one."""
    move = allow(letter, LetterStep.MERGE, by)
    _no_tip(letter)
    if into.pk == letter.pk or into.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_MERGE_ITSELF)
    if into.state in _GONE:
        raise Refusal(RefusalCode.LETTER_MERGE_ENDED, number=into.number)
    journal.commit(
        letter, event(move, letter, by, into=into.number), by=by, at=at,
        state=LetterState.MERGED.value, merged_into_id=into.pk, closed_at=at,
    )  # fmt: skip
    deadlines.close(subject(letter), [DeadlineKind.REPLY, DeadlineKind.ROUTE], at=at, void=True)
    for other in merged(letter):
        journal.commit(other, event(move, other, by, into=into.number), by=by, at=at, merged_into_id=into.pk)


@transaction.atomic
def unmerge(letter: Letter, *, by: Acting, at: datetime) -> None:
    """撤销并件: merged by mistake, or the other letter ended without an answer. Back at the letter desk, with the limits
    it had from the start."""
    if letter.state != LetterState.MERGED.value:
        raise Refusal(RefusalCode.LETTER_WRONG_STATE, step=LetterStep.MERGE.value, state=letter.state)
    move = MOVES[LetterStep.MERGE]
    if by.kind is not ActorKind.SYSTEM and move.side not in sides(by, letter):
        raise Refusal(RefusalCode.LETTER_NOT_YOURS, side=move.side.value)
    law = current_law()
    reply = reply_limit(letter, law)
    label = post_of(letter, by, move)
    journal.commit(
        letter, Event(Kind.LETTER_RETURNED, {"unmerged": True}, label), by=by, at=at, state=LetterState.RECEIVED.value,
        merged_into_id=None, organ_id=None, section_id=None, handler_id=None, closed_at=None, extended=False,
        **dated(reply),
    )  # fmt: skip
    reply.organ_id = None
    deadlines.write([reply, routing_limit(letter, law)])


_GONE = frozenset(
    state.value
    for state in (
        LetterState.MERGED,
        LetterState.WITHDRAWN,
        LetterState.REFUSED,
        LetterState.TRANSFERRED,
        LetterState.CONVERTED,
    )
)


def _answered_by(letter: Letter, organ_id: int | None) -> None:
    row = running_limit(letter)
    if row is not None and row.organ_id != organ_id:
        row.organ_id = organ_id
        deadlines.write([row])


def _no_tip(letter: Letter) -> None:
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_TIP_ONLY)


def follow_moved_limit(letter: Letter, row: Deadline, *, old: object, reason: str, by: Acting, at: datetime) -> None:
    """A holiday notice moved the reply's limit: the row follows and the journal says why."""
    if row.kind != DeadlineKind.REPLY.value:
        return
    facts = {"was": old, "due": row.due_on, "reason": reason}
    moved = Event(Kind.LETTER_DEADLINE_MOVED, {n: v for n, v in facts.items() if v is not None})
    journal.commit(letter, moved, by=by, at=at, **dated(row))


def note_elsewhere(letter: Letter, partner: str, *, ended: str = "", by: Acting, at: datetime) -> None:
    """The letter went to another house as well, or has ended there. It stays ours to answer."""
    kind, facts = (Kind.LETTER_HEARD_OF, {"ended": ended}) if ended else (Kind.LETTER_PASSED_ON, {})
    journal.commit(letter, Event(kind, {"partner": partner, **facts}), by=by, at=at)
