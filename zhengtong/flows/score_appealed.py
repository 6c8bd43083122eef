from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import disputes
from zhengtong.domains.performance.models import ScoreAppeal


@transaction.atomic
def score_appealed(key: str, indicator: str, reason: str, *, by: Acting, at: datetime) -> ScoreAppeal:
    """An officer or a department disputes a figure it saw first; publication waits for the decision."""
    return disputes.appeal(queries.score_for(by, key), indicator, reason, by=by, at=at)
