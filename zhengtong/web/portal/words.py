"""Words of the portal for what the rules call by codes, as they are said to an applicant. The Chinese is the message id."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import Stage, State

Words = Mapping[str, Promise | str]

# --- of an item -------------------------------------------------------------------------------------------------------
ITEM_TYPES: Words = {
    "01": _("行政许可"),
    "04": _("行政征收"),
    "05": _("行政给付"),
    "07": _("行政确认"),
    "08": _("行政奖励"),
    "09": _("行政裁决"),
    "10": _("其他行政权力"),
    "11": _("机关内部审批"),
    "20": _("公共服务"),
}
LEVELS: Words = {
    "1": _("国家级"),
    "2": _("省级"),
    "3": _("市级"),
    "4": _("县级"),
    "5": _("乡镇（街道）级"),
    "6": _("村（社区）级"),
    "7": _("分级管理"),
}
APPLICANTS: Words = {
    "1": _("个人"),
    "2": _("企业"),
    "3": _("事业单位"),
    "4": _("社会组织"),
    "5": _("行政机关"),
    "6": _("其他组织"),
}
NEAREST: Words = {
    "village": _("能在村（社区）办的"),
    "township": _("能在乡镇（街道）办的"),
}
FILED_AT: Words = {
    "village": _("村（社区）便民服务点"),
    "township": _("乡镇（街道）便民服务站"),
    "county": _("县级政务服务大厅"),
}
CHANNELS: Words = {
    "1": _("窗口办理"),
    "2": _("网上办理"),
    "3": _("手机办理"),
    "4": _("邮寄申请"),
    "9": _("其他方式"),
}
CASE_KINDS: Words = {
    "IMMEDIATE": _("即办件"),
    "PROMISED": _("承诺件"),
    "REPORTED": _("上报件"),
    "JOINT": _("联办件"),
}
NECESSITY: Words = {"required": _("必要"), "conditional": _("视情况"), "optional": _("选交")}
MATERIAL_TYPES: Words = {"original": _("原件"), "copy": _("复印件"), "form": _("表格")}
FORMATS: Words = {"paper": _("纸质"), "electronic": _("电子"), "either": _("纸质或电子")}
DELIVERY: Words = {"electronic": _("电子送达"), "pickup": _("窗口领取"), "post": _("邮寄到家")}

# --- of a case --------------------------------------------------------------------------------------------------------
STAGES: Words = {
    Stage.ACCEPT: _("受理"),
    Stage.PROCESS: _("承办"),
    Stage.REVIEW: _("审核"),
    Stage.APPROVE: _("批准"),
    Stage.FINISH: _("办结"),
}
STATES: Words = {
    State.SUBMITTED: _("等待受理"),
    State.SUPPLEMENT: _("等您补正材料"),
    State.ACCEPTED: _("已受理"),
    State.PROCESSING: _("正在承办"),
    State.REVIEWING: _("正在审核"),
    State.APPROVING: _("等待批准"),
    State.SUSPENDED: _("特别程序中，暂停计时"),
    State.FORWARDED: _("已上报上级机关"),
    State.DECIDED: _("已作出决定"),
    State.FINISHED: _("已办结，等待送达"),
    State.DELIVERED: _("已送达"),
    State.NOT_ACCEPTED: _("不予受理"),
    State.LAPSED: _("逾期未补正，已终止"),
    State.WITHDRAWN: _("已撤回"),
    State.VOID: _("已作废"),
}
WAYS_IN: Words = {
    "1": _("窗口提交"),
    "2": _("网上申请"),
    "3": _("手机申请"),
    "4": _("邮寄申请"),
    "5": _("村级代办"),
    "9": _("其他方式"),
}
DECISIONS: Words = {
    "GRANT": _("准予"),
    "REFUSE": _("不予许可"),
    "CONFIRM": _("予以确认"),
    "RECORD": _("准予备案"),
    "NONE": _("已办理"),
}
LIMITS: Words = {
    DeadlineKind.NOTICE: _("多久告诉您是否受理"),
    DeadlineKind.PROMISE: _("承诺多久办完"),
    DeadlineKind.LEGAL: _("法律规定最多多久"),
    DeadlineKind.STAGE: _("本环节的期限"),
    DeadlineKind.EXPEDITED: _("特办多久办完"),
    DeadlineKind.SUPPLEMENT: _("您补正材料的期限"),
    DeadlineKind.DELIVERY: _("决定后多久送达"),
    DeadlineKind.SPECIAL: _("特别程序预计多久"),
    DeadlineKind.CONSULTATION: _("征求意见的期限"),
}
# A square is narrow: the English of these is one short word.
FIRST_DAY: Words = {
    DeadlineKind.NOTICE: pgettext_lazy("first day", "收件"),
    DeadlineKind.PROMISE: pgettext_lazy("first day", "受理"),
    DeadlineKind.LEGAL: pgettext_lazy("first day", "受理"),
    DeadlineKind.SUPPLEMENT: pgettext_lazy("first day", "告知"),
    DeadlineKind.DELIVERY: pgettext_lazy("first day", "决定"),
    DeadlineKind.SPECIAL: pgettext_lazy("first day", "开始"),
    DeadlineKind.EXPEDITED: pgettext_lazy("first day", "开始"),
}
PAPERS: Words = {
    "F-00": _("收件凭证"),
    "F-01": _("受理通知书"),
    "F-02": _("不予受理通知书"),
    "F-03": _("补正告知书"),
    "F-05": _("准予决定书"),
    "F-06": _("不予许可决定书"),
    "F-07": _("延期或特别程序告知书"),
    "F-08": _("送达回证"),
    "F-13": _("撤件确认"),
}
ACTS: Words = {
    Kind.CASE_SUBMITTED: _("提交申请"),
    Kind.CASE_ACCEPTED: _("受理"),
    Kind.CASE_DEEMED_ACCEPTED: _("逾期未告知，依法视为受理"),
    Kind.CASE_ACCEPTANCE_REFUSED: _("不予受理"),
    Kind.CASE_SUPPLEMENT_REQUESTED: _("一次性告知补正"),
    Kind.CASE_SUPPLEMENTED: _("收到您的补正材料"),
    Kind.CASE_LAPSED: _("逾期未补正，申请终止"),
    Kind.CASE_WITHDRAWN: _("撤回申请"),
    Kind.CASE_DISPATCHED: _("分派经办人"),
    Kind.CASE_FORWARDED: _("转入下一环节"),
    Kind.CASE_RETURNED: _("退回上一环节"),
    Kind.CASE_SUSPENDED: _("进入特别程序，暂停计时"),
    Kind.CASE_RESUMED: _("特别程序结束，恢复计时"),
    Kind.CASE_EXTENDED: _("批准延长期限"),
    Kind.CASE_SPECIAL_GRANTED: _("批准特办，优先办理"),
    Kind.CASE_SPECIAL_ENDED: _("不再按特办办理"),
    Kind.CASE_SENT_UP: _("上报上级机关"),
    Kind.CASE_RESULT_BACK: _("上级机关办理结果返回"),
    Kind.CASE_DECIDED: _("作出决定"),
    Kind.CASE_FINISHED: _("办结"),
    Kind.CASE_DELIVERED: _("送达"),
    Kind.CASE_VOIDED: _("作废"),
    Kind.CASE_URGED: _("您催办了一次"),
    Kind.CASE_DEADLINE_MOVED: _("放假安排调整，期限重新计算"),
    Kind.CASE_IMPORTED: _("由原系统转入"),
    Kind.CASE_ACT_RECORDED: _("办理"),
}

# What a message in the portal says; %(…)s are facts of its payload.


def word(words: Words, code: str) -> Promise | str:
    return words.get(code, code)


def several(words: Words, codes: list[str]) -> list[Promise | str]:
    return [word(words, code) for code in codes]
