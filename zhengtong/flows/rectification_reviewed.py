"""复核 by a second person; what is found mistaken or untrue leaves the score and stays stored.

Found by a third not to be so after all, it counts again at once."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import actions
from zhengtong.domains.rectifications.actions.steps import Files
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rating_excluded import exclude_rating, restore_rating
from zhengtong.flows.rectification_notices import to_concerned, to_organ, to_rater
from zhengtong.flows.rectification_opened import opened
from zhengtong.rules.rectifications import Verdict


@transaction.atomic
def confirm_set_aside(number: str, *, text: str, seen: int | None, by: Acting, at: datetime) -> Rectification:
    row = opened(number, seen, by)
    actions.confirm(row, text=text, by=by, at=at)
    _leaves_score(row, by, at)
    return row


@transaction.atomic
def decline_set_aside(number: str, *, text: str, seen: int | None, by: Acting, at: datetime) -> Rectification:
    """不予认定: the organ verifies again."""
    row = opened(number, seen, by)
    actions.decline(row, text=text, by=by, at=at)
    to_organ("rectification.returned", row, at=at)
    return row


@transaction.atomic
def overturn_set_aside(number: str, *, text: str, seen: int | None, by: Acting, at: datetime) -> Rectification:
    """撤销认定: the organ verifies anew, and the person hears that their rating counts."""
    row = opened(number, seen, by)
    actions.overturn(row, text=text, by=by, at=at)
    restore_rating(row.rating_number, by=by, at=at)
    to_organ("rectification.returned", row, at=at)
    to_rater("rectification.overturned", row, at=at, due=row.due_on)
    return row


@transaction.atomic
def appeal_rectification(
    number: str, *, text: str, files: Files = (), seen: int | None, by: Acting, at: datetime
) -> Rectification:
    row = opened(number, seen, by)
    actions.appeal(row, text=text, files=files, by=by, at=at)
    return row


@transaction.atomic
def grant_rectification_appeal(
    number: str, verdict: Verdict, *, text: str, files: Files = (), seen: int | None, by: Acting, at: datetime
) -> Rectification:
    row = opened(number, seen, by)
    actions.grant_appeal(row, verdict, text=text, files=files, by=by, at=at)
    _leaves_score(row, by, at)
    to_concerned("rectification.appeal_granted", row, at=at)
    return row


@transaction.atomic
def decline_rectification_appeal(
    number: str, *, text: str, seen: int | None, by: Acting, at: datetime
) -> Rectification:
    row = opened(number, seen, by)
    actions.decline_appeal(row, text=text, by=by, at=at)
    to_concerned("rectification.appeal_declined", row, at=at)
    return row


def _leaves_score(row: Rectification, by: Acting, at: datetime) -> None:
    exclude_rating(row.rating_number, reason=row.outcome, by=by, at=at)
    to_rater("rectification.set_aside", row, at=at, until=row.due_on)
