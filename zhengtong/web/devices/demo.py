"""The demo's machines by their address: any browser becomes one at once. There is no such door without the demo mark."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.city.devices import token_of
from zhengtong.domains.devices import queries
from zhengtong.rules.devices import DeviceKind
from zhengtong.web.devices.door import remember
from zhengtong.web.devices.words import KINDS


@never_cache
@require_safe
def machines(request: HttpRequest) -> HttpResponse:
    _only_in_the_demo()
    return render(request, "devices/demo.html", {"kinds": KINDS.items()})


@never_cache
@require_safe
def enter(request: HttpRequest, kind: str) -> HttpResponse:
    _only_in_the_demo()
    if kind not in set(DeviceKind):
        raise Http404
    token = token_of(DeviceKind(kind))
    device = queries.device_of(token)
    if device is None:
        raise Http404
    response: HttpResponse = redirect("devices:page", device.uid)
    remember(response, device, token)
    return response


def _only_in_the_demo() -> None:
    if not settings.ZHENGTONG_DEMO:
        raise Http404
