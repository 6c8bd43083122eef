"""What happens to a bad rating, in words for the person who gave it. The Chinese is the message id."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.kinds import Kind
from zhengtong.rules.rectifications import Outcome, RectState, RectStep

Words = dict[str, Promise]

STATES: Words = {
    RectState.DISPATCH: _("正在派给负责的部门"),
    RectState.VERIFY: _("部门正在核实"),
    RectState.FIX: _("核实属实，正在整改"),
    RectState.PLAN: _("核实属实，正在按计划整改"),
    RectState.EXPLAIN: _("部门正在准备说明"),
    RectState.REVIEW: _("正在由另外的人复核"),
    RectState.REVISIT: _("等您说是否满意"),
    RectState.CLOSED: _("已经办结"),
}
OUTCOMES: Words = {
    Outcome.JUSTIFIED_FIXED: _("您反映的情况属实，已经整改"),
    Outcome.JUSTIFIED_PLANNED: _("您反映的情况属实，已按计划整改"),
    Outcome.EXPLAINED: _("部门作了解释说明"),
    Outcome.MISTAKEN: _("两个人先后核实，认定是误评"),
    Outcome.UNTRUE: _("两个人先后核实，认定与事实不符"),
}
LEVELS: Words = {"4": _("不满意"), "5": _("非常不满意")}
NOTES: Words = {
    RectStep.VERIFY: _("核实情况"),
    RectStep.PROGRESS: _("整改进展"),
    RectStep.FIX: _("做了什么"),
    RectStep.EXPLAIN: _("解释说明"),
    RectStep.CONFIRM: _("复核意见"),
    RectStep.GRANT_APPEAL: _("复核意见"),
    RectStep.OVERTURN: _("复核意见"),
}
# Of the journal, what the unhappy person may follow; appeals and reviews inside the house are told by their result.
ACTS: Words = {
    Kind.RECTIFICATION_OPENED: _("收到您的评价"),
    Kind.RECTIFICATION_DISPATCHED: _("派给负责的部门"),
    Kind.RECTIFICATION_VERIFIED: _("核实完毕"),
    Kind.RECTIFICATION_PROGRESSED: _("整改有进展"),
    Kind.RECTIFICATION_FIXED: _("整改完成"),
    Kind.RECTIFICATION_EXPLAINED: _("作出说明"),
    Kind.RECTIFICATION_SET_ASIDE: _("复核完毕"),
    Kind.RECTIFICATION_SENT_BACK: _("复核后重新核实"),
    Kind.RECTIFICATION_OVERTURNED: _("您的评价重新计入，再次核实"),
    Kind.RECTIFICATION_APPEAL_GRANTED: _("复核完毕"),
    Kind.RECTIFICATION_REVISIT_TRIED: _("打电话没有联系上您"),
    Kind.RECTIFICATION_REVISITED: _("您回答了是否满意"),
    Kind.RECTIFICATION_REOPENED: _("您要求重新办理"),
    Kind.RECTIFICATION_DEADLINE_MOVED: _("期限随放假安排调整"),
}
STAGES: tuple[tuple[Promise, frozenset[RectState]], ...] = (
    (_("派发"), frozenset({RectState.DISPATCH})),
    (_("核实"), frozenset({RectState.VERIFY, RectState.REVIEW})),
    (_("整改或说明"), frozenset({RectState.FIX, RectState.PLAN, RectState.EXPLAIN})),
    (_("回访"), frozenset({RectState.REVISIT})),
    (_("办结"), frozenset({RectState.CLOSED})),
)
