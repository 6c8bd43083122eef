"""What every step shares: who may take it, the limit that follows it, the words that are kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.names import safe_name
from zhengtong.base.journal import Event
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.models import Evidence, Note, Rectification
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.rectifications import RectMove, RectState, RectStep, Side, check_rect_step, next_turn
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_text

Files = Sequence[tuple[StoredFile, str]]
KINDS = (DeadlineKind.VERIFY, DeadlineKind.RECTIFY, DeadlineKind.REVISIT)
# The limit that runs in a state; the days are parameters (domain-rules §6.5).
LIMITS: dict[RectState, tuple[DeadlineKind, str]] = {
    RectState.DISPATCH: (DeadlineKind.VERIFY, "rectification.dispatch.days"),
    RectState.VERIFY: (DeadlineKind.VERIFY, "rectification.verify.days"),
    RectState.REVIEW: (DeadlineKind.VERIFY, "rectification.review.days"),
    RectState.FIX: (DeadlineKind.RECTIFY, "rectification.fix.days"),
    RectState.EXPLAIN: (DeadlineKind.RECTIFY, "rectification.fix.days"),
    RectState.PLAN: (DeadlineKind.RECTIFY, "rectification.plan.days"),
    RectState.REVISIT: (DeadlineKind.REVISIT, "rectification.revisit.days"),
}
# What the organ answers for; dispatch, review and re-visit are the centre's, and so is their lateness.
OF_ORGAN = frozenset({RectState.VERIFY, RectState.FIX, RectState.PLAN, RectState.EXPLAIN})
LONGEST = 2000


def subject(row: Rectification) -> tuple[str, str]:
    return (row.journal_kind, row.number)


def allow(row: Rectification, step: RectStep, by: Acting) -> RectMove:
    """The move. Refuses a wrong state first, then the wrong side of the table."""
    move = check_rect_step(step, RectState(row.state))
    if move.side is Side.ORGAN:
        queries.check_answers(by, row)
    elif move.side is Side.CONCERNED:
        if not by.is_officer or by.id is None or by.id != row.officer_id:
            raise Refusal(RefusalCode.RECTIFICATION_NOT_CONCERNED)
    elif move.side in queries.ABILITIES:
        by.check(*queries.ABILITIES[move.side])
    return move


def words(text: str, name: str, *, required: bool = True) -> str:
    return require_text(text, LONGEST, name) if required else clean_text(text, LONGEST, name)


def limit_of(row: Rectification, state: RectState, at: datetime, *, ordinal: int) -> Deadline:
    """The limit of a state, from today. `ordinal` is the entry that opened it: a state may be passed twice."""
    kind, key = LIMITS[state]
    law, on = current_law(), local_date(at)
    whose = row.organ_id if state in OF_ORGAN else queries.centre_of(row)
    return plan.planned(subject(row), kind, on, law.days(key, on), law.calendar, organ_id=whose, ordinal=ordinal)


def dated(term: Deadline | None) -> dict[str, Any]:
    """What the row copies of the limit that runs."""
    if term is None:
        return {"due_on": None, "due_at": None, "provisional": False}
    return {"due_on": term.due_on, "due_at": term.due_at, "provisional": term.provisional}


def anew(row: Rectification) -> dict[str, Any]:
    """Verified once more from the beginning, one level higher."""
    return {
        "turn": next_turn(row.turn, asked=queries.was_asked(row)),
        "verdict": "",
        "outcome": "",
        "verifier_id": None,
        "verified_at": None,
        "reviewer_id": None,
        "appeal_state": "",
        "closed_at": None,
        "closed_from": "",
    }


def advance(
    row: Rectification,
    kind: Kind,
    to: RectState,
    *,
    note: Note | None = None,
    files: Files = (),
    facts: dict[str, Any] | None = None,
    by: Acting,
    at: datetime,
    **changes: Any,
) -> None:
    """Into another state: its limit replaces the one that ran, met or missed. One guarded UPDATE decides who was first."""
    term = limit_of(row, to, at, ordinal=row.version + 1) if to in LIMITS else None
    if to in (RectState.FIX, RectState.PLAN, RectState.EXPLAIN) and term is not None:
        changes |= {"mend_due_on": term.due_on, "mend_due_at": term.due_at, "mended_at": None}
    record(
        row, kind, note=note, files=files, facts=(facts or {}) | {"due": term.due_on if term else None}, by=by, at=at,
        state=to.value, state_since=at, **dated(term), **changes,
    )  # fmt: skip
    deadlines.close(subject(row), KINDS, at=at)
    if term is not None:
        deadlines.write([term])


def record(
    row: Rectification,
    kind: Kind,
    *,
    note: Note | None = None,
    files: Files = (),
    facts: dict[str, Any] | None = None,
    by: Acting,
    at: datetime,
    **changes: Any,
) -> None:
    """One entry, with the hash of the words and files that stand beside it."""
    kept: dict[str, Any] = dict(facts or {})
    if note is not None and note.text:
        kept["text_sha256"] = hashlib.sha256(note.text.encode()).hexdigest()
    if files:
        kept["files"] = [file.sha256 for file, _ in files]
    kept = {name: value for name, value in kept.items() if value not in (None, "", [])}
    journal.commit(row, Event(kind, kept, _post(row, by)), by=by, at=at, **changes)
    if note is not None:
        note.save(force_insert=True)
        Evidence.objects.bulk_create([Evidence(note=note, file=file, name=safe_name(name)) for file, name in files])


def note_of(row: Rectification, step: RectStep, text: str, *, public: bool = False, by: Acting, at: datetime) -> Note:
    """Unsaved; `turn` as it stands before the step."""
    officer = by.id if by.is_officer else None
    return Note(rectification=row, turn=row.turn, step=step.value, text=text, public=public, at=at, officer_id=officer)


def _post(row: Rectification, by: Acting) -> str:
    own = [post.label for post in by.posts if post.organ_id == row.organ_id]
    return (own or [post.label for post in by.posts] or [""])[0]
