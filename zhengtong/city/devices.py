"""大厅设备 in the demo: one machine of each kind in the centre's hall, and what its boards announce."""

from datetime import datetime, timedelta
from uuid import UUID

from zhengtong.base.keys import hidden_uuid
from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.domains.devices import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.devices import AT_WINDOW, DeviceKind
from zhengtong.rules.roles import Role

HALL, WINDOW = "H01", "32"  # where the demo window clerk sits
KEEPER = Acting(ActorKind.IMPORT, None, "示范城市", (PostHeld(Role.CENTRE_MANAGER, 0),))

NAMES = {
    DeviceKind.KIOSK: "一号取号机",
    DeviceKind.WINDOW_SCREEN: "32号窗口屏",
    DeviceKind.LED_BOARD: "大厅叫号屏",
    DeviceKind.TOUCH_SCREEN: "一楼查询屏",
    DeviceKind.CORNER: "7×24自助区",
    DeviceKind.RATING_DEVICE: "32号窗口评价器",
}
NOTICES = (
    (
        "法定节假日大厅不对外服务，7×24自助区照常开放。",
        "The hall is closed on public holidays; the 7×24 corner stays open.",
    ),
    (
        "单用途商业预付卡备案可以在网上全程办理，不用到现场。",
        "Prepaid card filings can be done online from start to end, without coming here.",
    ),
    (
        "办完请按评价器。您的评价，窗口人员看不到是谁评的。",
        "Please rate the service you got. The clerk cannot see who rated.",
    ),
)


def token_of(kind: DeviceKind) -> str:
    """The secret of a demo machine, so that its address pairs any browser with it. Only while the demo mark is on."""
    return hidden_uuid("demo-device", kind.value).hex * 2


def uid_of(kind: DeviceKind) -> UUID:
    return hidden_uuid("demo-device-place", kind.value)


def enact(*, at: datetime) -> None:
    """Through the same steps as a real machine: it shows a code, somebody types it, it connects. Not twice."""
    windows = [window for window in registry.windows() if window.hall.code == HALL]
    window = next((one for one in windows if one.number == WINDOW), windows[0])
    for kind, name in NAMES.items():
        token = token_of(kind)
        if queries.device_of(token) is not None:
            continue
        actions.pair(
            queries.pairing_code_of(token),
            uid=uid_of(kind),
            kind=kind,
            hall_code=HALL,
            window_id=window.pk if kind in AT_WINDOW else None,
            name=name,
            by=KEEPER,
            at=at,
        )
        actions.connect(token, at=at)
    if not queries.notices_kept(HALL, at.date()):
        for number, (text, text_en) in enumerate(NOTICES):
            actions.post_notice(
                HALL,
                uid=hidden_uuid("demo-notice", str(number)),
                text=text,
                text_en=text_en,
                since=at.date(),
                until=at.date() + timedelta(days=60),
                by=KEEPER,
                at=at,
            )
