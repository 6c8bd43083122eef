"""Words of letters as they are said to who writes them. The Chinese is the message id."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import Destination, LetterKind, LetterState, Mailbox
from zhengtong.web.portal.words import Words

KINDS: Words = {
    LetterKind.CONSULTATION: pgettext_lazy("letter", "咨询"),
    LetterKind.HELP: _("求助"),
    LetterKind.COMPLAINT: _("投诉"),
    LetterKind.SUGGESTION: pgettext_lazy("letter", "建议"),
    LetterKind.PRAISE: _("表扬"),
    LetterKind.REPORT: _("举报"),
}
HINTS: Words = {
    LetterKind.CONSULTATION: _("想问清楚一件事怎么办、为什么这样办"),
    LetterKind.HELP: _("遇到了困难，请我们帮忙解决"),
    LetterKind.COMPLAINT: _("对办件、服务或商家不满意，要一个说法"),
    LetterKind.SUGGESTION: _("有个好主意，可以不留姓名"),
    LetterKind.PRAISE: _("想谢谢某个人或某个窗口"),
    LetterKind.REPORT: _("举报商家违法或扰民，姓名一律保密"),
}
BOXES: Words = {
    Mailbox.WEB: _("来信"),
    Mailbox.DIRECTOR: _("局长信箱"),
    Mailbox.SUGGESTIONS: _("意见箱"),
}
STATES: Words = {
    LetterState.RECEIVED: _("已收到，等待转办"),
    LetterState.ROUTED: _("已转到办理单位"),
    LetterState.ANSWERING: _("正在办理"),
    LetterState.DRAFTED: _("答复已拟好，等待批准"),
    LetterState.SENT: _("已答复"),
    LetterState.REVISITED: _("已答复并回访"),
    LetterState.CLOSED: _("已办结"),
    LetterState.TRANSFERRED: _("已移交别的机关"),
    LetterState.CONVERTED: _("已转为办件或督办"),
    LetterState.WITHDRAWN: _("您已撤回"),
    LetterState.MERGED: _("与另一封来信一并答复"),
    LetterState.REFUSED: _("不属本处受理"),
}
# A tip is routed to nobody: its author must not read that it went to "the unit".
TIP_STATES: Words = {
    **STATES,
    LetterState.RECEIVED: _("廉政受理人员已收到"),
    LetterState.ROUTED: _("廉政受理人员已收到"),
    LetterState.ANSWERING: _("廉政受理人员正在核实"),
}
DESTINATIONS: Words = {
    Destination.PETITION: _("信访部门"),
    Destination.DISCIPLINE: _("纪检监察机关"),
    Destination.HOTLINE: _("12345 热线"),
    Destination.OTHER: _("其他机关"),
}
# What the author reads; inner steps stay inside.
ACTS: Words = {
    Kind.LETTER_RECEIVED: _("收到来信"),
    Kind.LETTER_ROUTED: _("转到办理单位"),
    Kind.LETTER_TAKEN: _("有人接手办理"),
    Kind.LETTER_EXTENDED: _("批准延期"),
    Kind.LETTER_REPLIED: _("答复"),
    Kind.LETTER_REVISITED: _("回访"),
    Kind.LETTER_CLOSED: _("办结"),
    Kind.LETTER_CONFIRMED: _("您确认已经解决"),
    Kind.LETTER_REOPENED: _("重新办理"),
    Kind.LETTER_URGED: _("您催办了一次"),
    Kind.LETTER_ADDED: _("您补充了情况"),
    Kind.LETTER_WITHDRAWN: _("您撤回了来信"),
    Kind.LETTER_TRANSFERRED: _("移交别的机关"),
    Kind.LETTER_CONVERTED: _("转为办件或督办"),
    Kind.LETTER_MERGED: _("与另一封来信一并答复"),
    Kind.LETTER_REFUSED: _("告知不属本处受理"),
    Kind.LETTER_UNPUBLISHED: _("撤下公开"),
    Kind.LETTER_REVEALED: _("查看了您的姓名和联系方式"),
}
