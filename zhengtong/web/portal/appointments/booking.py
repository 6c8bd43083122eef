"""Who comes, for what; who has no account shows by a code that the phone is theirs."""

import json
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.base.personal import lookup_hash
from zhengtong.base.personal.cipher import decrypt, encrypt
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions import Booking
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.flows.appointment_booked import book
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.masking import mask_mobile
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Place
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.portal.appointments import places, who
from zhengtong.web.portal.appointments.places import asked_item
from zhengtong.web.portal.appointments.words import SERVICES

WAITING = "booking"  # in the session, encrypted: what waits for the code
VALID = 15 * 60
MOST_TRIES = 5
BESIDE = {
    RefusalCode.CODE_MOBILE_FORM: "phone",
    RefusalCode.APPOINTMENT_NO_ADDRESS: "address",
}
# A whole hall goes out through one address; one phone gets few codes.
SENT = (("phone", 3, 10 * 60), ("phone", 6, 24 * 3600), ("address", 30, 10 * 60))


class Details(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    matter = forms.CharField(
        label=gettext_lazy("要办什么事"),
        help_text=gettext_lazy("几个字就够，不要写证件号码"),
        max_length=200,
        error_messages={"required": gettext_lazy("请填写要办什么事。")},
    )
    name = forms.CharField(
        label=gettext_lazy("来办事的人"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("请填写姓名。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("请填写手机号。")},
    )
    address = forms.CharField(
        label=gettext_lazy("上门地址"),
        help_text=gettext_lazy("详细到门牌号；只有上门的工作人员能看到"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": gettext_lazy("请填写上门地址。")},
    )

    def __init__(self, *args: Any, home: bool, item: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if not home:
            del self.fields["address"]
        if item is not None:
            del self.fields["matter"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, slot_id: int) -> HttpResponse:
    slot, item = queries.slot_for(slot_id), asked_item(request)
    account: Any = request.user if request.user.is_authenticated else None
    initial = {"key": uuid4(), "name": account.name if account else "", "phone": account.phone if account else ""}
    home = slot.place == Place.HOME.value
    form = Details(request.POST or None, home=home, item=item, initial=initial)
    if form.is_valid():
        with refused_on(form, BESIDE):
            typed = {**form.cleaned_data, "key": str(form.cleaned_data["key"]), "slot": slot.pk}
            typed["phone"] = check_mobile(typed["phone"])
            typed["item"] = item.item_code if item else ""
            if account is not None:
                return redirect("portal:appointment", _booked(request, typed, account.pk).key)
            _check_guest(typed["phone"])
            _send_code(request, typed)
            return redirect("portal:appointment_confirm")
    context = {
        "form": form,
        "slot": slot,
        "item": item,
        "home": home,
        "service": SERVICES[slot.service],
        "gone": not slot.left or slot.starts <= queries.bookable_after(timezone.now()),
        "others": places.times_address(slot, item),
    }
    return render(request, "portal/appointments/details.html", context, status=422 if form.errors else 200)


class Code(forms.Form):
    digits = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("请填写验证码。")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    waiting = _waiting(request)
    if waiting is None:
        return redirect("portal:book")
    slot = queries.slot_for(waiting["typed"]["slot"])
    if request.method == "POST" and "again" in request.POST:
        form = Code(None)
        with suppress(Refusal):
            _send_code(request, waiting["typed"])
            return redirect("portal:appointment_confirm")
    form = Code(request.POST if request.method == "POST" and "again" not in request.POST else None)
    form.use_required_attribute = False
    if form.is_valid():
        with refused_on(form, {RefusalCode.PHONE_CODE_WRONG: "digits"}):
            _check_code(request, waiting, form.cleaned_data["digits"].strip())
            appointment = _booked(request, waiting["typed"], None)
            request.session.pop(WAITING, None)
            who.remember(request, appointment.key)
            return redirect("portal:appointment", appointment.key)
    context = {
        "form": form,
        "phone": mask_mobile(waiting["typed"]["phone"]),
        "slot": slot,
        "gone": not slot.left or slot.starts <= queries.bookable_after(timezone.now()),
        "others": places.times_address(slot),
        "spent": waiting["tries"] >= MOST_TRIES,
    }
    return render(request, "portal/appointments/confirm.html", context, status=422 if form.errors else 200)


def _booked(request: HttpRequest, typed: dict[str, Any], account_id: int | None) -> Appointment:
    item = catalogue.item_for(typed["item"]) if typed["item"] else None
    wanted = Booking(
        key=typed["key"],
        person_name=typed["name"],
        phone=typed["phone"],
        channel=Appointment.WEB,
        item=item,
        matter=typed.get("matter", ""),
        account_id=account_id,
        address=typed.get("address", ""),
        language=get_language() or "zh-hans",
    )
    return book(typed["slot"], wanted, by=who.acting(request, typed["name"]), at=timezone.now())


def _check_guest(phone: str) -> None:
    """A pause is told before a code is sent: the code would lead to nothing."""
    paused = queries.pause(queries.Person(None, lookup_hash(phone)), timezone.now())
    if paused is not None:
        facts = {"until": paused.until, "missed": paused.missed, "within": paused.within}
        raise Refusal(RefusalCode.APPOINTMENT_PAUSED, **facts)


# --- the code that shows whose the phone is ---


def _send_code(request: HttpRequest, typed: dict[str, Any]) -> None:
    phone, at = typed["phone"], timezone.now()
    _count_sent(request, phone)
    digits = f"{secrets.randbelow(10**6):06d}"
    kept = {
        "typed": typed,
        "proof": _proof(phone, digits),
        "tries": 0,
        "until": (at + timedelta(seconds=VALID)).isoformat(),
    }
    request.session[WAITING] = encrypt(json.dumps(kept, default=str))
    tell(
        "appointment.code",
        key=f"appointment.code:{uuid4()}",
        to=Recipient(phone=phone, language=get_language() or "zh-hans"),
        subject=("appointment", typed["key"]),
        facts={"digits": digits},
        at=at,
    )


def _waiting(request: HttpRequest) -> dict[str, Any] | None:
    held = request.session.get(WAITING)
    if not held:
        return None
    kept: dict[str, Any] = json.loads(decrypt(held))
    return kept


def _check_code(request: HttpRequest, waiting: dict[str, Any], digits: str) -> None:
    if waiting["tries"] >= MOST_TRIES or waiting["until"] < timezone.now().isoformat():
        raise Refusal(RefusalCode.PHONE_CODE_SPENT)
    if not constant_time_compare(waiting["proof"], _proof(waiting["typed"]["phone"], digits)):
        waiting["tries"] += 1
        request.session[WAITING] = encrypt(json.dumps(waiting))
        raise Refusal(RefusalCode.PHONE_CODE_WRONG)


def _proof(phone: str, digits: str) -> str:
    return salted_hmac("appointment.code", f"{phone}:{digits}").hexdigest()


def _count_sent(request: HttpRequest, phone: str) -> None:
    values = {"phone": lookup_hash(phone), "address": request.META.get("REMOTE_ADDR", "")}
    keys = [(f"appointment:{name}:{values[name]}:{span}", most, span) for name, most, span in SENT]
    if any(cache.get(key, 0) >= most for key, most, _span in keys):
        raise Refusal(RefusalCode.PHONE_CODES_SENT)
    for key, _most, span in keys:
        if not cache.add(key, 1, span):
            with suppress(ValueError):  # it ran out between the two lines
                cache.incr(key)
