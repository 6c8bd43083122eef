"""Cases by level of the network: where a case came in. Counted from the cases themselves, so that it agrees with them."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import CharField, Count, QuerySet, Value, When

from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue.models import Facet, Item
from zhengtong.domains.registry.models import Hall

LEVELS = ("village", "township", "county", "online")
VILLAGE, WINDOW = "5", "1"  # 办理形式
ROWS = 50


def _received(since: date, until: date) -> QuerySet[Any]:
    """A case taken in at a window belongs to the hall its taker's window stands in; without one, to the centre."""
    kind = "application__taken_in_by__window__hall__kind"
    level = models.Case(
        When(channel=VILLAGE, then=Value("village")),
        When(channel=WINDOW, **{kind: Hall.POINT}, then=Value("village")),
        When(channel=WINDOW, **{kind: Hall.STATION}, then=Value("township")),
        When(channel=WINDOW, then=Value("county")),
        default=Value("online"),
        output_field=CharField(),
    )
    rows = Case.objects.filter(received_on__gte=since, received_on__lte=until, imported=False)
    return rows.annotate(level=level)


def cases_by_level(since: date, until: date) -> dict[str, int]:
    """Level → cases received in these days, both included; imported ones, whose door is unknown, left out."""
    rows = _received(since, until).values("level").annotate(n=Count("pk")).order_by("level")
    found = {row["level"]: row["n"] for row in rows}
    return {level: found.get(level, 0) for level in LEVELS}


def rows_of(level: str, since: date, until: date, *, before: int | None = None, limit: int = ROWS) -> list[Any]:
    """The cases behind one of the figures, newest first; `before`: the last one of the page before."""
    rows = _received(since, until).filter(level=level).select_related("item", "organ")
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def items_by_lowest_level() -> dict[str, int]:
    """Items in use by the lowest level on which they may be filed; those that do not say are the county's."""
    open_items = Item.objects.filter(status=Item.Status.PUBLISHED)
    told = {
        level: Facet.objects.filter(kind=Facet.Kind.LEVEL, value=level, item__in=open_items).count()
        for level in ("village", "township")
    }
    # An item for the village carries the township too: each is counted once, at its lowest.
    village = told["village"]
    township = told["township"] - village
    return {"village": village, "township": township, "county": open_items.count() - village - township}
