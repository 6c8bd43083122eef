"""Rating by a link of the house: from a text message, or by the code on a paper. It says the item and the day, no more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.ratings import queries
from zhengtong.flows.rating_given import rate
from zhengtong.flows.rating_invited import send_link
from zhengtong.rules.ratings import Channel
from zhengtong.web.accounts.acting import officer_acting
from zhengtong.web.portal.ratings.asking import address, asked

# Who comes by a link is nobody in particular: the link is the proof, and the journal names no rater.
GUEST = Acting(kind=ActorKind.APPLICANT, id=None, name="评价人")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    node = queries.node_by_token(token)
    sent = queries.is_sent_link(token)
    # The code on a paper passes through a clerk's hands: its page is the same before and after the rating.
    on_paper = not sent and queries.has_owner(node)
    over, rated = timezone.now() > node.closes_at, node.level is not None and not on_paper
    if rated or over or on_paper:
        context = {"node": node, "token": token, "rated": rated, "over": over}
        return render(request, "portal/ratings/link.html", context)
    officer = officer_acting(request)  # nobody rates himself in the browser he works in

    def send(**given: Any) -> None:
        channel = Channel.SMS if sent else Channel.QR
        rate(
            node.key, channel=channel.value, token=token, ip=address(request), by=GUEST, at=timezone.now(),
            session_officer_id=officer.id if officer is not None else None, **given,
        )  # fmt: skip

    return asked(request, node, send=send, done=request.path, way_out="/")


@require_POST
def send(request: HttpRequest, token: str) -> HttpResponse:
    """The link goes to the phone of the service and nowhere else; the page says the same whether there is one."""
    send_link(queries.node_by_token(token), at=timezone.now())
    messages.success(request, _("办理时留了手机号、还没有评价的，评价链接已经发到那个手机上，一天发一次。"))
    return redirect("portal:rate_link", token)
