"""Tickets and waiting in words, for every door that shows a queue: portal, desk, watch and the machines of the hall."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhengtong.rules.queue import Priority, TicketChannel, TicketState

WIDE = 45  # minutes between low and high: more tells nobody when to be back

STATES: dict[str, Promise] = {
    TicketState.WAITING: _("等候"),
    TicketState.CALLED: _("已叫号"),
    TicketState.SERVING: _("办理中"),
    TicketState.SERVED: _("已办结"),
    TicketState.PASSED: _("过号"),
    TicketState.LEFT: _("已退号"),
    TicketState.CLOSED: _("闭厅作废"),
}
LAMPS: dict[str, str] = {
    TicketState.WAITING: "wait",
    TicketState.CALLED: "soon",
    TicketState.SERVING: "ok",
    TicketState.SERVED: "done",
    TicketState.PASSED: "late",
    TicketState.LEFT: "done",
    TicketState.CLOSED: "done",
}
CHANNELS: dict[str, Promise] = {
    TicketChannel.KIOSK: _("取号机"),
    TicketChannel.PHONE: _("手机取号"),
    TicketChannel.APPOINTMENT: _("预约签到"),
    TicketChannel.DESK: _("导办台"),
}
PRIORITIES: dict[str, Promise | str] = {
    Priority.NONE: "",
    Priority.ELDERLY: _("老年人优先"),
    Priority.DISABLED: _("残疾人优先"),
    Priority.GREEN: _("绿色通道"),
    Priority.APPOINTMENT: _("预约"),
}


def minutes(value: float | None) -> Any:
    """A wait in words; less than a minute is said as such."""
    if value is None:
        return "—"
    whole = round(value)
    if whole < 1:
        return _("不到 1 分钟")
    return ngettext("%(n)d 分钟", "%(n)d 分钟", whole) % {"n": whole}


def short(value: float | None) -> Any:
    """The same where figures stand in columns: to the tenth."""
    return "—" if value is None else _("%(n)s 分") % {"n": f"{value:.1f}"}


def about(estimate: Any) -> Any:
    """An estimate as it is announced: about so long, and how sure."""
    if estimate.minutes is None:
        return _("没有窗口开着，要等多久说不准")
    if estimate.high < 1:
        return _("马上")
    if estimate.low == estimate.high:
        return minutes(estimate.high)
    if estimate.high - estimate.low > WIDE:
        return _("约 %(minutes)s 分钟，也可能要 %(high)s 分钟") % {"minutes": estimate.minutes, "high": estimate.high}
    return _("约 %(low)s–%(high)s 分钟") % {"low": estimate.low, "high": estimate.high}
