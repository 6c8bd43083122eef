"""Words of the desk for what the rules call by codes. The Chinese is the message id."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import Stage, State

Words = dict[str, Promise]

STAGES: Words = {
    Stage.ACCEPT: _("受理"),
    Stage.PROCESS: _("承办"),
    Stage.REVIEW: _("审核"),
    Stage.APPROVE: _("批准"),
    Stage.FINISH: _("办结"),
}
STATES: Words = {
    State.SUBMITTED: _("已收件"),
    State.SUPPLEMENT: _("待补正"),
    State.ACCEPTED: _("已受理"),
    State.PROCESSING: _("承办中"),
    State.REVIEWING: _("审核中"),
    State.APPROVING: _("待批准"),
    State.SUSPENDED: _("特别程序中"),
    State.FORWARDED: _("已上报"),
    State.DECIDED: _("已决定"),
    State.FINISHED: _("已办结"),
    State.DELIVERED: _("已送达"),
    State.NOT_ACCEPTED: _("不予受理"),
    State.LAPSED: _("补正逾期终止"),
    State.WITHDRAWN: _("已撤回"),
    State.VOID: _("已作废"),
}
CASE_KINDS: Words = {
    "IMMEDIATE": _("即办件"),
    "PROMISED": _("承诺件"),
    "REPORTED": _("上报件"),
    "JOINT": _("联办件"),
}
CHANNELS: Words = {
    "1": _("窗口"),
    "2": _("网上"),
    "3": _("手机"),
    "4": _("寄递"),
    "5": _("村级代办"),
    "9": _("其他"),
}
DECISIONS: Words = {
    "GRANT": _("准予"),
    "REFUSE": _("不予准许"),
    "CONFIRM": _("予以确认"),
    "RECORD": _("备案"),
    "NONE": _("办理完成"),
}
RESULTS: Words = {
    "0": _("出证办结"),
    "1": _("退回办结"),
    "2": _("作废或撤回办结"),
    "3": _("删除办结"),
    "4": _("转报办结"),
    "5": _("补正不来办结"),
    "6": _("办结"),
}
RECEIVED_AS: Words = {
    "1": _("纸质"),
    "2": _("电子文件"),
    "3": _("电子证照"),
    "4": _("数据共享"),
    "9": _("其他"),
}
LIMITS: Words = {
    DeadlineKind.NOTICE: _("受理审查期限"),
    DeadlineKind.PROMISE: _("承诺时限"),
    DeadlineKind.LEGAL: _("法定时限"),
    DeadlineKind.STAGE: _("本环节时限"),
    DeadlineKind.EXPEDITED: _("特办时限"),
    DeadlineKind.SUPPLEMENT: _("申请人补正期限"),
    DeadlineKind.DELIVERY: _("送达期限"),
    DeadlineKind.SPECIAL: _("特别程序计划期限"),
    DeadlineKind.CONSULTATION: _("答复期限"),
}
DELIVERY_MODES: Words = {
    "direct": _("当面领取"),
    "post": _("邮寄"),
    "electronic": _("电子送达"),
    "left": _("留置送达"),
}
KINDS: Words = {
    Kind.CASE_SUBMITTED: _("收件"),
    Kind.CASE_ACCEPTED: _("受理"),
    Kind.CASE_DEEMED_ACCEPTED: _("逾期未告知，视为受理"),
    Kind.CASE_ACCEPTANCE_REFUSED: _("不予受理"),
    Kind.CASE_SUPPLEMENT_REQUESTED: _("一次性告知补正"),
    Kind.CASE_SUPPLEMENTED: _("收到补正"),
    Kind.CASE_LAPSED: _("补正逾期，申请终止"),
    Kind.CASE_WITHDRAWN: _("申请已撤回"),
    Kind.CASE_DISPATCHED: _("分派"),
    Kind.CASE_FORWARDED: _("转下一环节"),
    Kind.CASE_RETURNED: _("退回上一环节"),
    Kind.CASE_RECALLED: _("收回办件"),
    Kind.CASE_CONSULTED: _("征求意见"),
    Kind.CASE_CONSULTATION_ANSWERED: _("意见答复"),
    Kind.CASE_SUSPENDED: _("进入特别程序"),
    Kind.CASE_RESUMED: _("特别程序结束"),
    Kind.CASE_EXTENDED: _("延长期限"),
    Kind.CASE_SENT_UP: _("上报"),
    Kind.CASE_RESULT_BACK: _("上级结果返回"),
    Kind.CASE_DECIDED: _("作出决定"),
    Kind.CASE_FINISHED: _("办结"),
    Kind.CASE_DELIVERED: _("送达"),
    Kind.CASE_VOID_PROPOSED: _("提出作废"),
    Kind.CASE_VOID_DECLINED: _("不作废"),
    Kind.CASE_VOIDED: _("作废"),
    Kind.CASE_SPECIAL_ASKED: _("提请特办"),
    Kind.CASE_SPECIAL_GRANTED: _("批准特办"),
    Kind.CASE_SPECIAL_DECLINED: _("不按特办"),
    Kind.CASE_SPECIAL_ENDED: _("撤销特办"),
    Kind.CASE_ARCHIVED: _("归档"),
    Kind.CASE_URGED: _("申请人催办"),
    Kind.CASE_NOTED: _("内部备注"),
    Kind.CASE_MESSAGE_SENT: _("发出消息"),
    Kind.CASE_CORRECTED: _("更正联系方式"),
    Kind.CASE_DEADLINE_MOVED: _("期限随放假安排调整"),
    Kind.CASE_PAPER_ISSUED: _("发出文书"),
    Kind.CASE_REVEALED: _("查看完整信息"),
    Kind.CASE_IMPORTED: _("由原系统导入"),
    Kind.CASE_ACT_RECORDED: _("办理"),
}
# Facts of an entry that a reader wants to see, in this order.
FACTS: Words = {
    "decision": _("决定"),
    "opinion": _("意见"),
    "reason": _("理由"),
    "note": _("备注"),
    "basis": _("依据"),
    "procedure": _("特别程序"),
    "result": _("结果"),
    "to": _("交给"),
    "paper": _("文号"),
    "until": _("截止"),
    "promise_due": _("承诺时限"),
    "legal_due": _("法定时限"),
    "delivery_due": _("送达期限"),
    "valid_until": _("有效期至"),
    "notice_due": _("受理审查期限"),
    "days": _("天数"),
    "was": _("原期限"),
    "due": _("期限"),
    "materials": _("材料"),
    "section": _("科室"),
    "upper_organ": _("上级机关"),
    "right_organ": _("应向其申请的机关"),
    "mode": _("送达方式"),
    "tracking_no": _("运单号"),
    "purpose": _("用途"),
    "activity": _("原系统动作"),
    "label": _("动作"),
    "group": _("组别"),
}


def word(words: Words, code: str) -> Promise | str:
    return words.get(code, code)
