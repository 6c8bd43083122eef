"""大厅: how long one would wait now, when it is open, a ticket by phone, and one's place in line while it is kept."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import ticket_called, ticket_left
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.clock import local_date
from zhengtong.rules.queue import Priority, TicketChannel, TicketState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_acting, citizen_door
from zhengtong.web.frame import waits
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

CLAIMED = (Priority.ELDERLY, Priority.DISABLED)  # what one may say of oneself; the window looks


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """The hall asked for, else the first: it is the centre's."""
    code = request.GET.get("hall", "")[:20]
    return _page(request, code if "\x00" not in code else "")


def _page(request: HttpRequest, code: str, refused: Any = "", status: int = 200) -> HttpResponse:
    at = timezone.now()
    places = list(registry.halls())
    place = next((one for one in places if one.code == code), places[0] if places and not code else None)
    if code and place is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    now = hall.scene(place.code, at) if place else None
    mine = []
    if request.user.is_authenticated and getattr(request.user, "kind", "") == "citizen":
        mine = hall.my_tickets(citizen_acting(request), local_date(at))
    context = {
        "places": places,
        "place": place,
        "now": now,
        "lines": [(one, now.waiting(one.pk), waits.about(now.for_newcomer(one.pk))) for one in now.queues]
        if now and place
        else [],
        "is_open": now.hours.is_open(at) if now else False,
        "gives": now.gives_tickets if now else False,
        "mine": [(one, waits.STATES[one.state], waits.LAMPS[one.state]) for one in mine],
        "booking": _way("portal:book"),
        "claims": [("", _("不需要优先")), *((one.value, waits.PRIORITIES[one]) for one in CLAIMED)],
        "refused": refused,
        "at": at,
    }
    return render(request, "portal/hall/halls.html", context, status=status)


def _way(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@require_POST
@citizen_door
def take(request: ActingRequest) -> HttpResponse:
    """A ticket from afar, for the phone that was verified with the account: one at a time."""
    account: Any = request.user
    code, claimed = request.POST.get("hall", ""), request.POST.get("priority", "")
    try:
        if not (account.phone and account.phone_verified):
            raise Refusal(RefusalCode.TICKET_PHONE_NEEDED)
        ticket = take_ticket(
            code,
            request.POST.get("queue", ""),
            channel=TicketChannel.PHONE,
            priority=claimed if claimed in CLAIMED else "",
            phone=account.phone,
            account_id=account.pk,
            person_name=account.name,
            language=get_language() or "",
            by=request.acting,
            at=timezone.now(),
        )
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.QUEUE_UNKNOWN):
            raise
        return _page(request, code, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("取号成功。请在快到号前到达大厅。"))
    return redirect("portal:ticket", key=ticket.key)


# --- my ticket: whoever has its address holds it, as with a paper one ---


@never_cache
@require_safe
def ticket(request: HttpRequest, key: Any) -> HttpResponse:
    return _ticket_page(request, key)


def _ticket_page(request: HttpRequest, key: Any, refused: Any = "", status: int = 200) -> HttpResponse:
    one, at = hall.ticket_for(key), timezone.now()
    waiting = one.state == TicketState.WAITING
    estimate = hall.estimate_for(one, at) if waiting else None
    context = {
        "ticket": one,
        "state": waits.STATES[one.state],
        "lamp": waits.LAMPS[one.state],
        "priority": waits.PRIORITIES[one.priority],
        "ahead": estimate.ahead if estimate else 0,
        "estimate": waits.about(estimate) if estimate else "",
        "called": one.state == TicketState.CALLED,
        "live": one.state in (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING),
        "told": waits.minutes(one.announced_minutes),
        "may_leave": one.state in (TicketState.WAITING, TicketState.CALLED),
        "may_return": one.state == TicketState.PASSED and one.on == local_date(at),
        "refused": refused,
        "at": at,
    }
    return render(request, "portal/hall/ticket.html", context, status=status)


@require_POST
def leave(request: HttpRequest, key: Any) -> HttpResponse:
    return _act(request, key, _("已退号。需要时可以再取。"), ticket_left.leave)


@require_POST
def come_back(request: HttpRequest, key: Any) -> HttpResponse:
    return _act(request, key, _("已重新签到，请留在大厅等候叫号。"), ticket_called.check_in_again)


def _act(request: HttpRequest, key: Any, said: str, flow: Any) -> HttpResponse:
    at: datetime = timezone.now()
    try:
        flow(key, by=_bearer(request), at=at)
    except Refusal as refusal:
        if refusal.code is RefusalCode.TICKET_UNKNOWN:
            raise
        return _ticket_page(request, key, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, said)
    return redirect("portal:ticket", key=key)


def _bearer(request: HttpRequest) -> Acting:
    """The signed-in person, else whoever holds the ticket."""
    if request.user.is_authenticated and getattr(request.user, "kind", "") == "citizen":
        return citizen_acting(request)
    return Acting(kind=ActorKind.APPLICANT, id=None, name="持票人")
