"""On the fifth working day the scores of the month before are locked, and those concerned may look (domain-rules §5.6)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import locking, tables
from zhengtong.domains.performance.models import ScoreMonth
from zhengtong.rules.period import local_date
from zhengtong.rules.scoring_months import Month, month_of
from zhengtong.rules.scoring_quantities import Subject


@transaction.atomic
def score_locked(subject: Subject, month: Month, *, by: Acting, at: datetime) -> ScoreMonth:
    """Locks one month by hand, no earlier than the law of the house allows."""
    tables.seed(at=at)
    return locking.lock(subject, month, current_law(), by=by, at=at)


def lock_due(*, at: datetime) -> int:
    """A duty of every night: locks the month before where its day has come and nobody has yet. How many were locked."""
    today = local_date(at)
    month = month_of(today).moved(-1)
    if today < queries.month_dates(month, current_law()).lock_on:
        return 0
    locked = 0
    for subject in Subject:
        if queries.score_month(subject, month) is None:
            try:
                with transaction.atomic():
                    score_locked(subject, month, by=SYSTEM, at=at)
                    locked += 1
            except IntegrityError:  # another worker came first
                if queries.score_month(subject, month) is None:
                    raise
    return locked
