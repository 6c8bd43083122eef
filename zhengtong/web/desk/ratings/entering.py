"""登记评价: what somebody said by phone or wrote on a slip. The clerk finds the service by its number, and sees nobody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.hall import queries as hall
from zhengtong.domains.ratings import names, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.rating_given import rate
from zhengtong.rules.ratings import MOST_TEXT, Channel, Platform, reasons_for
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.rating_code import rating_code
from zhengtong.web.frame.rating_words import BAD, CHANNELS, GOOD, KINDS, LEVELS
from zhengtong.web.frame.refusals import refused_on

TOLD = (Channel.PHONE, Channel.PAPER, Channel.HOTLINE)
LABEL_MOST = 6  # letters of a ticket's label; what is longer is a number


class EnteringForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("怎么收到的"),
        choices=[(way.value, CHANNELS[way]) for way in TOLD],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项。")},
    )
    caller = forms.CharField(
        label=gettext_lazy("来电号码"),
        help_text=gettext_lazy("电话评价必填，要与办理时留的号码一致；书面评价单可以不填。"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "short"}),
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("对方的评价"),
        coerce=int,
        choices=[(level, word) for level, word in LEVELS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项。"), "invalid_choice": gettext_lazy("请选一项。")},
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("主要原因"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=gettext_lazy("对方说的话"),
        help_text=gettext_lazy("照原话记，不加自己的话。"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-most": MOST_TEXT}),
    )

    def __init__(self, data: Any, *, platform: str) -> None:
        super().__init__(data)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, f"{GOOD[code]} / {BAD[code]}") for code in reasons_for(Platform(platform))]


@never_cache
@desk(Ability.ENTER_RATINGS)
@require_safe
def find(request: ActingRequest) -> HttpResponse:
    """Services open to rate under a number: a case's, a letter's, or a ticket's of a day."""
    text, at = reading.key(request, "q"), timezone.now()
    on = reading.day(request.GET.get("on")) or timezone.localdate()
    nodes = queries.ratable(_subjects(text, on), at=at) if text else []
    # One's own are left out: a service that vanishes from here when it is rated would say that it was.
    rows = [(node, KINDS[node.kind]) for node in nodes if not queries.is_own_service(node, request.acting)]
    context = {"asked": text, "on": on, "today": timezone.localdate(), "rows": rows}
    return render(request, "desk/ratings/find.html", context)


def _subjects(text: str, on: Any) -> list[str]:
    """The number as typed; and where it looks like a ticket's label, the tickets of that day in every hall."""
    found = [text, text.upper()]
    if len(text) > LABEL_MOST:
        return found
    for one in registry.halls():
        try:
            found.append(hall.ticket_by_label(one.code, on, text).journal_key)
        except Refusal as refusal:
            if refusal.code is not RefusalCode.TICKET_UNKNOWN:
                raise
    return found


@never_cache
@desk(Ability.ENTER_RATINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActingRequest, key: str) -> HttpResponse:
    node = queries.node_by_key(key)
    if queries.is_own_service(node, request.acting):
        raise Refusal(RefusalCode.RATING_OWN_SERVICE)
    form = EnteringForm(request.POST or None, platform=node.platform)
    if form.is_valid():
        given = form.cleaned_data
        beside = {code: "text" for code in RefusalCode if code.value.startswith("text.")}
        with refused_on(form, {**beside, RefusalCode.RATING_NOT_YOURS: "caller"}):
            rate(
                key, level=given["level"], channel=given["channel"], reasons=tuple(given["reasons"]),
                text=given["text"], caller=given["caller"].strip(), by=request.acting, at=timezone.now(),
            )  # fmt: skip
        if form.is_valid():
            messages.success(request, _("评价已经登记，并告诉了办理时留下的联系方式。"))
            return redirect("desk:enter_rating")
    context = {
        "node": node,
        "kind": KINDS[node.kind],
        "form": form,
        "code": rating_code(request, names.token(key, names.SLIP)),
    }
    return render(request, "desk/ratings/enter.html", context, status=422 if form.errors else 200)
