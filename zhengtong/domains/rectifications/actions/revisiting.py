"""回访: who was unhappy is asked whether they are content now, and by their answer the matter ends or begins anew."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.actions.opening import RATER
from zhengtong.domains.rectifications.actions.steps import advance, allow, anew, record
from zhengtong.domains.rectifications.actions.verifying import REVISITED, UNREACHABLE
from zhengtong.domains.rectifications.models import Rectification, Revisit
from zhengtong.rules.clock import end_of, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.rectifications import (
    MOVES,
    ROUNDS,
    RectState,
    RectStep,
    after_revisit,
    check_caller,
    check_rect_step,
)
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_text

MOST = 1000


@transaction.atomic
def try_revisit(row: Rectification, *, text: str = "", give_up: bool = False, by: Acting, at: datetime) -> None:
    """A call that reached nobody. `give_up` ends it, after calls on so many different days; it counts as not revisited."""
    move = allow(row, RectStep.TRY_REVISIT, by)
    _caller(row, by)
    said = clean_text(text, MOST, "text")
    days = {local_date(one.at) for one in queries.revisits(row) if not one.reached and one.turn == row.turn}
    days.add(local_date(at))
    least = current_law().value("rectification.revisit.attempts", local_date(at))
    if give_up and len(days) < least:
        raise Refusal(RefusalCode.RECTIFICATION_ATTEMPTS_LEFT, least=least)
    facts = {"days": len(days), "given_up": give_up or None}
    if give_up:
        advance(
            row, move.kind, RectState.CLOSED, facts=facts, by=by, at=at, closed_at=at, closed_from=UNREACHABLE,
        )  # fmt: skip
    else:
        record(row, move.kind, facts=facts, by=by, at=at)
    Revisit.objects.create(
        rectification=row, turn=row.turn, at=at, channel=Revisit.PHONE, officer_id=by.officer_id, reached=False,
        text=said,
    )  # fmt: skip


@transaction.atomic
def revisit(row: Rectification, *, satisfied: bool, text: str = "", by: Acting, at: datetime) -> None:
    """What the person said on the phone, written down by a clerk who took no part in the matter."""
    allow(row, RectStep.REVISIT, by)
    _caller(row, by)
    _revisited(row, satisfied, text, Revisit.PHONE, by, at)


@transaction.atomic
def answer_revisit(row: Rectification, *, satisfied: bool, text: str = "", at: datetime) -> None:
    """The same answered by the person themself, on their own page. The journal names the part, not the person."""
    check_rect_step(RectStep.REVISIT, RectState(row.state))
    _revisited(row, satisfied, text, Revisit.PORTAL, RATER, at)


def _revisited(row: Rectification, satisfied: bool, text: str, channel: str, by: Acting, at: datetime) -> None:
    said = clean_text(text, MOST, "text") if satisfied else require_text(text, MOST, "text")
    turn, to = row.turn, after_revisit(satisfied, row.turn)
    facts = {"satisfied": satisfied, "channel": channel, "turn": turn}
    changes: dict[str, Any] = {"revisited_at": at, "satisfied": satisfied}
    if to is RectState.CLOSED:
        changes |= {"closed_at": at, "closed_from": REVISITED}
    else:
        changes |= anew(row)
    advance(row, MOVES[RectStep.REVISIT].kind, to, facts=facts, by=by, at=at, **changes)
    Revisit.objects.create(
        rectification=row, turn=turn, at=at, channel=channel, officer_id=by.id if by.is_officer else None,
        reached=True, satisfied=satisfied, text=said,
    )  # fmt: skip


@transaction.atomic
def reopen(row: Rectification, *, text: str, at: datetime) -> None:
    """要求重新办理, by the unhappy person after the end, once and within its days: one level higher answers."""
    check_rect_step(RectStep.REOPEN, RectState(row.state))
    if row.turn >= ROUNDS:
        raise Refusal(RefusalCode.RECTIFICATION_REOPENED_ALREADY)
    until = queries.reopen_until(row)
    if until is None or at > end_of(until):
        raise Refusal(RefusalCode.RECTIFICATION_REOPEN_TOO_LATE, until=until or local_date(at))
    said = require_text(text, MOST, "text")
    turn = row.turn
    advance(row, Kind.RECTIFICATION_REOPENED, RectState.VERIFY, by=RATER, at=at, **anew(row))
    if not Revisit.objects.filter(rectification=row, turn=turn, reached=True).exists():
        Revisit.objects.create(
            rectification=row, turn=turn, at=at, channel=Revisit.PORTAL, reached=True, satisfied=False, text=said
        )
    else:
        Revisit.objects.create(rectification=row, turn=turn, at=at, channel=Revisit.PORTAL, reached=False, text=said)


@transaction.atomic
def reveal(row: Rectification, *, purpose: str, by: Acting, at: datetime) -> queries.Rater:
    """Whom to call: only for who must call, each time with a purpose that the journal keeps."""
    queries.check_may_reveal(by, row)
    words = require_text(purpose, 200, "purpose")
    record(row, Kind.RECTIFICATION_REVEALED, facts={"purpose": words}, by=by, at=at)
    return queries.rater_of(row)


def _caller(row: Rectification, by: Acting) -> None:
    if not row.real_name:
        raise Refusal(RefusalCode.RECTIFICATION_NO_NAME)
    check_caller(by.officer_id, queries.took_part(row), row.officer_id)
