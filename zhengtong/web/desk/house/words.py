"""What the house-keeping pages call things: states, posts, days, numbers of the law, acts of items and of people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise | str]

ITEM_STATUS: Words = {
    "draft": _("草稿"),
    "listed": _("目录事项"),
    "published": _("在用"),
    "suspended": _("暂停受理"),
    "retired": _("已取消"),
}
VERSION_STATUS: Words = {
    "draft": _("起草"),
    "checking": _("合法性审核中"),
    "checked": _("已审核"),
    "published": _("已发布"),
    "superseded": _("已被替代"),
    "retired": _("已取消"),
}
ROLES: Words = {
    "window": _("窗口"),
    "handler": _("承办"),
    "reviewer": _("审核"),
    "approver": _("批准（首席代表）"),
    "section_head": _("科室负责人"),
    "catalogue_editor": _("事项维护"),
    "legal_checker": _("合法性审核"),
    "centre_manager": _("中心管理"),
    "supervisor": _("监察"),
    "administrator": _("系统管理"),
    "hall_clerk": _("大厅导办"),
    "letter_clerk": _("来信专员"),
    "integrity_clerk": _("廉政举报受理"),
    "village_clerk": _("村级代办"),
}
SUBSTITUTION_KINDS: Words = {"ab": _("AB 岗"), "delegation": _("授权")}
DAY_KINDS: Words = {
    "WORKDAY": _("工作日"),
    "WEEKEND": _("周末"),
    "HOLIDAY": _("法定节日"),
    "SWAP_REST": _("调休放假"),
    "SWAP_WORK": _("周末上班"),
}
LIMIT_KINDS: Words = {
    "notice": _("受理决定"),
    "promise": _("承诺时限"),
    "legal": _("法定时限"),
    "stage": _("环节时限"),
    "supplement": _("补正期限"),
    "delivery": _("送达期限"),
    "special": _("特别程序"),
    "consultation": _("征求意见"),
}
UNITS: Words = {
    "working_day": _("个工作日"),
    "calendar_day": _("个自然日"),
    "month": _("个月"),
    "minute": _("分钟"),
    "byte": _("字节"),
    "rating": _("次评价"),
    "percent": "%",
    "choice": "",
}
PARAMETERS: Words = {
    "notice.days": _("受理或一次性告知的期限"),
    "decision.days": _("作出许可决定的期限"),
    "extension.days": _("可以延长的期限"),
    "joint.days": _("联合办理的期限"),
    "joint_extension.days": _("联合办理可以延长的期限"),
    "delivery.days": _("颁发、送达证件的期限"),
    "supplement.days": _("申请人补正的期限"),
    "consultation.days": _("答复征求意见的期限"),
    "score.lock.days": _("锁定上月考核的日子（次月第几个工作日）"),
    "score.appeal.days": _("对考核提出异议的期限"),
    "score.publish.days": _("公布上月考核的日子（次月第几个工作日）"),
    "remedy.reconsideration.days": _("申请行政复议的期限"),
    "remedy.litigation.months": _("提起行政诉讼的期限"),
    "recall.minutes": _("误操作可以撤回的时间"),
    "device.pairing.minutes": _("输入配对码后等设备连上的时间"),
    "device.silent.minutes": _("设备多久没有消息就标为失联"),
    "order.urgent.days": _("特急督办单的答复期限"),
    "order.normal.days": _("一般督办单的答复期限"),
    "order.complex.days": _("复杂督办单的答复期限"),
    "order.extension.days": _("督办单延期的上限"),
    "order.escalate.head.days": _("督办逾期多久报部门负责人"),
    "order.escalate.above.days": _("督办逾期多久报上级机关"),
    "reminder.days": _("到期前几日提醒"),
    "special.limit.percent": _("特办时限不超过承诺时限的"),
    "expiry.reminder.days": _("许可有效期届满前几日提醒持有人"),
    "upload.bytes": _("单个文件的大小上限"),
    "letter.emergency.days": _("紧急来信的答复期限"),
    "letter.consultation.days": _("答复咨询的期限"),
    "letter.help.days": _("答复求助的期限"),
    "letter.complaint.days": _("答复投诉的期限"),
    "letter.suggestion.days": _("答复建议的期限"),
    "letter.praise.days": _("答复表扬的期限"),
    "letter.report.days": _("答复举报的期限"),
    "letter.tip.days": _("移送问题线索的期限"),
    "letter.extension.days": _("来信延期的上限"),
    "letter.route.days": _("来信转办的期限"),
    "letter.supervision.days": _("决定是否受理效能投诉的期限"),
    "letter.reopen.days": _("可以要求重新办理来信的期限"),
    "letter.petition_notice.days": _("信访告知是否受理的期限"),
    "letter.petition.days": _("信访办结的期限"),
    "rating.window.days": _("服务后可以评价的时间"),
    "rating.default_level": _("到期未评显示为（none、满意、基本满意），不进满意率"),
    "rating.follow_up.days": _("可以追评的时间"),
    "rating.staff_delay.days": _("工作人员多久以后看到评价"),
    "rating.invite.minutes": _("窗口服务后多久发评价邀请"),
    "rating.device.minutes": _("评价器询问多久"),
    "rating.shrink.count": _("少于多少次评价，得分向本组平均收缩"),
    "rating.publication.least": _("少于多少次评价，不逐级公布"),
}
MESSAGE_STATES: Words = {
    "new": _("正在写成消息"),
    "pending": _("等待发送"),
    "claimed": _("正在发送"),
    "quiet": _("安静时段后发送"),
    "digest": _("并入每日摘要"),
    "sent": _("已发出"),
    "delivered": _("已送到"),
    "digested": _("已随摘要发出"),
    "kept": _("未设服务商，留在本机"),
    "failed": _("未送到"),
    "rejected": _("被服务商拒收"),
    "expired": _("已过时效"),
    "unknown": _("没有回执"),
    "dead": _("多次失败"),
    "unwanted": _("收件人不要"),
    "guarded": _("试用期未列名单"),
}
CHANNELS_OUT: Words = {
    "in_app": _("站内消息"),
    "mail": _("邮件"),
    "sms": _("短信"),
    "webhook": _("系统回调"),
    "open311": "Open311",
}
CHANGES: Words = {"added": _("新增"), "removed": _("删去"), "changed": _("修改"), "moved": _("调整顺序")}
# What happened, for timelines. Kinds of cases stand with the case pages.
ACTS: Words = {
    "item.created": _("起草新版本"),
    "item.edited": _("修改草稿"),
    "item.sent_to_check": _("提交合法性审核"),
    "item.checked": _("审核通过"),
    "item.sent_back": _("审核退回"),
    "item.published": _("发布"),
    "item.suspended": _("暂停受理"),
    "item.resumed": _("恢复受理"),
    "item.retired": _("取消事项"),
    "item.imported": _("从文件导入"),
    "officer.appointed": _("录用"),
    "officer.changed": _("变更资料"),
    "officer.left": _("离岗"),
    "officer.post_given": _("安排岗位"),
    "officer.post_ended": _("结束岗位"),
    "officer.substituted": _("安排代理"),
    "officer.substitution_ended": _("结束代理"),
    "calendar.loaded": _("载入放假安排"),
}
TESTS: Words = {
    "is": _("等于"),
    "is_not": _("不等于"),
    "in": _("是其中之一"),
    "above": _("大于（晚于）"),
    "below": _("小于（早于）"),
    "filled": _("已填写"),
    "unfilled": _("没有填写"),
}


def word(words: Words, key: object) -> str:
    """The word for a code; the code itself where a later release has brought a new one."""
    return str(words.get(str(key), key))


def choices(words: Words) -> list[tuple[str, str]]:
    return [(key, str(value)) for key, value in words.items()]
