"""The cast's hall with its queues: A for everything at all windows, B for licences at the last one alone."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from tests.people import AT, Cast, hall_of
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import ServiceWindow
from zhengtong.flows import ticket_house
from zhengtong.flows.ticket_house import QueueForm
from zhengtong.flows.ticket_taken import take_ticket

MINUTE = timedelta(minutes=1)


def queued(people: Cast, windows: int = 3) -> list[ServiceWindow]:
    made = hall_of(people, windows)
    by = people.acting("蒋华")
    general = QueueForm("A", "综合业务", "General", 10, window_ids=[window.pk for window in made])
    licences = QueueForm("B", "许可业务", "Licences", 12, position=1, window_ids=[made[-1].pk])
    ticket_house.open_queue("H01", "general", general, by=by, at=AT)
    ticket_house.open_queue("H01", "licences", licences, by=by, at=AT)
    return made


def open_all_day(on: date) -> None:
    """So that a test at the door, whatever the hour it runs at, finds the hall open."""
    ticket_house.set_special_day("H01", on, "00:00-24:00", note="全天开放", note_en="Open all day", by=SYSTEM, at=AT)


def taken(at: datetime = AT, queue: str = "general", **others: str) -> Ticket:
    others.setdefault("channel", "kiosk")
    return take_ticket("H01", queue, by=SYSTEM, at=at, **others)


def walked(people: Cast) -> dict[str, dict[str, Any]]:
    """What the table of permissions needs of the hall: an open queue, a ticket in it, its window."""
    at = timezone.now()
    known = registry.windows().filter(hall__code="H01").first()
    window = known or hall_of(people)[0]
    form = QueueForm("Z", "综合业务", "General", window_ids=[window.pk])
    ticket_house.open_queue("H01", "general", form, by=SYSTEM, at=at)
    open_all_day(timezone.localdate(at))
    ticket = taken(at)
    queue = {"hall_code": "H01", "queue_code": "general"}
    return {
        "desk:call_step": {"name": "next"},
        "desk:ticket": {"key": ticket.key},
        "desk:ticket_step": {"key": ticket.key, "name": "pin"},
        "desk:window_shut": {"window_id": window.pk},
        **{f"desk:{name}": queue for name in ("queues", "queue_new", "queue", "hall_hours")},
        **{f"portal:{name}": {"key": ticket.key} for name in ("ticket", "ticket_leave", "ticket_return")},
        "watch:hall_export": {"form": "csv"},
    }
