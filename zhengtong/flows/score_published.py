from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.performance.actions import locking
from zhengtong.domains.performance.models import ScoreMonth
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import Subject


@transaction.atomic
def score_published(subject: Subject, month: Month, *, by: Acting, at: datetime) -> ScoreMonth:
    """Revoked cards give their points back first; then the month is open to those who may read it."""
    return locking.publish(subject, month, by=by, at=at)
