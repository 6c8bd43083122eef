"""A hall with queues, windows and machines, for the tests of the machines' pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from tests.people import Cast, hall_of
from zhengtong.domains.devices import actions, queries
from zhengtong.domains.hall.actions import QueueForm, open_queue, set_special_day
from zhengtong.rules.devices import AT_WINDOW, DeviceKind
from zhengtong.web.devices.door import TOKEN

MANAGER, CLERK = "蒋华", "张敏"


@dataclass
class Hall:
    people: Cast
    windows: list[Any]
    tokens: dict[DeviceKind, str]
    devices: dict[DeviceKind, Any]

    def path(self, kind: DeviceKind, rest: str = "") -> str:
        return f"/devices/{self.devices[kind].uid}/{rest}"

    def client(self, kind: DeviceKind) -> Client:
        client = Client()
        client.cookies[TOKEN] = self.tokens[kind]
        return client


def hall_with_machines(people: Cast) -> Hall:
    """Open all day today: the pages ask the wall's clock, and tests run at night as well."""
    at = timezone.now()
    windows, by = hall_of(people), people.acting(MANAGER)
    set_special_day("H01", timezone.localdate(at), "00:00-24:00", by=by, at=at)
    open_queue("H01", "trade", QueueForm("A", "商务综合", "Commerce", window_ids=[w.pk for w in windows]), by=by, at=at)
    open_queue("H01", "water", QueueForm("B", "水务", "Water", window_ids=[windows[2].pk], position=1), by=by, at=at)
    tokens, devices = {}, {}
    for kind in DeviceKind:
        tokens[kind] = uuid4().hex * 2
        pair(people, tokens[kind], kind, windows[0].pk if kind in AT_WINDOW else None, at)
        devices[kind] = queries.device_of(tokens[kind])
    return Hall(people, windows, tokens, devices)


def pair(people: Cast, token: str, kind: DeviceKind, window_id: int | None, at: datetime) -> Any:
    actions.pair(
        queries.pairing_code_of(token), uid=uuid4(), kind=kind, hall_code="H01", window_id=window_id,
        name=f"测试{kind.value}", by=people.acting(MANAGER), at=at,
    )  # fmt: skip
    return actions.connect(token, at=at)
