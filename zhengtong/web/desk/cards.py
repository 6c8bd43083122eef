"""收到的监察牌: an officer's own and, for who heads a section, its people's; answer with cause and measure, or appeal."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.domains.supervision import queries as supervision
from zhengtong.web.desk import card_page
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading

SIDE = card_page.Side("desk", "desk/card.html", answers=True)


@desk()
@require_safe
def received(request: ActingRequest) -> HttpResponse:
    """What waits for an answer, the soonest due first; or all, newest first."""
    everything, at = request.GET.get("all") == "1", timezone.now()
    found = supervision.received_cards(
        request.acting,
        owed=not everything,
        before=reading.number(request.GET.get("before")) if everything else None,
        limit=supervision.PAGE + 1,
    )
    rows = found[: supervision.PAGE]
    context = {
        "rows": card_page.rows(rows, at),
        "everything": everything,
        "before": rows[-1].pk if everything and len(found) > supervision.PAGE else "",
    }
    return render(request, "desk/cards.html", context)


@desk()
@require_GET
def page(request: ActingRequest, number: str) -> HttpResponse:
    return card_page.page(request, number, SIDE)


@desk()
@require_POST
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    return card_page.step(request, number, name, SIDE)


@desk()
@require_GET
def file(request: ActingRequest, number: str, file_id: int) -> HttpResponseBase:
    return card_page.file(request, number, file_id)
