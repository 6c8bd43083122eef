"""Doors of the frame itself: language and elder mode, what was kept, and what makes the site installable."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from zhengtong.web.frame import kept
from zhengtong.web.frame.context import ELDER_COOKIE
from zhengtong.web.frame.refusals import layout_of

# What zt.css imports: the offline page is drawn without a network.
STYLES = tuple(
    f"{name}.css"
    for name in (
        "tokens", "ground", "top", "controls", "fields", "lights", "tables", "stages", "days", "figures", "charts",
        "states", "desk", "elder", "paper",
    )
)  # fmt: skip
YEAR = 365 * 24 * 60 * 60


@csrf_exempt  # Changes nothing but how this browser is shown pages; a token would make every public page personal.
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and elder mode; the switch leads back to the page it was on."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    language, elder = request.POST.get("language", ""), request.POST.get("elder", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _set(request, response, settings.LANGUAGE_COOKIE_NAME, language)
    if elder in {"on", "off"}:
        _set(request, response, ELDER_COOKIE, elder)
    return response


def _set(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())


@never_cache
def kept_form(request: HttpRequest) -> HttpResponse:
    """What was typed before the session ended, ready to be sent on; or dropped, if its owner says so."""
    if request.method == "POST":
        kept.drop(request)
        return HttpResponseRedirect("/")
    context = {"post": kept.kept_post(request), "expired": False, "layout": layout_of(request)}
    return render(request, "frame/kept.html", context)


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [
        {"src": static(f"frame/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"))
    ]
    icons.append(
        {"src": static("frame/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    )
    icons.append({"src": static("frame/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"})
    body = {
        "id": "/",
        "name": gettext("云泽市政务服务"),
        "short_name": gettext("政务服务"),
        "description": gettext("找事项、在线申请、查进度，每个日期都说明怎么算出来的。"),
        "lang": request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else settings.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f8",
        "theme_color": "#0b4ea2",
        "icons": icons,
    }
    return JsonResponse(body, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(max_age=0, must_revalidate=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root so that it may answer for the whole site when the network is gone."""
    assets = [static(f"frame/{name}") for name in ("zt.css", *STYLES, "icon.svg")]
    context = {
        "offline": reverse("frame:offline"),
        "assets": assets,
        "static": settings.STATIC_URL,
        # A new release has new names, and so a new shelf; the old one is thrown away.
        "shelf": hashlib.sha256(" ".join(assets).encode()).hexdigest()[:12],
    }
    return render(request, "frame/service_worker.js", context, content_type="text/javascript")


@require_safe
@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the service worker without a network: in both languages, because it is fetched once, beforehand."""
    return render(request, "frame/offline.html")
