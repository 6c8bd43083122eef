"""Words of the desk for what the rules of letters call by codes. The Chinese is the message id."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import (
    Conversion,
    Destination,
    Finding,
    LetterKind,
    LetterState,
    Mailbox,
    Satisfaction,
)
from zhengtong.web.desk.words import Words

KINDS: Words = {
    LetterKind.CONSULTATION: pgettext_lazy("letter", "咨询"),
    LetterKind.HELP: _("求助"),
    LetterKind.COMPLAINT: _("投诉"),
    LetterKind.SUGGESTION: _("意见建议"),
    LetterKind.PRAISE: _("表扬"),
    LetterKind.REPORT: _("举报"),
    LetterKind.TIP: _("问题线索"),
}
MAILBOXES: Words = {
    Mailbox.WEB: _("网上来信"),
    Mailbox.DIRECTOR: _("局长信箱"),
    Mailbox.SUGGESTIONS: _("意见箱"),
    Mailbox.HOTLINE: _("12345工单"),
    Mailbox.PHONE: _("来电"),
    Mailbox.COUNTER: _("来访"),
    Mailbox.PAPER: _("纸质来信"),
    Mailbox.SUPERVISION: _("效能投诉"),
    Mailbox.OPEN311: _("Open311"),
    Mailbox.IMPORT: _("外部导入"),
}
STATES: Words = {
    LetterState.RECEIVED: _("待转办"),
    LetterState.ROUTED: _("待接办"),
    LetterState.ANSWERING: _("办理中"),
    LetterState.DRAFTED: _("答复待批"),
    LetterState.SENT: _("已答复"),
    LetterState.REVISITED: _("已回访"),
    LetterState.CLOSED: _("已办结"),
    LetterState.TRANSFERRED: _("已移交"),
    LetterState.CONVERTED: _("已转换"),
    LetterState.WITHDRAWN: _("已撤回"),
    LetterState.MERGED: _("已并件"),
    LetterState.REFUSED: _("已告知不受理"),
}
FINDINGS: Words = {
    Finding.CONFIRMED: _("属实"),
    Finding.PARTLY: _("部分属实"),
    Finding.UNFOUNDED: _("不属实"),
}
SATISFACTIONS: Words = {
    Satisfaction.SATISFIED: _("满意"),
    Satisfaction.UNSATISFIED: _("不满意"),
    Satisfaction.UNREACHED: _("联系不上"),
}
DESTINATIONS: Words = {
    Destination.PETITION: _("信访部门"),
    Destination.DISCIPLINE: _("纪检监察机关"),
    Destination.HOTLINE: _("12345 热线"),
    Destination.OTHER: _("其他机关"),
}
CONVERSIONS: Words = {
    Conversion.CASE: _("办件草稿"),
    Conversion.ORDER: _("督办单"),
    Conversion.DISCLOSURE: _("信息公开申请"),
}
MODES: Words = {"written": _("书面答复"), "oral": _("口头答复")}
PUBLICATIONS: Words = {
    "proposed": _("待审核公开"),
    "published": _("已公开"),
    "declined": _("未获准公开"),
    "withdrawn": _("已撤下"),
}
ACTS: Words = {
    Kind.LETTER_RECEIVED: pgettext_lazy("letter act", "登记来信"),
    Kind.LETTER_ROUTED: pgettext_lazy("letter act", "转办"),
    Kind.LETTER_RETURNED: pgettext_lazy("letter act", "退回来信专员"),
    Kind.LETTER_TAKEN: pgettext_lazy("letter act", "接办"),
    Kind.LETTER_DRAFTED: _("起草答复，送审批"),
    Kind.LETTER_REPLIED: pgettext_lazy("letter act", "发出答复"),
    Kind.LETTER_SENT_BACK: _("答复退回重写"),
    Kind.LETTER_EXTENSION_ASKED: pgettext_lazy("letter act", "申请延期"),
    Kind.LETTER_EXTENDED: pgettext_lazy("letter act", "批准延期"),
    Kind.LETTER_EXTENSION_DECLINED: pgettext_lazy("letter act", "不予延期"),
    Kind.LETTER_MODERATED: pgettext_lazy("letter act", "整理文字"),
    Kind.LETTER_RECLASSIFIED: pgettext_lazy("letter act", "改类"),
    Kind.LETTER_MERGED: _("并入另一封"),
    Kind.LETTER_TRANSFERRED: pgettext_lazy("letter act", "移交"),
    Kind.LETTER_REFUSED: _("告知不属受理范围"),
    Kind.LETTER_CONVERTED: _("转为其他事项"),
    Kind.LETTER_REVISITED: _("回访"),
    Kind.LETTER_CLOSED: pgettext_lazy("letter act", "办结"),
    Kind.LETTER_CONFIRMED: _("来信人确认解决"),
    Kind.LETTER_REOPENED: _("重新办理"),
    Kind.LETTER_URGED: _("来信人催办"),
    Kind.LETTER_ADDED: _("来信人补充"),
    Kind.LETTER_WITHDRAWN: _("来信人撤回"),
    Kind.LETTER_REVEALED: pgettext_lazy("letter act", "查看来信人身份"),
    Kind.LETTER_PUBLICATION_PROPOSED: _("提交公开稿"),
    Kind.LETTER_PUBLISHED: pgettext_lazy("letter act", "批准公开"),
    Kind.LETTER_PUBLICATION_DECLINED: _("公开稿退回"),
    Kind.LETTER_UNPUBLISHED: pgettext_lazy("letter act", "撤下公开"),
    Kind.LETTER_IMPORTED: _("从文件导入"),
    Kind.LETTER_DEADLINE_MOVED: _("期限随放假安排调整"),
    Kind.LETTER_PASSED_ON: _("转送其他平台"),
    Kind.LETTER_HEARD_OF: _("其他平台告知结果"),
}
# An entry by which one kind of step is undone says so in its facts.
UNDONE: Words = {
    "recalled": pgettext_lazy("letter act", "撤回送审"),
    "unmerged": pgettext_lazy("letter act", "撤销并件"),
}
FACTS: Words = {
    "organ": _("承办单位"),
    "section": _("科室"),
    "into": _("并入"),
    "to": _("去向"),
    "key": _("新编号"),
    "days": _("工作日"),
    "was": _("原期限"),
    "due": _("期限"),
    "notice_due": _("告知受理期限"),
    "finish_due": _("办结期限"),
    "result": _("回访结果"),
    "purpose": _("用途"),
    "reason": _("理由"),
    "log": _("来源"),
    "partner": _("平台"),
    "ended": _("结果"),
}
PASSED: Words = {
    "waiting": _("等待送出"),
    "token": _("对方已收下，等待编号"),
    "taken": _("对方办理中"),
    "closed": _("对方已办结"),
    "refused": _("对方没有收"),
}
SAYS = {"to": DESTINATIONS | CONVERSIONS, "result": SATISFACTIONS, "ended": PASSED}
