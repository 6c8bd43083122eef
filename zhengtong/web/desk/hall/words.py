"""The hall's desk in words; what every door says of tickets and waiting stands in `frame/waits.py`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.web.frame.waits import CHANNELS, LAMPS, PRIORITIES, STATES, about, minutes

__all__ = ["ACTS", "CHANNELS", "FACTS", "LAMPS", "PRIORITIES", "STATES", "WEEKDAYS", "about", "minutes"]

WEEKDAYS: tuple[Promise, ...] = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
ACTS: dict[str, Promise] = {
    "ticket.taken": _("取号"),
    "ticket.called": _("叫号"),
    "ticket.recalled": _("重呼"),
    "ticket.passed": _("过号"),
    "ticket.returned": _("重新签到"),
    "ticket.transferred": _("转号"),
    "ticket.pinned": _("置顶"),
    "ticket.started": _("开始办理"),
    "ticket.served": _("办结"),
    "ticket.left": _("退号"),
    "ticket.closed": _("闭厅作废"),
}
FACTS: dict[str, Promise] = {
    "ahead": _("前面人数"),
    "window": _("窗口"),
    "queue": _("业务"),
}
