"""Where leads come from: each case and each rating as the journal is sealed, and at night the sums of the month."""

from datetime import datetime

from zhengtong.domains.authenticity.nightly import look_at_months
from zhengtong.domains.authenticity.rating_watching import look_at_rating_months, watch_ratings
from zhengtong.domains.authenticity.watching import watch


def find_leads(*, at: datetime) -> int:
    """One slice of what was sealed since; 0 when nothing is left."""
    return watch(at=at) + watch_ratings(at=at)


def find_leads_at_night(*, at: datetime) -> int:
    """What only a month's figures show; how many leads are new."""
    return look_at_months(at=at) + look_at_rating_months(at=at)
