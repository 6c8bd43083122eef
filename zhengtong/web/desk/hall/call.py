"""叫号: the window clerk's screen. One ticket, one primary button, everything by keyboard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import ticket_called, ticket_served, ticket_window
from zhengtong.rules.clock import local_date
from zhengtong.rules.masking import mask_mobile, mask_name
from zhengtong.rules.queue import TicketState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.hall import words
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

SHOWN = 8  # of the line
PAUSES = (10, 20, 30, 60)  # minutes a window may be left for


@dataclass(frozen=True, slots=True)
class Refused:
    sentence: Any
    status: int


@desk(Ability.CALL_TICKETS)
@require_safe
def call(request: ActingRequest) -> HttpResponse:
    return _page(request)


def _page(request: ActingRequest, refused: Refused | None = None) -> HttpResponse:
    by, at = request.acting, timezone.now()
    window = hall.own_window(by)
    context: dict[str, Any] = {"window": window, "refused": refused, "windows": hall.windows_for(by), "at": at}
    if window is not None:
        sitting = hall.sitting_of(window.pk)
        ticket = hall.serving(window.pk)
        mine = sitting is not None and sitting.officer_id == by.id
        line = hall.waiting_at(window.pk, local_date(at))
        idle = mine and ticket is None
        called = ticket is not None and ticket.state == TicketState.CALLED
        back = timedelta(minutes=current_law().value("hall.return.minutes", local_date(at)))
        context |= {
            "sitting": sitting,
            "mine": mine,
            "last": hall.served_last(sitting) if sitting is not None and (idle or (mine and called)) else None,
            "passed": hall.passed_at(window.pk, at - back) if idle else [],
            "ticket": ticket,
            "called": called,
            "state": words.STATES[ticket.state] if ticket else "",
            "lamp": words.LAMPS[ticket.state] if ticket else "",
            "priority": words.PRIORITIES[ticket.priority] if ticket else "",
            "who": masked(ticket) if ticket else "",
            "waited": words.minutes(_minutes(ticket.taken_at, ticket.first_called_at or at)) if ticket else "",
            "case_no": hall.taken_in_since(by.officer_id, ticket.started_at) if ticket and ticket.started_at else "",
            "queues": hall.queues_of_window(window.pk),
            "others": hall.queues(window.hall.code),
            "line": [(one, words.PRIORITIES[one.priority], words.minutes(_minutes(one.joined_at, at))) for one in line[:SHOWN]],
            "waiting": len(line),
            "pauses": PAUSES,
            "neighbours": [one for one in context["windows"] if one.hall_id == window.hall_id and one.pk != window.pk],
        }  # fmt: skip
    return render(request, "desk/hall/call.html", context, status=refused.status if refused else 200)


def masked(ticket: Any) -> str:
    """Masked: a name called out or a number shown tells nobody else who is there."""
    parts = [
        mask_name(ticket.person_name) if ticket.person_name else "",
        mask_mobile(ticket.phone) if ticket.phone else "",
    ]
    return " · ".join(part for part in parts if part)


def _minutes(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds() / 60, 0)


# --- the buttons ---


@desk(Ability.CALL_TICKETS)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ActingRequest, name: str) -> HttpResponse:
    """A refusal is drawn at this address; opened again (a language chosen, a reload) it leads back to the screen."""
    act = STEPS.get(name)
    if act is None:
        raise Http404
    if request.method != "POST":
        return redirect("desk:call")
    at = timezone.now()
    try:
        act(request, request.acting, at)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, Refused(sentence_html(refusal), status_of(refusal.code)))
    return redirect("desk:call")


def _window(request: ActingRequest) -> int:
    """The window named on the page, else the officer's own."""
    asked = reading.number(request.POST.get("window"))
    if asked is not None:
        return registry.window_for(asked).pk
    own = hall.own_window(request.acting)
    if own is None:
        raise Refusal(RefusalCode.WINDOW_SHUT)
    return own.pk


def _ticket(request: ActingRequest) -> str:
    return request.POST.get("ticket", "")


def _open(request: ActingRequest, by: Acting, at: datetime) -> None:
    ticket_window.open_window(_window(request), by=by, at=at)


def _close(request: ActingRequest, by: Acting, at: datetime) -> None:
    minutes = reading.number(request.POST.get("minutes"))
    window_id = _window(request)
    ticket_window.close_window(window_id, minutes=minutes if minutes in PAUSES else None, by=by, at=at)
    messages.success(request, _("窗口已关。"))
    left = len(hall.waiting_at(window_id, local_date(at)))
    if left and not hall.open_elsewhere(window_id):
        said = ngettext(
            "还有 %(n)d 人在等，现在没有别的窗口能叫他们。请告诉导办员或大厅管理人员。",
            "还有 %(n)d 人在等，现在没有别的窗口能叫他们。请告诉导办员或大厅管理人员。",
            left,
        )
        messages.warning(request, said % {"n": left})


def _next(request: ActingRequest, by: Acting, at: datetime) -> None:
    if ticket_called.call_next(_window(request), by=by, at=at) is None:
        messages.info(request, _("没有等候的人了。"))


def _recall(request: ActingRequest, by: Acting, at: datetime) -> None:
    ticket = ticket_called.recall(_ticket(request), by=by, at=at)
    messages.success(request, _("已再叫 %(label)s 号。") % {"label": ticket.label})


def _pass(request: ActingRequest, by: Acting, at: datetime) -> None:
    ticket = ticket_called.pass_over(_ticket(request), by=by, at=at)
    messages.success(request, _("%(label)s 号已过号，规定时间内可以重新签到。") % {"label": ticket.label})


def _back(request: ActingRequest, by: Acting, at: datetime) -> None:
    ticket_called.call_back(_ticket(request), by=by, at=at)


def _reopen(request: ActingRequest, by: Acting, at: datetime) -> None:
    called = ticket_served.reopen(_ticket(request), by=by, at=at)
    if called is None:
        messages.success(request, _("已撤销办结，接着办理。"))
    else:
        messages.success(request, _("已撤销办结，接着办理。%(label)s 号退回原来的次序。") % {"label": called.label})


def _start(request: ActingRequest, by: Acting, at: datetime) -> None:
    ticket_served.start(_ticket(request), by=by, at=at)


def _serve(request: ActingRequest, by: Acting, at: datetime) -> None:
    ticket = ticket_served.served(_ticket(request), case_no=request.POST.get("case_no", ""), by=by, at=at)
    messages.success(request, _("%(label)s 号已办结，评价器请群众评价。") % {"label": ticket.label})


def _serve_next(request: ActingRequest, by: Acting, at: datetime) -> None:
    _serve(request, by, at)
    _next(request, by, at)


def _transfer(request: ActingRequest, by: Acting, at: datetime) -> None:
    to = request.POST.get("to", "")
    kind, _sign, value = to.partition(":")
    ticket = ticket_called.transfer(
        _ticket(request),
        queue_code=value if kind == "queue" else "",
        window_id=reading.number(value) if kind == "window" else None,
        by=by,
        at=at,
    )
    messages.success(request, _("%(label)s 号已转走，保留原来的次序。") % {"label": ticket.label})


STEPS: dict[str, Callable[[ActingRequest, Acting, datetime], None]] = {
    "open": _open,
    "close": _close,
    "next": _next,
    "recall": _recall,
    "pass": _pass,
    "back": _back,
    "reopen": _reopen,
    "start": _start,
    "serve": _serve,
    "serve-next": _serve_next,
    "transfer": _transfer,
}
