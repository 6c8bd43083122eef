from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F

from zhengtong.base.keys import query_code
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.devices.models import Device, HallNotice
from zhengtong.domains.registry.models import Post
from zhengtong.domains.registry.queries import in_force
from zhengtong.rules.devices import CODE_LENGTH, DeviceKind, with_check_letter
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

_WITH_PLACE = ("hall", "window")
SILENCE = timedelta(minutes=2)  # machines ask every few seconds: who says nothing for so long is cut off
SENT_WITHIN = timedelta(minutes=10)  # what was kept in a cut leaves the machine within seconds of its end


def acting_of(device: Device) -> Acting:
    """The machine as the journal names it: it acts for whoever stands before it, whom it does not know."""
    return Acting(kind=ActorKind.SYSTEM, id=None, name=device.name)


def pairing_code_of(token: str) -> str:
    """The code a machine shows: derived from its secret, so that nothing is stored before somebody has typed it."""
    return with_check_letter(query_code("device", token)[: CODE_LENGTH - 1])


def device_of(token: str) -> Device | None:
    """The paired machine behind a secret; None for none, or for one that was revoked. One query."""
    if not token:
        return None
    rows = Device.objects.select_related(*_WITH_PLACE).filter(revoked_at__isnull=True)
    return rows.filter(token_hash=lookup_hash(token)).first()


def awaited(token: str, at: datetime) -> Device | None:
    """The place somebody has typed this machine's code for, and not too long ago."""
    rows = Device.objects.select_related(*_WITH_PLACE).filter(revoked_at__isnull=True, pairing_until__gt=at)
    return rows.filter(pairing_code=pairing_code_of(token)).first()


def device_for(uid: Any) -> Device:
    """A machine by its public name, for who keeps the hall; Refusal(NOT_FOUND) else."""
    device = Device.objects.select_related(*_WITH_PLACE).filter(uid=uid).first()
    if device is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return device


def devices(hall_code: str = "", *, revoked: bool = False) -> list[Device]:
    """The machines in use, or those taken out of use: who calls for help first, then hall, kind and name."""
    rows = Device.objects.select_related(*_WITH_PLACE).filter(revoked_at__isnull=not revoked)
    if hall_code:
        rows = rows.filter(hall__code=hall_code)
    return list(rows.order_by(F("help_since").asc(nulls_last=True), "hall__code", "kind", "name"))


def rating_devices_at(window_id: int) -> list[Device]:
    """The rating devices in use at a window: a service served there may be rated there."""
    rows = Device.objects.filter(window_id=window_id, kind=DeviceKind.RATING_DEVICE, revoked_at__isnull=True)
    return list(rows.exclude(token_hash="").order_by("pk"))


def guides(on: date) -> list[int]:
    """Accounts of who guides visitors in the halls that day (导办)."""
    posts = Post.objects.filter(in_force(on), role=Role.HALL_CLERK.value, officer__account__isnull=False)
    return sorted(set(posts.values_list("officer__account_id", flat=True)))


def is_silent(device: Device, at: datetime, after: timedelta) -> bool:
    """Paired and in use, but not heard of for longer than `after`."""
    if device.revoked_at is not None or not device.token_hash:
        return False
    return device.last_seen is None or at - device.last_seen > after


def pressed_at(device: Device, age: timedelta, at: datetime) -> datetime:
    """When a press was made that has come only now. The machine's word is taken where it can be true: it was made a
    moment ago, or in a silence that has just ended. Who holds the machine cannot reach back to a visit of this morning
    without having kept it silent ever since, which the list of devices shows."""
    told = at - age
    if age <= SILENCE:
        return told
    since, until = device.cut_from, device.cut_until
    if since is not None and until is not None and since <= told <= until and at - until <= SENT_WITHIN:
        return told
    return at


def notices(hall_code: str, on: date) -> list[HallNotice]:
    """What the boards of a hall show on a day, oldest first."""
    rows = HallNotice.objects.filter(hall__code=hall_code, since__lte=on, until__gte=on, taken_down=False)
    return list(rows.order_by("since", "pk"))


def notices_kept(hall_code: str, on: date) -> list[HallNotice]:
    """Today's notices and those to come, for who keeps them."""
    rows = HallNotice.objects.filter(hall__code=hall_code, until__gte=on, taken_down=False)
    return list(rows.order_by("since", "pk"))


def notice_for(uid: Any) -> HallNotice:
    notice = HallNotice.objects.select_related("hall").filter(uid=uid, taken_down=False).first()
    if notice is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return notice
