"""A press on a rating device: kept by the machine while the network is gone, sent when it is back, counted once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhengtong.domains.devices import queries as devices
from zhengtong.domains.devices.models import Device
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.ratings.models import Rating
from zhengtong.flows.rating_given import rate
from zhengtong.rules.ratings import BUTTONS, Button, Channel
from zhengtong.rules.refusal import Refusal, RefusalCode

KEPT = timedelta(hours=8)  # a working day: what is older was pressed on another day's clock


def press(
    device: Device,
    node_key: str,
    *,
    button: str,
    reasons: Sequence[str],
    age: timedelta,
    session_officer_id: int | None,
    ip: str,
    at: datetime,
) -> Rating:
    """The rating, given when it was pressed: `age` ago by the machine's own clock where that can be true, but not
    before the service.

    A press that arrives twice finds its service rated (RATING_GIVEN): the service is the idempotency key.
    """
    if button not in set(Button):
        raise Refusal(RefusalCode.RATING_LEVEL)
    node = ratings.node_by_key(node_key)
    pressed = devices.pressed_at(device, min(max(age, timedelta()), KEPT), at)
    return rate(
        node_key,
        level=BUTTONS[Button(button)].value,
        channel=Channel.HALL_TERMINAL.value,
        button=button,
        reasons=reasons,
        device_key=str(device.uid),
        window_id=device.window_id,
        session_officer_id=session_officer_id,
        ip=ip,
        by=devices.acting_of(device),
        at=min(max(pressed, node.opened_at), at),
    )
