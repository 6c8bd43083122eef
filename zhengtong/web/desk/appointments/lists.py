"""Which hall and which day a page of appointments is about, and an appointment as a line of it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from zhengtong.domains.appointments.queries import Appointment
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.masking import mask_mobile, mask_name
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.door import ActingRequest
from zhengtong.web.desk.house import reading

FAR = 4000  # days: what lies further is no day of this hall


def chosen_hall(request: ActingRequest) -> Any:
    """The hall in the address, else the one of the officer's window, else the first; None while there is no hall."""
    every = list(registry.halls())
    code = reading.key(request, "hall")
    if not code and request.acting.id is not None:
        window = registry.officer_by_id(request.acting.id).window
        code = window.hall.code if window else ""
    return next((hall for hall in every if hall.code == code), every[0] if every else None), every


def day_of(text: str) -> date:
    """The day in the address, as far as it is one of ours, else today."""
    asked, today = reading.day(text), timezone.localdate()
    return asked if asked is not None and abs((asked - today).days) < FAR else today


def line(row: Appointment, names: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """One appointment in a list: masked. `names`: the queues of its hall by code."""
    return {
        "row": row,
        "queue": names.get(row.queue_code),
        "name": mask_name(row.person_name),
        "phone": mask_mobile(row.phone),
        "state": words.STATES[row.state],
        "tag": words.TAGS.get(row.state, "grey"),
        "channel": words.CHANNELS.get(row.channel, row.channel),
    }


def queue_names(hall_code: str) -> dict[str, Any]:
    return {queue.code: queue for queue in halls.queues(hall_code, every=True)}
