"""7×24 自助区: the touch screen, and beside it the portal in a frame, receipts to print, and somebody to call."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.flows.device_help import call_help
from zhengtong.rules.devices import UNATTENDED, DeviceKind
from zhengtong.web.devices.door import DeviceRequest, machine, show
from zhengtong.web.devices.touch import by_slip

ENTERED = "zhengtong_device_portal"  # a cookie: somebody went from this machine to the portal
PLACES = {"items": "portal:items"}  # else the front page


@machine(DeviceKind.CORNER)
@require_safe
def apply(request: DeviceRequest, **_: Any) -> HttpResponse:
    """The portal, with the way back above it. Whoever signs in there is signed out when the visit ends."""
    place = PLACES.get(request.GET.get("to", ""))
    response = show(request, "apply", {"address": reverse(place) if place else "/"})
    response.set_cookie(
        ENTERED,
        "1",
        path=f"/devices/{request.device.uid}/",
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return response


def leave(request: DeviceRequest, response: HttpResponse) -> HttpResponse:
    """Ends the portal's session where it was begun here; a machine nobody went to the portal from has none to end."""
    if ENTERED in request.COOKIES:
        logout(request)
        response.delete_cookie(ENTERED, path=f"/devices/{request.device.uid}/", samesite="Strict")
        response["Clear-Site-Data"] = '"cache"'
    return response


@machine(DeviceKind.CORNER)
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: DeviceRequest, **_: Any) -> HttpResponse:
    """办件回执 on the paper of the machine: what, when, how far, until when."""
    return by_slip(request, "receipt_asked", "receipt")


@machine(*UNATTENDED)
@require_POST
def help_called(request: DeviceRequest, **_: Any) -> HttpResponse:
    call_help(request.device, at=request.at)
    return redirect("devices:page", request.device.uid)
