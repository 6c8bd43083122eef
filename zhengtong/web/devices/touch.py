"""触摸查询: how far a case is, what an item asks for, where the windows are, how many wait. Nothing of it is kept."""

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as hall
from zhengtong.rules.devices import DeviceKind
from zhengtong.rules.refusal import Refusal
from zhengtong.web.devices.door import DeviceRequest, machine, show
from zhengtong.web.devices.plan import plan
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.cases.case import standing
from zhengtong.web.portal.item import shown

QUERIES = (DeviceKind.TOUCH_SCREEN, DeviceKind.CORNER)
MOST_TRIES, SPAN = 20, 10 * 60  # wrong codes of one machine, in ten minutes
MOST_TEXT = 60
POPULAR = 8


@machine(*QUERIES)
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: DeviceRequest, **_: Any) -> HttpResponse:
    return by_slip(request, "progress", "standing")


def by_slip(request: DeviceRequest, asks: str, answers: str) -> HttpResponse:
    """Number and query code, as on the receipt; the answer is the page itself and stands at no address."""
    number, code = (request.POST.get(name, "").strip().upper()[:40] for name in ("number", "code"))
    refused, missing, tries = "", False, f"slip:device:{request.device.uid}"
    if request.method == "POST":
        if not number or not code:
            missing = True
        elif (cache.get(tries) or 0) >= MOST_TRIES:
            return show(request, asks, {"number": number, "often": True}, 429)
        else:
            try:
                case = cases.case_by_slip(number, code)
            except Refusal as refusal:
                refused = sentence_html(refusal)
                cache.set(tries, (cache.get(tries) or 0) + 1, SPAN)
            else:
                return show(request, answers, standing(case, own=False))
    context = {"number": number, "code": code, "refused": refused, "missing": missing}
    return show(request, asks, context, 422 if refused or missing else 200)


@machine(*QUERIES)
@require_safe
def items(request: DeviceRequest, **_: Any) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:MOST_TEXT]
    found = catalogue.find(text).items if text else catalogue.popular(POPULAR)
    return show(request, "items", {"text": text, "found": found})


@machine(*QUERIES)
@require_safe
def item(request: DeviceRequest, item_code: str, **_: Any) -> HttpResponse:
    found, document = catalogue.shown_item(item_code)
    return show(request, "item", {"item": found, "document": document, "shown": shown(found, document)})


@machine(*QUERIES)
@require_safe
def windows(request: DeviceRequest, **_: Any) -> HttpResponse:
    board = hall.board(request.device.hall_code, request.at)
    return show(request, "windows", {"board": board, "plan": plan(board.windows)})


@machine(*QUERIES)
@require_safe
def waiting(request: DeviceRequest, **_: Any) -> HttpResponse:
    return show(request, "waiting", {"board": hall.board(request.device.hall_code, request.at)})
