"""Where every machine begins: it shows a code until somebody who keeps the hall has typed it, then goes to its place."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.domains.devices import actions, queries
from zhengtong.rules.devices import spaced
from zhengtong.web.devices.door import TOKEN, TOKEN_AGE, remember

START = f"{TOKEN}_start"


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the machine's own page, if it has one; else the code. The page asks again every few seconds."""
    token = request.COOKIES.get(START, "")
    device = queries.device_of(token) or (actions.connect(token, at=timezone.now()) if token else None)
    if device is not None:
        response: HttpResponse = redirect("devices:page", device.uid)
        remember(response, device, token)
        return response
    return _with_code(request, token or secrets.token_hex(32))


@never_cache
@require_safe
def another(request: HttpRequest) -> HttpResponse:
    """One computer may drive two screens: a new code, while the machines it is already keep their own addresses."""
    response: HttpResponse = redirect("devices:start")
    response.delete_cookie(START, path="/devices/", samesite="Strict")
    return response


def _with_code(request: HttpRequest, token: str) -> HttpResponse:
    code = spaced(queries.pairing_code_of(token))
    context = {"code": code, "address": f"{settings.PUBLIC_URL}/desk/devices/"}
    response = render(request, "devices/pairing.html", context)
    response.set_cookie(
        START, token, max_age=TOKEN_AGE, path="/devices/", httponly=True, samesite="Strict", secure=settings.BEHIND_TLS
    )
    return response
