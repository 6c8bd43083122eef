"""答复与了结."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.actions.moving import Files
from zhengtong.domains.supervision.models import Card


@transaction.atomic
def answer(
    number: str, *, cause: str, measure: str, files: Files = (), seen: int | None = None, by: Acting, at: datetime
) -> Card:
    """Cause and measure, by the officer or whoever answers for the section."""
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    actions.answer(card, cause=cause, measure=measure, files=files, by=by, at=at)
    return card


@transaction.atomic
def close(number: str, *, note: str, seen: int | None = None, by: Acting, at: datetime) -> Card:
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    actions.close(card, note=note, by=by, at=at)
    return card
