"""How to reach the applicant, and how the result is to come to them."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.rules.codes import check_mobile
from zhengtong.rules.edition import Edition
from zhengtong.rules.text import clean_line
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.portal import words
from zhengtong.web.portal.apply import drafting
from zhengtong.web.portal.apply.steps import DELIVERY, after, before, place, steps

POST = "post"


class Reaching(forms.Form):
    contact_phone = forms.CharField(
        label=_("联系手机"),
        help_text=_("只在需要核实或通知时联系您"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "short"}),
        error_messages={"required": _("请填写手机号。")},
    )
    delivery = forms.ChoiceField(
        label=_("结果怎么给您"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择结果怎么给您。"), "invalid_choice": _("请从列出的方式里选择。")},
    )
    delivery_address = forms.CharField(
        label=_("邮寄地址和收件人"),
        help_text=_("选择邮寄时填写"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, ways: list[str], asked_elsewhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if asked_elsewhere:
            del self.fields["delivery"], self.fields["delivery_address"]
        else:
            field = self.fields["delivery"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(way, words.word(words.DELIVERY, way)) for way in ways]

    def clean(self) -> None:
        given = self.cleaned_data
        if "contact_phone" in given:
            with refused_on(self, field="contact_phone"):
                given["contact_phone"] = check_mobile(given["contact_phone"])
        if given.get("delivery") == POST and not given.get("delivery_address", "").strip():
            self.add_error("delivery_address", _("选择邮寄时请填写地址和收件人。"))
        elif given.get("delivery_address"):
            with refused_on(self, field="delivery_address"):
                given["delivery_address"] = clean_line(given["delivery_address"], 300, "delivery_address")


def asked_elsewhere(edition: Edition) -> bool:
    """Whether the item's own form asks how the result is to be delivered."""
    return any(field.code == "delivery" for _section, field in edition.form.fields())


def form_of(application: Any, edition: Edition, data: Any = None) -> Reaching:
    initial = {
        "contact_phone": application.contact_phone,
        "delivery": application.delivery,
        "delivery_address": application.delivery_address,
    }
    ways = list(edition.delivery) or ["electronic"]
    return Reaching(data, initial=initial, ways=ways, asked_elsewhere=asked_elsewhere(edition))


def reaching(application: Any, edition: Edition) -> Reaching:
    """The same form judging what the draft holds, for the page that says what is missing."""
    kept = {
        "contact_phone": application.contact_phone,
        "delivery": application.delivery,
        "delivery_address": application.delivery_address,
    }
    return form_of(application, edition, kept)


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: ActingRequest, uid: UUID) -> HttpResponse:
    application, edition = drafting.opened(request, uid)
    if (there := drafting.gone(application)) is not None:
        return there
    form = form_of(application, edition, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        # A draft may be wrong, but what was typed is kept.
        kept = {
            name: request.POST.get(name, "")[:300]
            for name in ("contact_phone", "delivery_address")
            if name in form.fields
        }
        valid = form.is_valid()
        with refused_on(form):
            at = drafting.save(request, application, **(kept | form.cleaned_data))
            if drafting.is_autosave(request):
                return drafting.saved(application, at)
        if request.POST.get("do") == "leave":
            return redirect("portal:my_cases")
        if valid and form.is_valid():
            return redirect(after(steps(edition, application), DELIVERY).url)
        application = drafting.refresh(application, request)
    made = steps(edition, application)
    number, total = place(made, DELIVERY)
    context = {
        "application": application,
        "edition": edition,
        "form": form,
        "previous": before(made, DELIVERY),
        "number": number,
        "total": total,
        "page_key": drafting.page_key(),
    }
    return render(request, "portal/apply/delivery.html", context, status=422 if form.errors else 200)
