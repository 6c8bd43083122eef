"""Letters as other systems read them: those made public, and those the system itself filed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from zhengtong.domains.letters.models import Letter, Publication
from zhengtong.domains.letters.queries.lists import earlier_than
from zhengtong.domains.letters.queries.who import TIP


def read_outside(
    own: Collection[str],
    *,
    numbers: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    categories: Sequence[str] = (),
    states: Sequence[str] = (),
    before: str = "",
    limit: int,
) -> list[Letter]:
    """Newest first, with their publications; keyset by the moment of receipt. `own`: numbers, or a query of them.

    Never a tip, even one that a partner filed as another kind.
    """
    wanted: dict[str, Any] = {"received_at__gte": since, "received_at__lte": until, "number__in": numbers}
    wanted |= {"category__code__in": categories or None, "state__in": states or None}
    rows = Letter.objects.filter(Q(publication__state=Publication.PUBLISHED) | Q(number__in=own)).exclude(TIP)
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    rows = earlier_than(rows.select_related("category", "organ", "publication"), "received_at", before)
    return list(rows.order_by("-received_at", "-number")[:limit])
