from datetime import datetime
from decimal import Decimal

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import disputes
from zhengtong.domains.performance.models import ScoreAppeal


@transaction.atomic
def score_appeal_decided(
    appeal_id: int, *, granted: bool, decision: str, points: Decimal | None = None, by: Acting, at: datetime
) -> ScoreAppeal:
    """Decided by somebody not involved; granted, the score is counted anew and ranked anew."""
    appeal = queries.appeal_for(appeal_id)
    return disputes.decide(appeal, granted=granted, decision=decision, points=points, by=by, at=at)
