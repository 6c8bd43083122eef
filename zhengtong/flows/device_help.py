"""求助: somebody at a machine asks for a person; who guides visitors in the hall is told at once."""

from datetime import datetime

from django.db import transaction

from zhengtong.domains.devices import actions, queries
from zhengtong.domains.devices.models import Device
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.clock import local_date


@transaction.atomic
def call_help(device: Device, *, at: datetime) -> None:
    """Once until somebody has answered: whoever presses again need not be told that nobody has come yet."""
    if not actions.call_help(device, at=at):
        return
    for account_id in queries.guides(local_date(at)):
        tell(
            "device.help_called",
            key=f"device.help_called:{device.uid}:{device.version}:{account_id}",
            to=Recipient(account_id=account_id),
            subject=("device", str(device.uid)),
            facts={"device": device.name, "hall": device.hall.name, "path": "/desk/devices/"},
            at=at,
        )
