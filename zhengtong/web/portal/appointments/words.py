from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.agency import AgencyState
from zhengtong.rules.slots import Service, Status

STATES: dict[str, Promise] = {
    Status.BOOKED.value: _("已预约"),
    Status.CHECKED_IN.value: _("已签到"),
    Status.CANCELLED.value: pgettext_lazy("appointment", "已取消"),
    Status.NO_SHOW.value: _("未到"),
    Status.DONE.value: _("已上门"),
    Status.FAILED.value: _("上门没有办成"),
}
TAGS = {Status.BOOKED.value: "", Status.CHECKED_IN.value: "grey", Status.NO_SHOW.value: "red"}
SERVICES: dict[str, Promise | str] = {
    Service.NORMAL.value: "",
    Service.EXTENDED.value: _("延时服务"),
    Service.STAGGERED.value: _("错时服务"),
    Service.HOLIDAY.value: _("节假日服务"),
}
AGENCY_STATES: dict[str, Promise] = {
    AgencyState.REQUESTED.value: _("等待指派"),
    AgencyState.ASSIGNED.value: _("代办中"),
    AgencyState.DONE.value: _("已完成"),
    AgencyState.DECLINED.value: _("未受理"),
    AgencyState.WITHDRAWN.value: _("已撤回"),
}
