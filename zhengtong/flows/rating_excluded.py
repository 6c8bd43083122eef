from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.ratings import actions, queries
from zhengtong.domains.ratings.models import Rating


@transaction.atomic
def exclude_rating(number: str, *, reason: str, by: Acting, at: datetime) -> Rating:
    """A rating found mistaken or untrue leaves every score and stays stored. Rectifications decide it; twice is once."""
    return actions.exclude(queries.rating_by_number(number), reason, by=by, at=at)
