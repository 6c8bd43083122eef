"""The machines' door: `@machine(DeviceKind.KIOSK)` on a view. Inside, `request.device` is the machine that asks.

A machine knows itself by a secret in a cookie that is sent to its own address only and never from another site; who
stands before it signs nothing and is asked nothing. Language and large type are the machine's own cookies, so that a
visitor's choice ends with the visit and a colleague's browser keeps its own.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from zhengtong.domains.devices import actions, queries
from zhengtong.rules.devices import DeviceKind
from zhengtong.web.devices.words import KINDS
from zhengtong.web.frame import errors

TOKEN = "zhengtong_device"  # noqa: S105  (a cookie's name)
LANGUAGE, ELDER = "zhengtong_device_language", "zhengtong_device_elder"
TOKEN_AGE = 400 * 24 * 60 * 60  # as long as a browser keeps any cookie; each opening of the page renews it
REMEMBERED = 15.0  # seconds


class DeviceRequest(HttpRequest):
    """A request behind the machines' door."""

    device: Any
    at: datetime
    elder: bool


View = Callable[..., HttpResponseBase]


def machine(*kinds: DeviceKind, polled: bool = False) -> Callable[[View], View]:
    """Without kinds any machine may ask. `polled`: asked every few seconds, and a machine just seen is remembered."""

    def around(view: View) -> View:
        # The secret is SameSite=Strict and the sender is looked at below: a page that has stood open for weeks must
        # still be able to send a press, whoever has signed in to this browser since.
        @csrf_exempt
        @wraps(view)
        def door(request: HttpRequest, uid: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            token = request.COOKIES.get(TOKEN, "")
            device = _remembered(token) if polled else queries.device_of(token)
            if device is None or device.uid != uid:
                return unpaired(request)
            if kinds and device.kind not in kinds:
                raise Http404
            if request.method == "POST" and is_foreign(request):
                return errors.permission_denied(request)
            inside = cast("DeviceRequest", request)
            inside.device, inside.at = device, timezone.now()
            inside.elder = request.COOKIES.get(ELDER) == "on"
            actions.seen(device, at=inside.at)
            with translation.override(request.COOKIES.get(LANGUAGE) or translation.get_language()):
                answer = view(inside, *args, **kwargs)
            add_never_cache_headers(answer)
            return answer

        return cast("View", door)

    return around


_known: dict[str, tuple[float, Any]] = {}


def _remembered(token: str) -> Any:
    """A machine seen a moment ago, so that a poll asks only what is new. A revoked one stays that much longer."""
    now = time.monotonic()
    if (kept := _known.get(token)) is not None and now - kept[0] < REMEMBERED:
        return kept[1]
    if len(_known) > 1000:
        _known.clear()
    device = queries.device_of(token)
    if device is not None:
        _known[token] = (now, device)
    return device


def forget() -> None:
    """A machine was moved or revoked here; other processes notice within seconds."""
    _known.clear()


def unpaired(request: HttpRequest) -> HttpResponse:
    """A script is told so and goes to the page with the code; a page is led there."""
    if "json" in request.headers.get("Accept", ""):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    return redirect("devices:start")


def is_foreign(request: HttpRequest) -> bool:
    """Sent by a page of another site; a browser says so on every POST."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return bool(origin and origin != f"{request.scheme}://{request.get_host()}") or site != "same-origin"


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """A page of this machine. `now` is the server's clock, which the machine's own may differ from."""
    inside = cast("DeviceRequest", request)
    device = inside.device
    shown = {"device": device, "kind": KINDS[device.kind], "hall": device.hall, "elder": inside.elder, "now": inside.at}
    return render(request, f"devices/{template}.html", shown | (context or {}), status=status)


def remember(response: HttpResponse, device: Any, token: str) -> None:
    """The machine keeps its secret at its own address, and at the door, where it begins every morning."""
    for path in (f"/devices/{device.uid}/", "/devices/"):
        name = TOKEN if path != "/devices/" else f"{TOKEN}_start"
        response.set_cookie(
            name, token, max_age=TOKEN_AGE, path=path, httponly=True, samesite="Strict", secure=settings.BEHIND_TLS
        )
