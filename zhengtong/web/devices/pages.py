"""The page of a machine at rest, and what every machine has: rest, language and type, the worker that bridges a cut."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from zhengtong.rules.devices import DeviceKind
from zhengtong.web.devices import corner, live
from zhengtong.web.devices.door import ELDER, LANGUAGE, TOKEN, DeviceRequest, machine, remember, show
from zhengtong.web.frame.views import STYLES

SCRIPTS = ("machine", "voice", "calls", "rating", "keypad", "notices", "corner")
EVERY = {  # seconds between two questions
    DeviceKind.WINDOW_SCREEN: 2,
    DeviceKind.RATING_DEVICE: 2,
    DeviceKind.LED_BOARD: 2,
    DeviceKind.KIOSK: 10,
    DeviceKind.TOUCH_SCREEN: 15,
    DeviceKind.CORNER: 15,
}


@machine()
@require_safe
def page(request: DeviceRequest, **_: Any) -> HttpResponse:
    device = request.device
    context = {
        "piece": live.piece(request, device, request.at),
        "etag": live.version(device, request.at),
        "every": EVERY[DeviceKind(device.kind)],
        "helped": device.help_since is not None,
    }
    response = show(request, device.kind, context)
    if not chosen(request):
        response["X-Keep"] = "1"  # the worker keeps the page as it is at rest, and no visitor's
    remember(response, device, request.COOKIES[TOKEN])
    return response


def chosen(request: HttpRequest) -> bool:
    return LANGUAGE in request.COOKIES or ELDER in request.COOKIES


@machine()
@require_safe
def rest(request: DeviceRequest, **_: Any) -> HttpResponse:
    """The visit is over: language, large type and whoever signed in at the portal are forgotten."""
    response: HttpResponse = redirect("devices:page", request.device.uid)
    for name in (LANGUAGE, ELDER):
        response.delete_cookie(name, path=f"/devices/{request.device.uid}/", samesite="Strict")
    return corner.leave(request, response)


@machine()
@require_POST
def look(request: DeviceRequest, **_: Any) -> HttpResponse:
    """Language and large type, for this visit."""
    path = f"/devices/{request.device.uid}/"
    target = request.POST.get("next", "")
    response = redirect(target if target.startswith(path) else path)
    for name, value, allowed in (
        (LANGUAGE, request.POST.get("language", ""), dict(settings.LANGUAGES)),
        (ELDER, request.POST.get("elder", ""), ("on", "off")),
    ):
        if value in allowed:
            response.set_cookie(name, value, path=path, httponly=True, samesite="Strict", secure=settings.BEHIND_TLS)
    return response


@require_safe
@cache_control(max_age=0, must_revalidate=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Answers for /devices/ while the network is gone."""
    assets = [static(f"frame/{name}") for name in ("zt.css", *STYLES, "icon.svg")]
    assets += [static("devices/devices.css"), *(static(f"devices/{name}.js") for name in SCRIPTS)]
    context = {"assets": assets, "shelf": hashlib.sha256(" ".join(assets).encode()).hexdigest()[:12]}
    return render(request, "devices/worker.js", context, content_type="text/javascript")
