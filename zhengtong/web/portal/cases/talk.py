"""Words between the applicant and the officer, and the urging of a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtong.flows import talk
from zhengtong.web.accounts.acting import ActingRequest, citizen_door


@citizen_door
@require_POST
def say(request: ActingRequest, number: str) -> HttpResponse:
    talk.say(number, text=request.POST.get("text", ""), by=request.acting, at=timezone.now())
    messages.success(request, _("留言已送到经办人。"))
    return redirect("portal:case", number)


@citizen_door
@require_POST
def urge(request: ActingRequest, number: str) -> HttpResponse:
    talk.urge(number, by=request.acting, at=timezone.now())
    messages.success(request, _("已催办，经办人和他的负责人都看得到。"))
    return redirect("portal:case", number)
