"""Words for what the rules of supervision cards call by codes. The Chinese is the message id."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.clock import Level
from zhengtong.rules.kinds import Kind
from zhengtong.rules.supervision.definition import IssueMode, RuleGroup
from zhengtong.rules.supervision.procedure import CardState
from zhengtong.web.desk.words import Words

STATES: Words = {
    CardState.DRAFT: _("待发"),
    CardState.ISSUED: _("已发"),
    CardState.ANSWERED: _("已答复"),
    CardState.APPEALED: _("申诉中"),
    CardState.UPHELD: _("维持"),
    CardState.REVOKED: _("撤销"),
    CardState.CANCELLED: pgettext_lazy("card", "已取消"),
    CardState.ESCALATED: _("已转督办"),
    CardState.CLOSED: _("已了结"),
}
LEVELS: Words = {
    Level.REMIND: _("提醒"),
    Level.WARN: _("预警"),
    Level.YELLOW: _("黄牌"),
    Level.RED: _("红牌"),
}
# The lamp of a level: shape and colour are the same as of the light it came from.
LAMPS = {Level.REMIND: "ok", Level.WARN: "soon", Level.YELLOW: "yellow", Level.RED: "red"}
GROUPS: Words = {
    RuleGroup.TIME: _("时限"),
    RuleGroup.PROCEDURE: _("程序"),
    RuleGroup.MATERIAL: _("受理与材料"),
    RuleGroup.FEE: _("收费"),
    RuleGroup.OPENNESS: _("政务公开"),
    RuleGroup.SERVICE: _("服务"),
    RuleGroup.DATA: _("数据真实性"),
    RuleGroup.EVALUATION: _("评价"),
    RuleGroup.INTEGRITY: _("廉政"),
}
ISSUES: Words = {IssueMode.AUTOMATIC: _("自动发牌"), IssueMode.CONFIRM: _("确认后发牌")}
SUBJECTS: Words = {
    "case": _("办件"),
    "order": _("督办单"),
    "letter": _("来信"),
    "lead": _("数据线索"),
    "officer": _("工作人员"),
    "organ": _("部门"),
    "item": _("事项"),
    "fee": _("收费"),
    "certificate": _("证照"),
    "project": _("联办项目"),
    "disclosure": _("公开申请"),
    "rating": _("评价"),
    "sample": _("每月抽查"),
    "rectification": _("差评"),
    "draw": _("抽取"),
    "seal": _("用印"),
}
OPERATORS: Words = {
    "ge": _("达到"),
    "gt": _("超过"),
    "le": _("不高于"),
    "lt": _("低于"),
    "ne": _("不等于"),
    "is": _("成立"),
    "from": _("到期后工作日（负数为到期前）"),
}
THRESHOLDS: Words = {
    "warn_used_percent": _("用去时限的百分比"),
    "short_amount": _("短时限（工作日以内）"),
    "short_left": _("短时限预警剩余工作日"),
    "limit_days": _("时限（工作日）"),
    "share_percent": _("占全程的百分比"),
    "times": _("次数"),
    "days_before_due": _("到期前工作日"),
    "days": _("天数"),
    "sigma": _("标准差倍数"),
    "least_cases": _("最少办件数"),
    "cases": _("件数"),
    "minutes": _("分钟"),
    "session_minutes": _("一次录入的分钟数"),
    "promise_days": _("承诺时限不少于（工作日）"),
    "from_hour": _("正常时间自（时）"),
    "until_hour": _("正常时间至（时）"),
    "seconds": _("秒"),
    "total_minutes": _("全程分钟数"),
    "applicants": _("申请人数"),
    "percent": _("百分比"),
    "last_percent": _("时限末段的百分比"),
    "per_visitor": _("每人次件数"),
    "peer_times": _("同类中位数的倍数"),
    "least_days": _("最少天数"),
    "least": _("最少样本数"),
    "chi_square": _("卡方临界值"),
    "months": _("月数"),
    "sample_percent": _("抽查百分比"),
    "per_hour": _("每小时次数"),
}
ACTS: Words = {
    Kind.CARD_RAISED: _("提出监察牌"),
    Kind.CARD_ISSUED: _("发出监察牌"),
    Kind.CARD_ANSWERED: _("答复"),
    Kind.CARD_APPEALED: _("申诉"),
    Kind.CARD_UPHELD: _("裁决：维持"),
    Kind.CARD_REVOKED: _("裁决：撤销"),
    Kind.CARD_CANCELLED: _("取消监察牌"),
    Kind.CARD_ESCALATED: _("转督办"),
    Kind.CARD_CLOSED: _("了结"),
    Kind.CARD_DEADLINE_MOVED: _("期限随放假安排调整"),
    Kind.RULE_SEEDED: _("载入规则"),
    Kind.RULE_VERSIONED: _("规则新版本"),
}
FACTS: Words = {
    "cause": _("原因"),
    "measure": _("整改措施"),
    "reasons": _("理由"),
    "reason": _("理由"),
    "returned": _("退回分值"),
    "points": _("分值"),
    "order": _("督办单"),
    "note": _("说明"),
    "answer_due": _("答复期限"),
    "decide_by": _("裁决期限"),
    "from": _("生效日期"),
    "source": _("依据"),
}
EVIDENCE: Words = {"limit": _("期限"), "due": _("到期"), "kind": _("记录"), "what": _("情况")}
REASONS: Words = {"red": _("红牌"), "unanswered": _("逾期未答复")}
