"""评价文字: looked through by the centre, once the seven days are over, before anybody else reads them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.domains.ratings import actions, queries
from zhengtong.rules.ratings_publication import masked
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.rating_words import LEVELS


@never_cache
@desk(Ability.KEEP_HALL)
@require_safe
def waiting(request: ActingRequest) -> HttpResponse:
    rows = [
        (
            LEVELS[one.node.level or one.level],
            one,
            "\n".join(masked(part) for part in (one.text, one.follow_text) if part),
        )
        for one in queries.texts_to_judge(request.acting, at=timezone.now())
    ]
    return render(request, "desk/ratings/texts.html", {"rows": rows})


@desk(Ability.KEEP_HALL)
@require_POST
def judge(request: ActingRequest, number: str) -> HttpResponse:
    by, at = request.acting, timezone.now()
    if request.POST.get("step") == "publish":
        actions.publish_text(number, text=request.POST.get("text", ""), by=by, at=at)
        messages.success(request, _("这段话会随当月的评价公布。"))
    else:
        actions.withhold_text(number, by=by, at=at)
        messages.success(request, _("这段话不公布，评价照样计入。"))
    return redirect("desk:rating_texts")
