"""What the sections, tables and columns of a circular are called on the page; the paper has its own Chinese words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise | str]

STATES: Words = {"draft": _("草稿"), "approved": _("已审批"), "published": _("已印发")}
SECTIONS: Words = {
    "scope": _("统计范围和总体情况"),
    "volume": _("办件情况"),
    "timeliness": _("时限情况"),
    "cards": _("监察牌情况"),
    "voice": _("投诉和差评"),
    "attendance": _("考勤情况"),
    "disclosure": _("政务公开"),
    "data": _("数据质量和抽查"),
    "problems": _("问题和整改要求"),
    "commendations": _("通报表扬"),
    "ranking": _("考核排名"),
    "people": _("人员办件"),
    "unanswered": _("未回复的督办单"),
}
TABLES: Words = {
    "kinds": _("各类办件"),
    "items": _("收件最多的事项"),
    "rates": _("各部门时限"),
    "rules": _("各规则发牌"),
    "late_items": _("超期较多的事项"),
    "repeated": _("连续两月被发黄牌或红牌的部门"),
    "guides": _("办事指南公示"),
    "leads": _("线索"),
    "problems": _("需要整改的部门"),
    "praised": _("表扬名单"),
    "ranking": _("同类组内排名"),
    "people": _("人员办结"),
    "orders": _("督办单"),
}
CHARTS: Words = {"in_time": _("各部门按期办结率"), "cards": _("各部门黄牌、红牌数")}
COLUMNS: Words = {
    "kind": _("类型"),
    "received": _("收件"),
    "finished": _("办结"),
    "granted": _("准予"),
    "refused": _("不予"),
    "open": _("期末在办"),
    "leads.open": _("待查"),
    "item": _("事项"),
    "in_time": _("按期率"),
    "early": _("提前率"),
    "immediate": _("即办率"),
    "organ": _("部门"),
    "over_promise": _("超承诺"),
    "over_legal": _("超法定"),
    "overdue": _("期末超期"),
    "code": _("编号"),
    "rule": _("规则"),
    "warn": _("预警"),
    "yellow": _("黄牌"),
    "red": _("红牌"),
    "late": _("超期办结"),
    "timed": _("计时办结"),
    "before": _("上月"),
    "now": _("本月"),
    "items": _("事项数"),
    "complete": _("公示完整率"),
    "confirmed": _("属实"),
    "dismissed": _("不属实"),
    "unanswered": _("未回复督办"),
    "group": _("同类组"),
    "rank": _("名次"),
    "of": _("参评"),
    "total": _("得分"),
    "grade": _("等次"),
    "change": _("升降"),
    "officer": _("人员"),
    "number": _("督办编号"),
    "title": _("内容"),
    "due": _("到期日"),
}
KINDS: Words = {
    "PROMISED": _("承诺件"),
    "IMMEDIATE": _("即办件"),
    "REPORTED": _("上报件"),
    "JOINT": _("联办件"),
    "RETURNED": _("退回件"),
    "SPECIAL": _("特办件"),
    "AGENT": _("代办件"),
}
