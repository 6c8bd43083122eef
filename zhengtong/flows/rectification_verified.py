from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import actions, queries
from zhengtong.domains.rectifications.actions.steps import Files
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rating_excluded import restore_rating
from zhengtong.flows.rectification_notices import to_concerned, to_rater
from zhengtong.flows.rectification_opened import opened
from zhengtong.rules.rectifications import SET_ASIDE, Verdict


@transaction.atomic
def verify_rectification(
    number: str,
    verdict: Verdict,
    *,
    text: str,
    plan: str = "",
    files: Files = (),
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Rectification:
    """核实: mend, plan or explain follows, or a second person looks; who was rated hears until when they may appeal."""
    row = opened(number, seen, by)
    actions.verify(row, verdict, text=text, plan=plan, files=files, by=by, at=at)
    if verdict not in SET_ASIDE:
        if row.turn > 1:  # set aside the first time, it is not any more
            restore_rating(row.rating_number, by=by, at=at)
        to_concerned("rectification.appealable", row, at=at, due=queries.appeal_until(row))
    if verdict is Verdict.COMPLEX:
        to_rater("rectification.planned", row, at=at, due=row.due_on)
    return row
