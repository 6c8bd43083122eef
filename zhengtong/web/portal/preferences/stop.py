"""退订: the link in a mail. A click in a mail program asks first; its one-click button (RFC 8058) does it at once."""

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from zhengtong.domains.messaging import actions, queries
from zhengtong.exchange.mail import STOP_SALT
from zhengtong.rules.messaging import Channel, Receiver
from zhengtong.rules.refusal import Refusal, RefusalCode


@never_cache
@csrf_exempt  # a mail program has no cookie; the signed token is the proof, and stopping is all it can do
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    try:
        account_id, kind = signing.loads(token, salt=STOP_SALT)
        template = queries.template(kind)
    except (signing.BadSignature, ValueError, KeyError, TypeError) as fault:
        raise Refusal(RefusalCode.NOT_FOUND) from fault
    if request.method == "POST":
        actions.stop(int(account_id), kind, Channel.MAIL, officer=template.to is Receiver.OFFICER)
    return render(request, "portal/preferences/stop.html", {"template": template, "done": request.method == "POST"})
