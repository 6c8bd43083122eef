"""The account page, in whose name one acts, and the demo's local inbox. Signing in itself is allauth's."""

from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.outbox.queries import kept
from zhengtong.domains.messaging.queries import sms_text
from zhengtong.domains.registry import queries
from zhengtong.web.accounts import acting
from zhengtong.web.accounts.adapter import masked_address
from zhengtong.web.accounts.forms import Profile
from zhengtong.web.frame.kept import ACCOUNT_COOKIE
from zhengtong.web.frame.whole import whole


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = cast("Any", request.user)
    form = Profile(request.POST or None, initial={"name": user.name, "language": user.language})
    if user.kind == "officer":
        del form.fields["name"]  # an officer's name is the personnel file's, not their own to change
    if form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(user, name, value)
        user.save(update_fields=list(form.cleaned_data))
        messages.success(request, _("已保存。"))
        return redirect("accounts:account")
    context = {
        "form": form,
        "phone": masked_address(user.phone) if user.phone and user.phone_verified else "",
        "email": masked_address(user.email) if user.email else "",
        "is_officer": user.kind == "officer",
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def acting_for(request: HttpRequest) -> HttpResponse:
    """In whose name: oneself, or an enterprise one represents or holds a mandate of."""
    if request.method == "POST":
        chosen = request.POST.get("enterprise", "")
        if (enterprise := whole(chosen)) is not None:
            acting.choose_enterprise(request, enterprise)
        else:
            acting.drop_enterprise(request)
        return HttpResponseRedirect(_next(request) or "/")
    enterprises = queries.enterprises_of(int(cast("Any", request.user).pk), timezone.localdate())
    context = {
        "enterprises": enterprises,
        "chosen": request.session.get(acting.ACTING_ENTERPRISE),
        "next": _next(request),
    }
    return render(request, "accounts/acting.html", context)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


@never_cache
@require_safe
def local_inbox(request: HttpRequest) -> HttpResponse:
    """What the demo city sends out. Exists in the demo only: it shows codes of whoever asks for one."""
    if not settings.ZHENGTONG_DEMO:
        raise Http404
    sent = kept(channels=("sms", "mail"), limit=50)
    for message in sent:  # letters carry their text; what a case tells is facts until somebody reads it
        message.payload["text"] = sms_text(message.kind, message.payload)
    return render(request, "accounts/local_inbox.html", {"sent": sent})


class SignOut(allauth_views.LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        # On a shared machine nothing of this person stays behind.
        response.delete_cookie(ACCOUNT_COOKIE)
        return response


class ChangePhone(allauth_views.ChangePhoneView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except RateLimited:
            response = respond_429(self.request)
        return response
