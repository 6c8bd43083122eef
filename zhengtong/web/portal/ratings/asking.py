"""The two questions of a rating, one a page: how was it, and why. Nothing is kept between them but the page itself."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.domains.ratings import queries
from zhengtong.flows.rating_given import rate
from zhengtong.rules.ratings import MOST_TEXT, Channel, Platform, check_window, reasons_for
from zhengtong.rules.refusal import RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.rating_words import LEVELS, reason_words
from zhengtong.web.frame.refusals import refused_on

Choices = list[tuple[str, str | Promise]]


class HowForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("这次服务怎么样？"),
        coerce=int,
        choices=[(level, word) for level, word in LEVELS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。"), "invalid_choice": _("请选一项。")},
    )


class WhyForm(forms.Form):
    level = forms.TypedChoiceField(
        coerce=int, choices=[(level, word) for level, word in LEVELS.items()], widget=forms.HiddenInput
    )
    reasons = forms.MultipleChoiceField(
        label=_("主要是因为"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("可以多选，也可以不选")
    )
    text = forms.CharField(
        label=_("还想说的话"),
        help_text=_("可以不写。请不要写姓名、电话和证件号码；公开以前会遮去个人信息。"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-most": MOST_TEXT}),
    )

    def __init__(self, data: Any, *, platform: str, level: int) -> None:
        super().__init__(data)
        words = reason_words(level)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, words[code]) for code in reasons_for(Platform(platform))]


def asked(request: HttpRequest, node: Any, *, send: Callable[..., Any], done: str, way_out: str) -> HttpResponse:
    """First the level, then why; `send` takes level, reasons and text. A refusal stands on the page with all typed."""
    how = HowForm(request.POST or None, initial={"level": request.GET.get("level", "")})
    context: dict[str, Any] = {"node": node, "way_out": way_out}
    if not how.is_valid():
        status = 422 if how.is_bound else 200
        return render(request, "portal/ratings/how.html", context | {"form": how}, status=status)
    level = how.cleaned_data["level"]
    sending = request.POST.get("step") == "send"
    why = WhyForm(request.POST if sending else {"level": level}, platform=node.platform, level=level)
    if sending and why.is_valid():
        given = why.cleaned_data
        with refused_on(why, {code: "text" for code in RefusalCode if code.value.startswith("text.")}):
            send(level=given["level"], reasons=tuple(given["reasons"]), text=given["text"])
        if why.is_valid():
            return redirect(done)
    shown = {"form": why, "level": level, "level_word": LEVELS[level], "bad": level > 3}
    status = 422 if sending and why.errors else 200
    return render(request, "portal/ratings/why.html", context | shown, status=status)


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def way_of(request: HttpRequest) -> Channel:
    """PC端 or 移动服务端, as the browser says of itself."""
    return Channel.MOBILE if "Mobi" in request.headers.get("user-agent", "") else Channel.PC


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def signed_in(request: ActingRequest, key: str) -> HttpResponse:
    node = queries.node_for(request.acting, key)
    if node.level is not None:
        return redirect("portal:rated", key)
    check_window(node.opened_at, node.closes_at, timezone.now())

    def send(**given: Any) -> None:
        rate(key, channel=way_of(request).value, ip=address(request), by=request.acting, at=timezone.now(), **given)

    return asked(request, node, send=send, done=f"/ratings/{key}/done/", way_out="/ratings/")
