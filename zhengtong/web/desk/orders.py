"""收到的督办: what supervision asks of this officer's section, what is recorded about this officer; receive and answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from zhengtong.domains.orders import queries as orders
from zhengtong.flows.order_accountability import object_to_admonition
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.desk import order_page
from zhengtong.web.desk import order_words as words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

SIDE = order_page.Side("desk", "desk/order.html", by_organ=True)


@desk()
@require_safe
def owed(request: ActingRequest) -> HttpResponse:
    finished, at = request.GET.get("finished") == "1", timezone.now()
    found = orders.owed(
        request.acting,
        finished=finished,
        before=reading.number(request.GET.get("before")) if finished else None,
        limit=orders.PAGE + 1,
    )
    shown = found[: orders.PAGE] if finished else found
    context = {
        "rows": order_page.rows(shown, at),
        "finished": finished,
        "before": shown[-1].pk if finished and len(found) > orders.PAGE else "",
        "admonitions": [
            (row, words.MEASURES[row.measure], words.ADMONITION_STATES[row.state])
            for row in orders.own_admonitions(request.acting)
        ],
    }
    return render(request, "desk/orders.html", context)


@desk()
@require_GET
def page(request: ActingRequest, number: str) -> HttpResponse:
    return order_page.page(request, number, SIDE)


@desk()
@require_POST
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    return order_page.step(request, number, name, SIDE)


@desk()
@require_GET
def paper(request: ActingRequest, number: str, uid: Any) -> HttpResponseBase:
    return order_page.paper(request, number, uid)


@desk()
@require_GET
def attachment(request: ActingRequest, number: str, attachment_id: int) -> HttpResponseBase:
    return order_page.attachment(request, number, attachment_id)


@desk()
@require_http_methods(["GET", "HEAD", "POST"])
def admonition(request: ActingRequest, number: str) -> HttpResponse:
    """What is recorded about oneself, and the objection to it."""
    row, refused, status = orders.own_admonition(request.acting, number), "", 200
    text = request.POST.get("text", "")
    if request.method == "POST":
        try:
            object_to_admonition(number, text=text, by=request.acting, at=timezone.now())
        except Refusal as refusal:
            if refusal.code is RefusalCode.NOT_FOUND:
                raise
            refused, status = sentence_html(refusal), status_of(refusal.code)
        else:
            messages.success(request, _("异议已提出，由没有经办登记的人处理。"))
            return redirect("desk:admonition", number=number)
    context = {
        "row": row,
        "measure": words.MEASURES[row.measure],
        "state": words.ADMONITION_STATES[row.state],
        "may_object": row.state == "IN_FORCE" and row.objected_at is None,
        "text": text,
        "refused": refused,
    }
    return render(request, "desk/admonition.html", context, status=status)
