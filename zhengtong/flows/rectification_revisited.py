"""回访, by telephone or on the person's own page; who is unhappy still is answered once more, one level higher."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import actions
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.domains.rectifications.queries import Rater
from zhengtong.flows.rectification_notices import to_organ, to_rater
from zhengtong.flows.rectification_opened import opened, opened_by_rater
from zhengtong.rules.rectifications import RectState


@transaction.atomic
def revisit_rectification(
    number: str, *, satisfied: bool, text: str = "", seen: int | None, by: Acting, at: datetime
) -> Rectification:
    row = opened(number, seen, by)
    actions.revisit(row, satisfied=satisfied, text=text, by=by, at=at)
    _told(row, at)
    return row


@transaction.atomic
def try_to_revisit(
    number: str, *, text: str = "", give_up: bool = False, seen: int | None, by: Acting, at: datetime
) -> Rectification:
    """Nobody answered. Given up after enough days, the person is told how to have it opened again."""
    row = opened(number, seen, by)
    actions.try_revisit(row, text=text, give_up=give_up, by=by, at=at)
    if give_up:
        to_rater("rectification.closed", row, at=at)
    return row


@transaction.atomic
def answer_revisit(
    token: UUID, *, satisfied: bool, text: str = "", account_id: int | None, at: datetime
) -> Rectification:
    row = opened_by_rater(token, account_id)
    actions.answer_revisit(row, satisfied=satisfied, text=text, at=at)
    _told(row, at)
    return row


@transaction.atomic
def reopen_rectification(token: UUID, *, text: str, account_id: int | None, at: datetime) -> Rectification:
    """要求重新办理 after the end, once, within its days."""
    row = opened_by_rater(token, account_id)
    actions.reopen(row, text=text, at=at)
    _told(row, at)
    return row


def reveal_rater(number: str, *, purpose: str, by: Acting, at: datetime) -> Rater:
    """Whom to call; written down before it is shown."""
    with transaction.atomic():
        return actions.reveal(opened(number, None, by), purpose=purpose, by=by, at=at)


def _told(row: Rectification, at: datetime) -> None:
    if row.state == RectState.CLOSED.value:
        to_rater("rectification.closed", row, at=at)
    else:
        to_organ("rectification.reopened_above", row, at=at)
        to_rater("rectification.reopened", row, at=at, due=row.due_on)
