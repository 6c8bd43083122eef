"""Words for what the rules of bad ratings call by codes. The Chinese is the message id."""

from django.utils.translation import gettext_lazy as _

from zhengtong.rules.kinds import Kind
from zhengtong.rules.rectifications import Outcome, RectState, RectStep, Verdict
from zhengtong.web.desk.words import Words

STATES: Words = {
    RectState.DISPATCH: _("待派发"),
    RectState.VERIFY: _("待核实"),
    RectState.FIX: _("整改中"),
    RectState.PLAN: _("按计划整改中"),
    RectState.EXPLAIN: _("待解释说明"),
    RectState.REVIEW: _("待复核"),
    RectState.REVISIT: _("待回访"),
    RectState.CLOSED: _("差评办结"),
}
VERDICTS: Words = {
    Verdict.SIMPLE: _("属实，立即整改"),
    Verdict.COMPLEX: _("属实，情况复杂，列入台账限期整改"),
    Verdict.NO_BASE: _("诉求没有法律依据，解释说明"),
    Verdict.MISTAKEN: _("误评"),
    Verdict.UNTRUE: _("不实评价"),
}
OUTCOMES: Words = {
    Outcome.JUSTIFIED_FIXED: _("属实，已整改"),
    Outcome.JUSTIFIED_PLANNED: _("属实，按计划整改"),
    Outcome.EXPLAINED: _("已解释说明"),
    Outcome.MISTAKEN: _("认定误评"),
    Outcome.UNTRUE: _("认定不实"),
}
CLOSED_FROM: Words = {
    "anonymous": _("匿名评价，无法回访"),
    "revisited": _("已回访"),
    "unreachable": _("多次联系不上"),
}
LEVELS: Words = {"4": _("不满意"), "5": _("非常不满意")}
REASONS: Words = {
    "efficiency": _("服务效率"),
    "competence": _("服务水平"),
    "attitude": _("服务态度"),
    "quality": _("服务质量"),
    "guide": _("指南精确度"),
    "convenience": _("办事便捷度"),
    "platform": _("平台操作性"),
}
SERVICES: Words = {
    "ticket": _("窗口服务"),
    "acceptance": _("受理环节"),
    "finish": _("办结环节"),
    "letter": _("来信答复"),
}
STEPS: Words = {
    RectStep.DISPATCH: _("派发说明"),
    RectStep.VERIFY: _("核实情况"),
    RectStep.PROGRESS: _("整改进展"),
    RectStep.FIX: _("整改结果"),
    RectStep.EXPLAIN: _("解释说明"),
    RectStep.CONFIRM: _("复核：予以认定"),
    RectStep.DECLINE: _("复核：不予认定"),
    RectStep.OVERTURN: _("撤销误评、不实的认定"),
    RectStep.APPEAL: _("被评价人申诉"),
    RectStep.GRANT_APPEAL: _("申诉成立"),
    RectStep.DECLINE_APPEAL: _("申诉不成立"),
}
ACTS: Words = {
    Kind.RECTIFICATION_OPENED: _("收到差评"),
    Kind.RECTIFICATION_DISPATCHED: _("派发差评"),
    Kind.RECTIFICATION_VERIFIED: _("核实差评"),
    Kind.RECTIFICATION_PROGRESSED: _("整改进展"),
    Kind.RECTIFICATION_FIXED: _("整改完成"),
    Kind.RECTIFICATION_EXPLAINED: _("解释说明"),
    Kind.RECTIFICATION_SET_ASIDE: _("复核：予以认定"),
    Kind.RECTIFICATION_SENT_BACK: _("复核：不予认定"),
    Kind.RECTIFICATION_OVERTURNED: _("撤销误评、不实的认定"),
    Kind.RECTIFICATION_APPEALED: _("被评价人申诉"),
    Kind.RECTIFICATION_APPEAL_GRANTED: _("申诉成立"),
    Kind.RECTIFICATION_APPEAL_DECLINED: _("申诉不成立"),
    Kind.RECTIFICATION_REVISIT_TRIED: _("回访没有联系上"),
    Kind.RECTIFICATION_REVISITED: _("回访"),
    Kind.RECTIFICATION_REOPENED: _("群众要求重新办理"),
    Kind.RECTIFICATION_REVEALED: _("查看评价人"),
    Kind.RECTIFICATION_DEADLINE_MOVED: _("期限随放假安排调整"),
}
FACTS: Words = {
    "organ": _("责任部门"),
    "section": _("科室"),
    "verdict": _("核实结论"),
    "declined": _("不予认定的结论"),
    "overturned": _("撤销的认定"),
    "satisfied": _("是否满意"),
    "late": _("是否超期"),
    "given_up": _("按联系不上办结"),
    "purpose": _("用途"),
    "reason": _("理由"),
    "was": _("原期限"),
    "due": _("期限"),
}
