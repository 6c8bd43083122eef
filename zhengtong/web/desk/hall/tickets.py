"""导办台: a ticket for somebody who stands at the desk, and what is done with a ticket by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.base.permission import Acting
from zhengtong.domains.hall import queries as hall
from zhengtong.flows import ticket_called, ticket_left
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.clock import local_date
from zhengtong.rules.masking import mask_mobile, mask_name
from zhengtong.rules.queue import Priority, TicketChannel, TicketState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.hall import words
from zhengtong.web.desk.hall.manage import chosen
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.language import either
from zhengtong.web.frame.refusals import refused_on, status_of
from zhengtong.web.frame.sentences import sentence_html

AT_DESK = (Ability.BOOK, Ability.KEEP_HALL)
BY_HAND = (*AT_DESK, Ability.CALL_TICKETS)
BESIDE = {
    RefusalCode.CODE_MOBILE_FORM: "phone",
    RefusalCode.TICKET_OPEN: "phone",
    RefusalCode.QUEUE_SHUT: "queue",
}


class Take(forms.Form):
    queue = forms.ChoiceField(label=gettext_lazy("办什么"), widget=forms.RadioSelect)
    priority = forms.ChoiceField(label=gettext_lazy("优先"), required=False, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=gettext_lazy("手机号"), required=False, max_length=20, help_text=gettext_lazy("快到号时发短信提醒。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    person_name = forms.CharField(
        label=gettext_lazy("姓名"), required=False, max_length=60, widget=forms.TextInput(attrs={"lang": "zh-Hans"})
    )

    def __init__(self, data: Any, *, queues: list[Any]) -> None:
        super().__init__(data, use_required_attribute=False)
        self.fields["queue"].choices = [(one.code, _named(one)) for one in queues]  # type: ignore[attr-defined]
        self.fields["priority"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("没有")),
            *((one.value, words.PRIORITIES[one]) for one in (Priority.ELDERLY, Priority.DISABLED, Priority.GREEN)),
        ]


def _named(queue: Any) -> Any:
    return either(f"{queue.letter} {queue.name}", f"{queue.letter} {queue.name_en}" if queue.name_en else "")


@desk(*AT_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: ActingRequest) -> HttpResponse:
    place, at = chosen(request), timezone.now()
    if place is None:
        return render(request, "desk/hall/none.html")
    now = hall.scene(place.code, at)
    form = Take(request.POST if request.method == "POST" else None, queues=list(now.queues))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with refused_on(form, BESIDE):
            ticket = take_ticket(
                place.code, told["queue"], channel=TicketChannel.DESK, priority=told["priority"], phone=told["phone"],
                person_name=told["person_name"], by=request.acting, at=at,
            )  # fmt: skip
            return redirect("desk:ticket", key=ticket.key)
    label = reading.key(request, "label")
    if label:
        try:
            return redirect("desk:ticket", key=hall.ticket_by_label(place.code, local_date(at), label).key)
        except Refusal as refusal:
            messages.error(request, sentence_html(refusal))
    context = {
        "hall": place,
        "form": form,
        "label": label,
        "queues": [(one, now.waiting(one.pk), words.about(now.for_newcomer(one.pk))) for one in now.queues],
        "hours": now.hours,
    }
    return render(request, "desk/hall/take.html", context, status=422 if form.is_bound else 200)


@desk(*BY_HAND)
@require_safe
def ticket(request: ActingRequest, key: Any) -> HttpResponse:
    return _page(request, key)


def _page(request: ActingRequest, key: Any, refused: Any = "", status: int = 200) -> HttpResponse:
    one, at = hall.ticket_for(key), timezone.now()
    by, waits = request.acting, one.state == TicketState.WAITING
    estimate = hall.estimate_for(one, at) if waits else None
    context = {
        "ticket": one,
        "state": words.STATES[one.state],
        "lamp": words.LAMPS[one.state],
        "priority": words.PRIORITIES[one.priority],
        "channel": words.CHANNELS[one.channel],
        "estimate": words.about(estimate) if estimate else "",
        "ahead": estimate.ahead if estimate else 0,
        "told": words.minutes(one.announced_minutes),
        "name": mask_name(one.person_name) if one.person_name else "",
        "phone": mask_mobile(one.phone) if one.phone else "",
        "queues": hall.queues(one.hall.code),
        "may_pin": waits and by.can(Ability.KEEP_HALL),
        "may_move": waits and by.can(Ability.KEEP_HALL),
        "may_return": one.state == TicketState.PASSED and by.can(*AT_DESK),
        "may_leave": one.state in (TicketState.WAITING, TicketState.CALLED) and by.can(*AT_DESK),
        "refused": refused,
        "acts": [_act(entry) for entry in reversed(list(entries_of("ticket", str(one.key))))],
    }
    return render(request, "desk/hall/ticket.html", context, status=status)


def _act(entry: Any) -> Act:
    lines = acts.fact_lines(facts_of(entry), words.FACTS)
    return Act(words.ACTS.get(entry.kind, entry.kind), entry.at, acts.who(entry), lines)


@desk(*BY_HAND)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ActingRequest, key: Any, name: str) -> HttpResponse:
    if request.method != "POST":  # a refusal was drawn here, and the page is opened again in another language
        return redirect("desk:ticket", key=key)
    act = STEPS.get(name)
    if act is None:
        raise Http404
    try:
        said = act(request, key, request.acting, timezone.now())
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, key, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, said)
    return redirect("desk:ticket", key=key)


def _return(request: ActingRequest, key: Any, by: Acting, at: datetime) -> Any:
    by.check(*AT_DESK)
    ticket_called.check_in_again(key, by=by, at=at)
    return _("已重新签到，顺延几位后叫号。")


def _leave(request: ActingRequest, key: Any, by: Acting, at: datetime) -> Any:
    by.check(*AT_DESK)
    ticket_left.leave(key, by=by, at=at)
    return _("已退号。")


def _pin(request: ActingRequest, key: Any, by: Acting, at: datetime) -> Any:
    ticket_called.pin(key, reason=request.POST.get("reason", ""), by=by, at=at)
    return _("已置顶，下一个就叫。")


def _transfer(request: ActingRequest, key: Any, by: Acting, at: datetime) -> Any:
    by.check(Ability.KEEP_HALL)
    ticket_called.transfer(key, queue_code=request.POST.get("to", ""), by=by, at=at)
    return _("已转走，保留原来的次序。")


STEPS: dict[str, Callable[[ActingRequest, Any, Acting, datetime], Any]] = {
    "return": _return,
    "leave": _leave,
    "pin": _pin,
    "transfer": _transfer,
}
