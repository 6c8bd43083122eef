"""One appointment at the desk: check in, move, cancel, send somebody, answer an objection. Personal data by purpose."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions import reveal as record_reveal
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.flows import (
    appointment_cancelled,
    appointment_checked_in,
    appointment_missed,
    appointment_moved,
    appointment_visited,
)
from zhengtong.rules.masking import mask_mobile, mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Place, Status
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.appointments.lists import line, queue_names
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html


@desk()
@require_GET
def page(request: ActingRequest, key: Any) -> HttpResponse:
    return _page(request, queries.appointment_for(request.acting, str(key)))


def _page(
    request: ActingRequest, row: Appointment, *, refused: Any = "", status: int = 200, shown: bool = False
) -> HttpResponse:
    by, at = request.acting, timezone.now()
    booked, home = row.state == Status.BOOKED.value, row.place == Place.HOME.value
    at_desk = by.can(*queries.DESK)
    slots = []
    if booked and at_desk:
        days = queries.open_days(row.hall_id, row.queue_code, at, place=Place(row.place))
        on = queries_day(request, days)
        slots = queries.slots(row.hall.code, row.queue_code, on, place=Place(row.place)) if on else []
    else:
        days, on = [], None
    context = {
        "row": row,
        "state": words.STATES[row.state],
        "tag": words.TAGS.get(row.state, "grey"),
        "channel": words.CHANNELS.get(row.channel, row.channel),
        "service": words.SERVICES[row.slot.service],
        "home": home,
        "queue": queue_names(row.hall.code).get(row.queue_code),
        "at_desk": at_desk,
        "booked": booked,
        "shown": shown,
        "name": row.person_name if shown else mask_name(row.person_name),
        "phone": row.phone if shown else mask_mobile(row.phone),
        "address": row.address if shown else "",
        "may_check_in": booked and not home and at_desk,
        "may_end_visit": booked
        and home
        and row.officer_id is not None
        and (at_desk or row.officer_id in by.principals()),
        "may_answer": row.state == Status.NO_SHOW.value and row.answered_at is None and at_desk,
        "days": days,
        "on": on,
        "slots": [slot for slot in slots if slot.left and slot.starts > at and slot.pk != row.slot_id],
        "pause": queries.pause(queries.Person(row.account_id, row.phone_hash), at) if at_desk else None,
        "acts": [_act(entry) for entry in reversed(list(entries_of("appointment", row.key)))],
        "refused": refused,
        "text": request.POST.get("text", ""),
        "staff_no": request.POST.get("staff_no", ""),
    }
    return render(request, "desk/appointments/booking.html", context, status=status)


def queries_day(request: ActingRequest, days: list[queries.OpenDay]) -> Any:
    """The day asked for, else the first that has room."""
    asked = request.GET.get("on", "")
    return next((one.on for one in days if one.on.isoformat() == asked), next((d.on for d in days if d.left), None))


def _act(entry: Any) -> Act:
    facts = json.loads(entry.facts)
    return Act(words.ACTS.get(entry.kind, entry.kind), entry.at, acts.who(entry), acts.fact_lines(facts, words.FACTS))


STEPS = ("check-in", "move", "cancel", "assign", "visited", "failed", "excuse", "uphold")


@desk()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ActingRequest, key: Any, name: str) -> HttpResponse:
    if request.method != "POST":  # a refusal was drawn here, and the page is opened again in another language
        return redirect("desk:booking", key)
    row = queries.appointment_for(request.acting, str(key))
    if name not in STEPS:
        raise Refusal(RefusalCode.NOT_FOUND)
    try:
        said = _taken(request, row, name)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        fresh = queries.appointment_for(request.acting, str(key))
        return _page(request, fresh, refused=sentence_html(refusal), status=status_of(refusal.code))
    messages.success(request, said)
    return redirect("desk:booking", row.key)


def _taken(request: ActingRequest, row: Appointment, name: str) -> Any:
    by, at, post = request.acting, timezone.now(), request.POST
    text = post.get("text", "")
    match name:
        case "check-in":
            by.check(*queries.DESK)
            ticket = appointment_checked_in.check_in(row.code, by=by, at=at)
            return _("已签到，排队号 %(label)s。") % {"label": ticket.label}
        case "move":
            by.check(*queries.DESK)
            slot = post.get("slot", "")
            if not (slot.isascii() and slot.isdecimal() and len(slot) < 19):
                raise Refusal(RefusalCode.SLOT_CLOSED)
            appointment_moved.move(row, int(slot), seen=None, by=by, at=at)
            return _("已改期，已告知本人。")
        case "cancel":
            by.check(*queries.DESK)
            appointment_cancelled.cancel(row, reason=text, seen=None, by=by, at=at)
            return _("已取消，已告知本人。")
        case "assign":
            appointment_visited.assign_visit(row, post.get("staff_no", "").replace("\x00", "").strip(), by=by, at=at)
            return _("已指派，已告知本人和上门人员。")
        case "visited" | "failed":
            appointment_visited.visit_ended(row, done=name == "visited", outcome=text, by=by, at=at)
            return _("已记录上门结果。")
    appointment_missed.answer_objection(row, excused=name == "excuse", text=text, by=by, at=at)
    return _("已答复，已告知本人。")


@desk()
@require_POST
def reveal(request: ActingRequest, key: Any) -> HttpResponse:
    """Name, phone and address in clear, this once; the purpose is journalled."""
    row = queries.appointment_for(request.acting, str(key))
    try:
        record_reveal(row, purpose=request.POST.get("purpose", ""), by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _page(request, row, refused=sentence_html(refusal), status=status_of(refusal.code))
    return _page(request, row, shown=True)


@desk()
@require_safe
def visits(request: ActingRequest) -> HttpResponse:
    """我的上门任务."""
    rows = [line(row) for row in queries.visits_of(request.acting)]
    context = {"rows": rows, "books": request.acting.can(Ability.BOOK, Ability.KEEP_HALL)}
    return render(request, "desk/appointments/visits.html", context)
