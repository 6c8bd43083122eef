"""What the clock has to settle: calls nobody answered, and what is left over when the day has ended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from zhengtong.base.law import Law
from zhengtong.domains.hall.models import Sitting, Ticket
from zhengtong.domains.hall.queries.house import hours_of, minute_of
from zhengtong.rules.clock import local_date
from zhengtong.rules.queue import OPEN, TicketState


def unanswered(before: datetime, *, limit: int) -> list[Ticket]:
    """Called before then and not there yet, oldest first."""
    return list(
        Ticket.objects.select_related("hall", "queue", "window")
        .filter(state=TicketState.CALLED, called_at__lte=before)
        .order_by("called_at", "id")[:limit]
    )


def halls_to_close(at: datetime, *, law: Law) -> Iterator[tuple[int, date]]:
    """(hall, last day to settle) of the halls where something is left over of a day that has ended."""
    today = local_date(at)
    oldest: dict[int, date] = {}
    for rows in (Ticket.objects.filter(state__in=OPEN), Sitting.objects.filter(closed_at=None)):
        for hall_id, on in rows.values_list("hall_id", "on").distinct():
            oldest[hall_id] = min(oldest.get(hall_id, on), on)
    after = law.value("hall.close.minutes", today)
    for hall_id, on in sorted(oldest.items()):
        hours = hours_of(hall_id, today, law=law).hall
        if hours and minute_of(at) >= hours[-1][1] + after:
            yield hall_id, today
        elif on < today:
            yield hall_id, today - timedelta(days=1)


def left_over(hall_id: int, until: date, *, limit: int) -> list[Ticket]:
    return list(
        Ticket.objects.select_related("hall", "queue", "window")
        .filter(hall_id=hall_id, on__lte=until, state__in=OPEN)
        .order_by("id")[:limit]
    )


def left_open(hall_id: int, until: date) -> list[Sitting]:
    return list(Sitting.objects.select_related("window").filter(hall_id=hall_id, closed_at=None, on__lte=until))
