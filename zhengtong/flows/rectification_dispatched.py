from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import actions
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rectification_notices import to_organ, to_rater
from zhengtong.flows.rectification_opened import opened


@transaction.atomic
def dispatch_rectification(
    number: str,
    *,
    organ_id: int,
    section_id: int | None,
    text: str = "",
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Rectification:
    """派发: the organ must verify, and the unhappy person hears who looks into it and until when."""
    row = opened(number, seen, by)
    actions.dispatch(row, organ_id=organ_id, section_id=section_id, text=text, by=by, at=at)
    to_organ("rectification.received", row, at=at)
    to_rater("rectification.dispatched", row, at=at, due=row.due_on)
    return row
