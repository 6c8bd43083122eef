"""Whose appointment a visitor may open: their account's, or one whose code and phone were shown in this session."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import citizen_acting

SHOWN = "appointments"  # in the session: keys of appointments whose code was shown here
MOST_SHOWN = 20


def acting(request: HttpRequest, name: str = "") -> Acting:
    """The signed-in citizen, else a guest under a masked name."""
    if request.user.is_authenticated:
        return citizen_acting(request)
    return Acting(ActorKind.APPLICANT, None, mask_name(name))


def pause_of(request: HttpRequest, at: datetime) -> queries.Pause | None:
    """The pause that a booking would meet: what was missed on the account and on its phone counts together."""
    if not request.user.is_authenticated:
        return None
    return queries.pause(queries.Person(request.user.pk, phone_of(request)), at)


def phone_of(request: HttpRequest) -> str:
    """The hash of the phone that is known to be this account's; "" while it is not."""
    account: Any = request.user
    return account.phone_hash if account.phone_verified else ""


def remember(request: HttpRequest, key: str) -> None:
    request.session[SHOWN] = [*(one for one in request.session.get(SHOWN, []) if one != key), key][-MOST_SHOWN:]


def mine(request: HttpRequest, key: object) -> tuple[Acting, Appointment]:
    if request.user.is_authenticated:
        by = citizen_acting(request)
        try:
            return by, queries.appointment_for(by, str(key))
        except Refusal as refusal:
            if refusal.code is not RefusalCode.NOT_FOUND:
                raise
    if str(key) in request.session.get(SHOWN, []):
        found = queries.keyed(str(key))
        if found is not None:
            return Acting(ActorKind.APPLICANT, None, mask_name(found.person_name)), found
    raise Refusal(RefusalCode.NOT_FOUND)
