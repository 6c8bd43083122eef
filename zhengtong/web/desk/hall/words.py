"""The hall's desk in words; what every door says of tickets and waiting stands in `frame/waits.py`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.web.frame.waits import CHANNELS, LAMPS, PRIORITIES, STATES, about, minutes

__all__ = ["ACTS", "CHANNELS", "FACTS", "LAMPS", "PRIORITIES", "QUEUE_FIELDS", "STATES", "WEEKDAYS", "about", "minutes"]

WEEKDAYS: tuple[Promise, ...] = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
ACTS: dict[str, Promise] = {
    "ticket.taken": pgettext_lazy("act", "取号"),
    "ticket.called": pgettext_lazy("act", "叫号"),
    "ticket.recalled": pgettext_lazy("act", "重呼"),
    "ticket.passed": pgettext_lazy("act", "过号"),
    "ticket.returned": pgettext_lazy("act", "重新签到"),
    "ticket.transferred": pgettext_lazy("act", "转号"),
    "ticket.pinned": pgettext_lazy("act", "置顶"),
    "ticket.started": pgettext_lazy("act", "开始办理"),
    "ticket.revealed": pgettext_lazy("act", "带入来访人信息"),
    "ticket.served": pgettext_lazy("act", "窗口办结"),
    "ticket.reopened": pgettext_lazy("act", "撤销办结"),
    "ticket.left": pgettext_lazy("act", "退号"),
    "ticket.closed": _("闭厅作废"),
    "queue.opened": _("添加排队业务"),
    "queue.changed": _("调整排队业务"),
    "sitting.opened": pgettext_lazy("act", "开窗"),
    "sitting.closed": pgettext_lazy("act", "关窗"),
    "opening_hours.changed": _("改动开放时间"),
    "special_day.announced": _("登记特别的日子"),
    "special_day.cancelled": _("取消特别的日子"),
}
FACTS: dict[str, Promise] = {
    "ahead": _("前面人数"),
    "window": _("窗口"),
    "queue": _("业务"),
    "item": _("事项"),
}
QUEUE_FIELDS: dict[str, Promise] = {
    "letter": _("号的字母"),
    "name": _("名称"),
    "name_en": _("英文名称"),
    "expected_minutes": _("预计每位几分钟"),
    "position": _("排列次序"),
    "active": _("现在可以取号"),
}
