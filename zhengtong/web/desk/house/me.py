"""What an officer sees of themselves: posts held, for whom they stand in, who stands in for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.domains.registry import queries
from zhengtong.web.desk.door import ActingRequest, desk


@desk()
@require_safe
def me(request: ActingRequest) -> HttpResponse:
    officer = queries.officer_by_id(request.acting.id)
    context = {
        "officer": officer,
        "posts": queries.posts_of(officer.pk),
        "substitutions": queries.substitutions_of(officer.pk),
        "held": [post for post in request.acting.posts if post.principal_id is not None],
        "today": timezone.localdate(),
    }
    return render(request, "desk/house/me.html", context)
