from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.ratings import actions, queries
from zhengtong.domains.ratings.models import Rating


@transaction.atomic
def exclude_rating(number: str, *, reason: str, by: Acting, at: datetime) -> Rating:
    """A rating found mistaken or untrue leaves every score and stays stored. Rectifications decide it; twice is once."""
    return actions.exclude(queries.rating_by_number(number), reason, by=by, at=at)


@transaction.atomic
def restore_rating(number: str, *, by: Acting, at: datetime) -> Rating:
    """One that was set aside and is found justified after all counts again; one that counts already stays as it is."""
    return actions.restore(queries.rating_by_number(number), by=by, at=at)
