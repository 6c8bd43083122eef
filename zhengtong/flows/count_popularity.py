from datetime import datetime, timedelta

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue import actions as catalogue

OF_LATE = timedelta(days=90)


def count_popularity(*, at: datetime) -> int:
    """What people apply for of late goes to the front of the portal's lists. Returns how many items were used."""
    counts = cases.received_counts(at - OF_LATE)
    catalogue.set_popularity(counts)
    return len(counts)
