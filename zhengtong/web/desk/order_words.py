"""Words for what the rules of supervision orders call by codes. The Chinese is the message id."""

from django.utils.translation import gettext_lazy as _

from zhengtong.rules.kinds import Kind
from zhengtong.rules.orders import AdmonitionState, Measure, OrderKind, OrderResult, OrderSource, OrderState
from zhengtong.rules.roles import Role
from zhengtong.web.desk.words import Words

STATES: Words = {
    OrderState.OPEN: _("待签收"),
    OrderState.RECEIVED: _("待回复"),
    OrderState.REPLIED: _("待核实"),
    OrderState.REJECTED: _("退回重办"),
    OrderState.VERIFIED: _("已核实"),
    OrderState.CLOSED: _("督办办结"),
}
KINDS_OF_ORDER: Words = {
    OrderKind.URGENT: _("特急"),
    OrderKind.NORMAL: _("一般"),
    OrderKind.COMPLEX: _("复杂"),
}
SOURCES: Words = {
    OrderSource.CARD: _("监察牌"),
    OrderSource.LEAD: _("数据线索"),
    OrderSource.URGING: _("申请人催办"),
    OrderSource.COMPLAINT: _("投诉"),
    OrderSource.INSTRUCTION: _("领导批示"),
    OrderSource.FINDING: _("监察发现"),
}
RESULTS: Words = {
    OrderResult.DONE: _("督办办结"),
    OrderResult.WITHDRAWN: _("已撤销"),
}
LEVELS: Words = {"0": _("提醒"), "1": _("预警"), "2": _("黄牌"), "3": _("红牌"), "4": _("督办单")}
STEPS: Words = {"1": _("科室及其负责人"), "2": _("部门负责人"), "3": _("上级机关")}
ACTS: Words = {
    Kind.ORDER_ISSUED: _("下达督办单"),
    Kind.ORDER_RECEIVED: _("签收督办单"),
    Kind.ORDER_REPLIED: _("回复督办单"),
    Kind.ORDER_VERIFIED: _("核实"),
    Kind.ORDER_REJECTED: _("退回重办"),
    Kind.ORDER_CLOSED: _("督办办结"),
    Kind.ORDER_WITHDRAWN: _("撤销督办单"),
    Kind.ORDER_EXTENSION_ASKED: _("申请延期"),
    Kind.ORDER_EXTENDED: _("批准延期"),
    Kind.ORDER_EXTENSION_DECLINED: _("不予延期"),
    Kind.ORDER_ESCALATED: _("逐级催办"),
    Kind.ORDER_DEADLINE_MOVED: _("期限随放假安排调整"),
}
FACTS: Words = {
    "title": _("督办事项"),
    "to": _("催办对象"),
    "reason": _("理由"),
    "text": _("核实意见"),
    "outcome": _("督办结果"),
    "days": _("天数"),
    "was": _("原期限"),
    "due": _("期限"),
    "paper": _("文号"),
}
MEASURES: Words = {
    Measure.TALK: _("约谈"),
    Measure.WRITTEN_EXAMINATION: _("责令书面检查"),
    Measure.CRITICISM: _("通报批评"),
    Measure.EFFICIENCY_WARNING: _("效能告诫"),
    Measure.ADMONITION: _("诫勉"),
}
ADMONITION_STATES: Words = {
    AdmonitionState.IN_FORCE: _("生效"),
    AdmonitionState.OBJECTED: _("本人有异议"),
    AdmonitionState.LIFTED: _("已解除"),
    AdmonitionState.REVOKED: _("异议成立，已撤销"),
    AdmonitionState.EXEMPT: _("容错免责"),
}
ADMONITION_ACTS: Words = {
    Kind.ADMONITION_DECIDED: _("登记责任追究"),
    Kind.ADMONITION_OBJECTED: _("本人提出异议"),
    Kind.ADMONITION_UPHELD: _("异议不成立，维持"),
    Kind.ADMONITION_REVOKED: _("异议成立，已撤销"),
    Kind.ADMONITION_LIFTED: _("解除"),
}
ROLES: Words = {
    Role.SECTION_HEAD: _("科室负责人"),
    Role.HANDLER: _("承办人"),
    Role.APPROVER: _("首席代表"),
    Role.CENTRE_MANAGER: _("中心管理"),
    Role.SUPERVISOR: _("监察"),
}
