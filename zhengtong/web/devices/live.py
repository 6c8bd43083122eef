"""What the screens ask every few seconds: one question while nothing has changed (304), the whole piece when it has.

The mark of a hall moves with every ticket and every window; the minute moves with the clock, because estimates do.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from zhengtong.domains.devices import queries as devices
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.ratings import queries as ratings
from zhengtong.rules.clock import local_date
from zhengtong.rules.devices import DeviceKind
from zhengtong.rules.queue import TicketState
from zhengtong.rules.ratings import Platform, reasons_for
from zhengtong.web.devices import words
from zhengtong.web.devices.door import DeviceRequest, machine
from zhengtong.web.frame.rating_words import BAD

JUST_CALLED = 60  # seconds: a screen that was just switched on speaks a call no older than this
NEWEST = 20  # seconds a call stands out on the board


def _window(device: Any, at: datetime) -> dict[str, Any]:
    ticket, sitting = hall.serving(device.window_id), hall.sitting_of(device.window_id)
    back = hall.back_of(device.window_id, at) if sitting is None else None
    shown = {"ticket": ticket, "sitting": sitting, "back": back, "called": False, "said": ("", "")}
    if ticket is None or ticket.state != TicketState.CALLED or ticket.called_at is None:
        return shown
    return shown | {
        "called": True,
        "call": f"{ticket.label}.{ticket.calls}.{int(ticket.called_at.timestamp())}",
        "fresh": (at - ticket.called_at).total_seconds() < JUST_CALLED,
        "said": words.call_said(ticket.label, device.window.number),
    }


def _led(device: Any, at: datetime) -> dict[str, Any]:
    board = hall.board(device.hall_code, at)
    calls = [(call, (at - call.at).total_seconds() < NEWEST) for call in board.calls]
    return {"board": board, "calls": calls, "notices": devices.notices(device.hall_code, local_date(at))}


def _asks_about(device: Any, at: datetime) -> Any:
    """The visit that ended last, unless it was ended by mistake and goes on."""
    node = ratings.node_for_device(device.window_id, at)
    if node is None:
        return None
    there = hall.serving(device.window_id)
    return None if there is not None and str(there.key) == node.subject_key else node


def _rating(device: Any, at: datetime) -> dict[str, Any]:
    node = _asks_about(device, at)
    reasons = reasons_for(Platform(node.platform)) if node is not None else ()
    return {"node": node, "reasons": [(code, BAD[code]) for code in reasons]}


def _hall(device: Any, at: datetime) -> dict[str, Any]:
    return {"board": hall.board(device.hall_code, at)}


PIECES: dict[str, Callable[[Any, datetime], dict[str, Any]]] = {
    DeviceKind.WINDOW_SCREEN: _window,
    DeviceKind.LED_BOARD: _led,
    DeviceKind.RATING_DEVICE: _rating,
    DeviceKind.KIOSK: _hall,
    DeviceKind.TOUCH_SCREEN: _hall,
    DeviceKind.CORNER: _hall,
}


def version(device: Any, at: datetime) -> str:
    """What the last answer was made of, as an ETag: the same text means nothing on the screen has changed."""
    if device.kind == DeviceKind.RATING_DEVICE:
        node = _asks_about(device, at)
        asked = int(device.asked_at.timestamp()) if device.asked_at is not None else 0
        moved = f"{node.key}.{asked}" if node is not None else "-"
    else:
        moved = f"{hall.mark(device.hall_code, local_date(at))}.{int(at.timestamp() // 60)}"
    return f'"{device.version}.{moved}.{get_language()}"'


def piece(request: HttpRequest, device: Any, at: datetime) -> str:
    """The live part of a machine's page: drawn into it, and sent alone when it has changed."""
    context = {"device": device, "hall": device.hall, "now": at, **PIECES[device.kind](device, at)}
    return render_to_string(f"devices/pieces/{device.kind}.html", context, request)


@machine(polled=True)
@require_safe
def now(request: DeviceRequest, **_: Any) -> HttpResponse:
    device, at = request.device, request.at
    tag = version(device, at)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = HttpResponse(piece(request, device, at))
    response["ETag"] = tag
    response["X-Now"] = str(int(at.timestamp() * 1000))  # a machine's own clock may be wrong by hours
    return response
