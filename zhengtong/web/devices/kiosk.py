"""取号: choose what for, perhaps a phone and a precedence, and there is the ticket. One press where nothing is asked."""

import io
from typing import Any
from uuid import uuid4

import segno
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from zhengtong.domains.devices.queries import acting_of
from zhengtong.domains.hall import queries as hall
from zhengtong.flows.appointment_checked_in import check_in
from zhengtong.flows.ticket_called import check_in_again
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.clock import local_date
from zhengtong.rules.devices import DeviceKind
from zhengtong.rules.queue import TicketChannel
from zhengtong.rules.refusal import Refusal
from zhengtong.web.devices import words
from zhengtong.web.devices.door import DeviceRequest, machine, show
from zhengtong.web.frame.sentences import sentence_html

TWICE = 5 * 60  # seconds in which one press is known again


class Taking(forms.Form):
    press = forms.UUIDField(widget=forms.HiddenInput)
    priority = forms.ChoiceField(choices=[(code, code) for code in words.PRIORITIES], required=False)
    phone = forms.CharField(max_length=11, required=False)


@machine(DeviceKind.KIOSK)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: DeviceRequest, code: str, **_kwargs: Any) -> HttpResponse:
    """The ticket is shown by the answer to the press itself: a cut between two requests would lose a number."""
    device, refused = request.device, ""
    queue = hall.queue_by_code(device.hall_code, code)
    form = Taking(request.POST if request.method == "POST" else None, initial={"press": uuid4()})
    if form.is_valid():
        asked = form.cleaned_data
        if (key := cache.get(f"press:{asked['press']}")) is not None:
            return ticket_page(request, hall.ticket_for(key), fresh=True)  # the browser threw the first answer away
        try:
            ticket = take_ticket(
                device.hall_code,
                code,
                channel=TicketChannel.KIOSK.value,
                priority=asked["priority"],
                phone=asked["phone"].strip(),
                language=get_language() or "",
                by=acting_of(device),
                at=request.at,
            )
        except Refusal as refusal:
            refused = sentence_html(refusal)
        else:
            cache.set(f"press:{asked['press']}", str(ticket.key), TWICE)
            return ticket_page(request, ticket, fresh=True)
    context = {
        "queue": queue,
        "form": form,
        "press": form["press"].value() or uuid4(),
        "priorities": words.PRIORITIES.items(),
        "chosen": form["priority"].value() or "",
        "phone": form["phone"].value() or "",
        "estimate": hall.estimate(queue, request.at),
        "refused": refused,
    }
    return show(request, "take", context, 422 if form.is_bound else 200)


class Typed(forms.Form):
    press = forms.UUIDField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(max_length=20, error_messages={"required": _("请先输入。")})


@machine(DeviceKind.KIOSK)
@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: DeviceRequest, **_kwargs: Any) -> HttpResponse:
    """预约签到."""
    return _by_code(request, "check_in", lambda code: _checked_in(request, code))


def _checked_in(request: DeviceRequest, code: str) -> Any:
    device = request.device
    return check_in(code, hall_code=device.hall_code, by=acting_of(device), at=request.at)


@machine(DeviceKind.KIOSK)
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: DeviceRequest, **_kwargs: Any) -> HttpResponse:
    """过号重新签到, by the number on the ticket."""
    device, at = request.device, request.at

    def again(code: str) -> Any:
        ticket = hall.ticket_by_label(device.hall_code, local_date(at), code)
        return check_in_again(ticket.key, by=acting_of(device), at=at)

    return _by_code(request, "come_back", again)


def _by_code(request: DeviceRequest, template: str, step: Any) -> HttpResponse:
    refused, typed = "", request.POST.get("code", "")
    form = Typed(request.POST if request.method == "POST" else None, initial={"press": uuid4()})
    if form.is_valid():
        press = form.cleaned_data["press"]
        if press and (key := cache.get(f"press:{press}")) is not None:
            return ticket_page(request, hall.ticket_for(key), fresh=True)  # the browser threw the first answer away
        try:
            ticket = step(form.cleaned_data["code"])
        except Refusal as refusal:
            refused = sentence_html(refusal)
        else:
            cache.set(f"press:{press}", str(ticket.key), TWICE)
            return ticket_page(request, ticket, fresh=True)
    context = {"form": form, "typed": typed, "refused": refused, "press": form["press"].value() or uuid4()}
    return show(request, template, context, 422 if form.is_bound else 200)


def ticket_page(request: DeviceRequest, ticket: Any, *, fresh: bool = False) -> HttpResponse:
    """The slip, on the glass and for the printer; printed once when it is fresh."""
    address = settings.PUBLIC_URL + reverse("portal:ticket", args=[ticket.key])
    context = {
        "ticket": ticket,
        "ahead": hall.place_of(ticket),
        "estimate": hall.estimate_for(ticket, request.at),
        "windows": [window.number for window in hall.queue_for(ticket.hall.code, ticket.queue.code).windows.all()],
        "qr": qr(address),
        "address": address,
        "prints": fresh,
    }
    return show(request, "ticket", context)


def qr(address: str) -> SafeString:
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", xmldecl=False, svgns=False, border=1, omitsize=True)
    return mark_safe(drawing.getvalue().decode())  # noqa: S308  (drawn from squares; the address stands in no attribute)
