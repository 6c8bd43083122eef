from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.messaging import actions, queries
from zhengtong.rules.messaging import PERSONAL, Channel, Template, Wishes
from zhengtong.rules.messaging_hours import QUIET, QuietHours, hours
from zhengtong.rules.refusal import Refusal
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.sentences import sentence

ALWAYS = "always"


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: ActingRequest) -> HttpResponse:
    user = cast("Any", request.user)
    officer = user.kind == "officer"
    known, templates = queries.preferences(user.pk, officer=officer)
    asked, error = known.wishes, None
    if request.method == "POST":
        asked = {one.kind: _asked(request, one) for one in templates}
        try:
            quiet = _quiet(request)
            actions.set_wishes(user.pk, asked, officer=officer)
            actions.set_quiet_hours(user.pk, quiet)
        except Refusal as refusal:
            error = sentence(refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("portal:preferences")
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in templates:
        groups.setdefault(one.group, []).append(_line(one, asked.get(one.kind)))
    context = {
        "groups": [(queries.group_words(name), lines) for name, lines in groups.items()],
        "phone": bool(known.phone),
        "email": bool(known.email),
        "quiet": known.quiet or QUIET,
        "always": known.quiet is None,
        "error": error,
        "enterprise": request.acting.enterprise_id,
    }
    return render(
        request,
        "portal/preferences/preferences.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
    )


def _asked(request: ActingRequest, template: Template) -> Wishes:
    chosen = tuple(channel for channel in template.channels if f"{template.kind}:{channel}" in request.POST)
    return Wishes(chosen, digest=f"{template.kind}:digest" in request.POST)


def _quiet(request: ActingRequest) -> QuietHours | None:
    if ALWAYS in request.POST:
        return None
    return hours(request.POST.get("since", ""), request.POST.get("until", ""))


def _line(template: Template, wish: Wishes | None) -> dict[str, Any]:
    now = wish or Wishes(template.wished)
    return {
        "kind": template.kind,
        "name": (template.name, template.name_en),
        "legal": template.legal,
        "ways": [
            {"channel": channel, "open": channel in template.channels, "on": channel in now.channels}
            for channel in PERSONAL
        ],
        "digestible": not (template.legal or template.urgent) and any(c in template.channels for c in PERSONAL),
        "digest": now.digest,
        "outer": any(channel is not Channel.IN_APP for channel in template.channels),
    }
