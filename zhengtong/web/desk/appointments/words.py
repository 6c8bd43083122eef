from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.agency import AgencyState, AgencyStep, FilingState
from zhengtong.rules.kinds import Kind
from zhengtong.rules.slots import Days, Place, Service, Status

Words = dict[str, Promise | str]

STATES: Words = {
    Status.BOOKED.value: _("已预约"),
    Status.CHECKED_IN.value: _("已签到"),
    Status.CANCELLED.value: pgettext_lazy("appointment", "已取消"),
    Status.NO_SHOW.value: _("未到"),
    Status.DONE.value: _("已上门"),
    Status.FAILED.value: _("上门没有办成"),
}
TAGS = {Status.BOOKED.value: "", Status.NO_SHOW.value: "red"}
CHANNELS: Words = {"web": _("网上"), "phone": _("电话"), "desk": _("导办台"), "village": _("村级代办")}
SERVICES: Words = {
    Service.NORMAL.value: _("正常办公"),
    Service.EXTENDED.value: _("延时服务"),
    Service.STAGGERED.value: _("错时服务"),
    Service.HOLIDAY.value: _("节假日服务"),
}
PLACES: Words = {Place.HALL.value: _("大厅"), Place.HOME.value: _("上门服务")}
DAYS: Words = {
    Days.WORKING.value: _("工作日（含调休上班）"),
    Days.REST.value: _("休息日和节假日"),
    Days.ANY.value: _("不看日历"),
}
WEEKDAYS: Words = {
    "0": _("星期一"),
    "1": _("星期二"),
    "2": _("星期三"),
    "3": _("星期四"),
    "4": _("星期五"),
    "5": _("星期六"),
    "6": _("星期日"),
}
ACTS: dict[str, Any] = {
    Kind.APPOINTMENT_BOOKED.value: pgettext_lazy("act", "预约"),
    Kind.APPOINTMENT_MOVED.value: pgettext_lazy("act", "改期"),
    Kind.APPOINTMENT_CANCELLED.value: pgettext_lazy("act", "取消预约"),
    Kind.APPOINTMENT_REMINDED.value: _("预约提醒"),
    Kind.APPOINTMENT_CHECKED_IN.value: pgettext_lazy("act", "预约签到"),
    Kind.APPOINTMENT_MISSED.value: _("预约未到"),
    Kind.APPOINTMENT_OBJECTED.value: _("对未到提出异议"),
    Kind.APPOINTMENT_EXCUSED.value: _("未到不计入"),
    Kind.APPOINTMENT_UPHELD.value: _("未到维持"),
    Kind.APPOINTMENT_ASSIGNED.value: pgettext_lazy("act", "指派上门人员"),
    Kind.APPOINTMENT_VISITED.value: _("已上门"),
    Kind.APPOINTMENT_FAILED.value: _("上门未办成"),
    Kind.APPOINTMENT_REVEALED.value: _("查看预约人信息"),
    Kind.AGENCY_REQUESTED.value: pgettext_lazy("act", "申请帮办代办"),
    Kind.AGENCY_ASSIGNED.value: pgettext_lazy("act", "指派代办员"),
    Kind.AGENCY_NOTED.value: _("代办进展"),
    Kind.AGENCY_DONE.value: _("代办完成"),
    Kind.AGENCY_DECLINED.value: pgettext_lazy("act", "不予代办"),
    Kind.AGENCY_WITHDRAWN.value: _("撤回代办申请"),
    Kind.FILING_MANDATED.value: _("村级代办受托"),
    Kind.FILING_FILED.value: _("村级代办提交"),
    Kind.FILING_SUPPLEMENTED.value: _("村级代办补正"),
    Kind.FILING_HANDED_OVER.value: _("村级代办交付结果"),
}
FACTS: dict[str, Any] = {"purpose": _("用途"), "officer": _("工作人员"), "case": _("办件编号"), "until": _("委托到")}
AGENCY_STATES: Words = {
    AgencyState.REQUESTED.value: _("等待指派"),
    AgencyState.ASSIGNED.value: _("代办中"),
    AgencyState.DONE.value: _("已完成"),
    AgencyState.DECLINED.value: _("未受理"),
    AgencyState.WITHDRAWN.value: _("已撤回"),
}
AGENCY_STEPS: dict[AgencyStep, Any] = {
    AgencyStep.ASSIGN: _("指派代办员"),
    AgencyStep.NOTE: _("写进展"),
    AgencyStep.FINISH: _("代办完成"),
    AgencyStep.DECLINE: _("不予代办"),
}
FILING_STATES: Words = {
    FilingState.MANDATED.value: _("已受托，未提交"),
    FilingState.FILED.value: _("已提交"),
    FilingState.HANDED_OVER.value: _("结果已交本人"),
}
