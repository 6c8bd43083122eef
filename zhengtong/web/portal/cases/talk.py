"""Words between the applicant and the officer, and the urging of a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtong.flows import talk
from zhengtong.rules.refusal import Refusal
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.cases.case import shown


@citizen_door
@require_POST
def say(request: ActingRequest, number: str) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        talk.say(number, text=text, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if not refusal.code.value.startswith("text."):
            raise
        return shown(request, number, said=text, say_error=sentence_html(refusal))
    messages.success(request, _("留言已送到经办人。"))
    return redirect("portal:case", number)


@citizen_door
@require_POST
def urge(request: ActingRequest, number: str) -> HttpResponse:
    talk.urge(number, by=request.acting, at=timezone.now())
    messages.success(request, _("已催办，经办人和他的负责人都看得到。"))
    return redirect("portal:case", number)
