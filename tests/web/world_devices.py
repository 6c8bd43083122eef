"""The hall's machines in the world of test_permission.py: one of each kind, of which nobody here holds the secret."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from tests.people import PREPAID, Cast, hall_of
from zhengtong.domains.devices import actions, queries
from zhengtong.domains.registry.models import Hall
from zhengtong.rules.devices import AT_WINDOW, DeviceKind

OWN = (
    "page", "now", "rest", "look", "help", "take", "check_in", "come_back", "press", "progress", "items", "item",
    "windows", "waiting", "apply", "receipt",
)  # fmt: skip


def machined(people: Cast) -> dict[str, dict[str, Any]]:
    """A machine of each kind, somebody who waits for help at the kiosk, and a notice; at every route of theirs."""
    now, by = timezone.now(), people.acting("蒋华")
    hall = Hall.objects.filter(code="H01").first() or hall_of(people)[0].hall
    window = hall.windows.first()
    assert window is not None
    uids = {kind: UUID(int=700 + number) for number, kind in enumerate(DeviceKind)}
    for kind, uid in uids.items():
        actions.pair(
            queries.pairing_code_of(uid.hex), uid=uid, kind=kind, hall_code=hall.code,
            window_id=window.pk if kind in AT_WINDOW else None, name=kind.value, by=by, at=now,
        )  # fmt: skip
        actions.connect(uid.hex, at=now)
    kiosk = queries.device_for(uids[DeviceKind.KIOSK])
    actions.call_help(kiosk, at=now)
    notice = actions.post_notice(
        hall.code,
        uid=UUID(int=799),
        text="停电通知",
        text_en="",
        since=now.date(),
        until=date(2099, 1, 1),
        by=by,
        at=now,
    )
    known = {"uid": kiosk.uid, "code": "trade", "item_code": PREPAID}
    return {
        **{f"devices:{name}": known for name in OWN},
        **{f"desk:{name}": known for name in ("device", "device_again", "device_revoke", "device_helped")},
        "desk:hall_notice_take_down": {"uid": notice.uid},
        "desk:rating_ask": {"window_id": window.pk},
        "devices:demo_machine": {"kind": "kiosk"},
    }
