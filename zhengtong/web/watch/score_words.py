"""What scores, their quantities and their faults are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.scoring_expressions import parse, written
from zhengtong.rules.scoring_fairness import Funnel
from zhengtong.rules.scoring_quantities import Awaited, Basis, Subject

Words = dict[str, Promise | str]

SUBJECTS: Words = {Subject.ORGAN.value: _("部门"), Subject.OFFICER.value: _("人员")}
QUANTITIES: Words = {
    "finished": _("办结数"),
    "on_time_rate": _("按期办结率"),
    "fair_on_time_rate": _("可比按期率"),
    "early_rate": _("提前办结率"),
    "immediate_rate": _("即办率"),
    "yellow_time": _("期限黄牌"),
    "red_time": _("期限红牌"),
    "yellow_procedure": _("程序黄牌"),
    "red_procedure": _("程序红牌"),
    "second_notices": _("二次补正"),
    "unjustified_returns": _("不当退件"),
    "yellow_material": _("受理黄牌"),
    "red_material": _("受理红牌"),
    "defective_rate": _("问题数据占比"),
    "answered_in_time_rate": _("督办按期回复率"),
    "disclosure_completeness": _("公示完整率"),
    "compression": _("时限压缩比例"),
    "fee_violations": _("违规收费"),
    "late_disclosures": _("公开迟延"),
    "satisfaction_rate": _("满意率"),
    "late_rectifications": _("差评逾期整改"),
    "confirmed_complaints": _("查实投诉"),
    "confirmed_breaches": _("查实廉洁问题"),
    "attendance_faults": _("考勤扣分"),
}
AWAITED: Words = {
    Awaited.FEES.value: _("收费监管"),
    Awaited.DISCLOSURE.value: _("政府信息公开"),
    Awaited.INTEGRITY.value: _("廉洁监督"),
    Awaited.OFFICE.value: _("考勤管理"),
    "ratings": _("好差评"),  # of months locked before they existed
    "voice": _("投诉受理"),
    "scores": _("当月部门考核公布"),
    "staff_scores": _("当月人员考核公布"),
}
LEFT: Words = {
    "awaited": _("等待启用"),
    "no_base": _("本月没有可计的基数"),
    "not_marked": _("没有人给分"),
}
BASES: dict[Basis, Promise] = {
    Basis.BEFORE: _("本月评价不足，按上月"),
    Basis.PEERS: _("评价不足，按同组中位数"),
}
FUNNELS: Words = {
    Funnel.WITHIN.value: _("正常波动"),
    Funnel.BETTER.value: _("偏好（95% 界限外）"),
    Funnel.WORSE.value: _("偏差（95% 界限外）"),
    Funnel.FAR_BETTER.value: _("明显好（99.8% 界限外）"),
    Funnel.FAR_WORSE.value: _("明显差（99.8% 界限外）"),
}
REASONS: Words = {
    "locked": _("锁定"),
    "marked": _("登记加减分"),
    "appealed": _("异议成立，重算"),
    "cards": _("公布前去掉已撤销的牌"),
    "voices": _("公布前按最后的评价、整改和投诉结论重算"),
    "corrected": _("公布后更正"),
}
APPEAL_STATES: Words = {"open": _("等待裁决"), "granted": _("成立"), "rejected": _("不成立")}
PROBLEMS: Words = {
    "shape": _("不是一张考核表"),
    "subject": _("考核对象不对"),
    "text": _("要填写，不超过 %(most)s 字"),
    "number": _("要填数字，最多两位小数"),
    "rows": _("至少一行，最多 %(most)s 行"),
    "code": _("代码用小写字母开头，只含小写字母、数字和下划线"),
    "code_twice": _("代码 %(code)s 重复"),
    "weight": _("权重是 %(weight)s，下面指标的上限合计是 %(sum)s，两者要相等"),
    "reversed": _("下限 %(min)s 要小于上限 %(max)s"),
    "grades": _("等次用一个大写字母，并填起点分"),
    "grades_order": _("等次的起点分要从高到低，最后一档从 0 起"),
    "veto_grade": _("一票否决的等次不在等次表里"),
    "expression_empty": _("要填写算式"),
    "expression_too_long": _("算式不超过 %(most)s 字，请拆成两个指标"),
    "expression_character": _("第 %(position)s 字“%(character)s”不能用在算式里"),
    "expression_unexpected": _("第 %(position)s 字“%(found)s”接不上前面"),
    "expression_unfinished": _("算式没有写完（第 %(position)s 字）"),
    "expression_unclosed": _("第 %(position)s 字的括号没有合上"),
    "expression_number": _("第 %(position)s 字的“%(found)s”不是数字"),
    "expression_unknown_name": _("第 %(position)s 字：没有“%(found)s”这个基数"),
    "expression_unknown_function": _("第 %(position)s 字：没有“%(found)s”这个函数，可以用 %(known)s"),
    "expression_arguments": _("第 %(position)s 字：“%(found)s”要 %(least)s 到 %(most)s 个参数"),
    "expression_too_deep": _("括号太多层，最多 %(most)s 层"),
}


def word(words: Mapping[str, Promise | str], key: object) -> str:
    return str(words.get(str(key), key))


def problem_words(problem: Any) -> str:
    return word(PROBLEMS, problem.code) % dict(problem.facts)


def in_words(expression: str) -> str:
    """`22 × 按期办结率 − 5 × 期限黄牌`."""
    return written(parse(expression), lambda name: word(QUANTITIES, name)) if expression else ""
