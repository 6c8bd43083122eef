"""整改: done at once, step by step along a published plan, or answered by an explanation; then the person is asked."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import actions
from zhengtong.domains.rectifications.actions.steps import Files
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rectification_notices import to_rater
from zhengtong.flows.rectification_opened import opened


@transaction.atomic
def fix_rectification(
    number: str, *, text: str, files: Files = (), seen: int | None, by: Acting, at: datetime
) -> Rectification:
    """整改完成: the unhappy person reads what was done and is invited to say whether it is well now."""
    row = opened(number, seen, by)
    actions.fix(row, text=text, files=files, by=by, at=at)
    to_rater("rectification.mended", row, at=at, until=row.due_on)
    return row


@transaction.atomic
def explain_rectification(
    number: str, *, text: str, files: Files = (), seen: int | None, by: Acting, at: datetime
) -> Rectification:
    row = opened(number, seen, by)
    actions.explain(row, text=text, files=files, by=by, at=at)
    to_rater("rectification.explained", row, at=at, until=row.due_on)
    return row


@transaction.atomic
def report_rectification_progress(
    number: str, *, text: str, files: Files = (), seen: int | None, by: Acting, at: datetime
) -> Rectification:
    """A line in the public ledger of plans."""
    row = opened(number, seen, by)
    actions.report_progress(row, text=text, files=files, by=by, at=at)
    return row
