"""Where and when: the halls and queues that give appointments, the days that have room, the slots of a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.domains.appointments import queries
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Place
from zhengtong.web.portal.appointments import who
from zhengtong.web.portal.appointments.words import SERVICES


@dataclass(frozen=True, slots=True)
class Offer:
    hall: Any
    queues: list[tuple[Any, str]]  # queue, where its times are
    home: str  # where the times of home visits are; empty: none


@never_cache
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    at, item = timezone.now(), asked_item(request)
    soonest = queries.bookable_after(at)
    open_queues = queries.offered_queues(soonest)
    at_home = queries.offered_queues(soonest, place=Place.HOME)
    tail = f"?{urlencode({'item': item.item_code})}" if item else ""
    offers = []
    for hall in registry.halls():
        codes = {code for hall_id, code in open_queues if hall_id == hall.pk}
        fitting = _fitting(hall.code, item) if codes else []
        lines = [
            (queue, reverse("portal:appointment_times", args=[hall.code, queue.code]) + tail)
            for queue in fitting
            if queue.code in codes
        ]
        home = reverse("portal:appointment_home", args=[hall.code]) + tail if (hall.pk, "") in at_home else ""
        if lines or home:
            offers.append(Offer(hall, lines, home))
    context = {"offers": offers, "item": item, "pause": who.pause_of(request, at)}
    return render(request, "portal/appointments/places.html", context)


@never_cache
@require_safe
def times(request: HttpRequest, hall_code: str, queue_code: str) -> HttpResponse:
    hall = registry.hall_for(hall_code)
    queue = halls.queue_by_code(hall_code, queue_code)
    return _times(request, hall, queue, Place.HALL)


@never_cache
@require_safe
def home_times(request: HttpRequest, hall_code: str) -> HttpResponse:
    return _times(request, registry.hall_for(hall_code), None, Place.HOME)


def _times(request: HttpRequest, hall: Any, queue: Any, place: Place) -> HttpResponse:
    context = {
        "hall": hall,
        "queue": queue,
        "item": asked_item(request),
        **calendar_of(request, hall, queue.code if queue else "", place),
        "moving": _moving(request),
    }
    return render(request, "portal/appointments/times.html", context)


def calendar_of(request: HttpRequest, hall: Any, queue_code: str, place: Place) -> dict[str, Any]:
    """The days with slots one may still book, the chosen one, and its slots. Full days stay, marked as full."""
    at = timezone.now()
    soonest = queries.bookable_after(at)
    days = queries.open_days(hall.pk, queue_code, soonest, place=place)
    chosen = chosen_day(request.GET.get("on", ""), days)
    slots = queries.slots(hall.code, queue_code, chosen, place=place) if chosen else []
    return {
        "days": days,
        "on": chosen,
        "slots": [(slot, SERVICES[slot.service]) for slot in slots if slot.starts > soonest],
        "today": local_date(at),
    }


def times_address(slot: queries.Slot, item: Any = None) -> str:
    """The other times of the same queue on the same day: for whoever comes too late for this one."""
    asked = {"on": slot.on.isoformat(), **({"item": item.item_code} if item else {})}
    if slot.place == Place.HOME.value:
        address = reverse("portal:appointment_home", args=[slot.hall.code])
    else:
        address = reverse("portal:appointment_times", args=[slot.hall.code, slot.queue_code])
    return f"{address}?{urlencode(asked)}"


def chosen_day(text: str, days: list[queries.OpenDay]) -> date | None:
    """The day asked for if it is offered, else the first with room, else the first."""
    for one in days:
        if one.on.isoformat() == text:
            return one.on
    free = next((one.on for one in days if one.left > 0), None)
    return free or (days[0].on if days else None)


def asked_item(request: HttpRequest) -> Any:
    """The item one comes for, if the address names one that exists and is not a draft."""
    code = request.GET.get("item", "") or request.POST.get("item", "")
    if not code or "\x00" in code:
        return None
    try:
        item, _document = catalogue.shown_item(code[:50])
    except Refusal as refusal:
        if refusal.code is not RefusalCode.ITEM_UNKNOWN:
            raise
        return None
    return item


def _fitting(hall_code: str, item: Any) -> list[Any]:
    """The queues for an item, or all; an item that no queue of the hall is for may queue anywhere in it."""
    if item is not None and (found := halls.queues_for(hall_code, item.pk, item.organ_id)):
        return found
    return halls.queues(hall_code)


def _moving(request: HttpRequest) -> Any:
    """The appointment that is being moved, when one came from its page."""
    key = request.GET.get("move", "").replace("\x00", "")
    return who.mine(request, key)[1] if key else None
