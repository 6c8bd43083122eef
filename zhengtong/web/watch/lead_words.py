"""What the detectors of made-up data call by codes, in words for people. The Chinese is the message id."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

STATES: Words = {"open": _("待核实"), "confirmed": _("已认定"), "dismissed": _("已排除")}
LAMPS = {"open": "soon", "confirmed": "red", "dismissed": "done"}
SCOPES: Words = {
    "case": _("办件"),
    "officer": _("工作人员"),
    "item": _("事项"),
    "organ": _("部门"),
    "period": _("时段"),
    "rating": _("评价"),
    "window": _("窗口"),
}
ORIGINS: Words = {"random": _("随机抽取"), "lead": _("来自线索")}
VERDICTS: Words = {"true": _("真实"), "untrue": _("不实"), "wrongly": _("拒绝不当")}
ACTS: Words = {
    "lead.found": _("发现线索"),
    "lead.extended": _("有新的证据"),
    "lead.confirmed": _("认定"),
    "lead.dismissed": _("排除"),
}
# Where a rule could say more once other data are there (§5.4).
WAITS: Words = {
    "D-02": _("收费和证照日期接入后，也与受理时间比对。"),
    "D-03": _("预约接入后，预约时段不再计为非工作时间。"),
    "D-05": _("现按账本次序和存证次序判断；终端时间接入后，也与服务器时间比对。"),
    "D-06": _("电子证照接入后，也查同一证照编号。"),
    "D-10": _("大厅人次接入后，也查每人次办件数。"),
    "D-12": _("好差评接入后，满意率也要全部为满。"),
}
EVIDENCE: Words = {
    "accepted_at": _("受理"),
    "outcome_before": _("办理结果早于受理"),
    "finished_in_session": _("受理到办结共 %(minutes)s 分钟，承诺 %(promise)s 个工作日"),
    "stage_seconds": _("与上一环节相隔 %(seconds)s 秒"),
    "case_seconds": _("五个环节共用 %(seconds)s 秒"),
    "rest_day": _("休息日录入，没有登记延时服务"),
    "after_hours": _("非工作时间录入，没有登记延时服务"),
    "before_previous": _("比前一条记录早 %(minutes)s 分钟"),
    "behind_seal": _("比存证次序早 %(minutes)s 分钟（存证第 %(position)s 号）"),
    "accepted_in_batch": _("同一账号短时间集中受理"),
    "imported_finished": _("导入时已经办结"),
    "same_content": _("申请人、事项、内容和材料都相同"),
    "split_from": _("除明细外与同日申请相同"),
    "id_invalid": _("证件号码校验不通过"),
    "staff_phone": _("联系电话是工作人员的电话"),
    "shared_phone": _("多名申请人留同一电话"),
    "gamed": _("%(gamed)s / %(base)s 件曾暂停计时并在期限最后一成办结"),
    "gamed_case": _("曾暂停计时，期限最后一成办结"),
    "volume": _("%(accepted)s 件、%(staff_days)s 人日，每人日 %(rate)s 件；同类中位数 %(peers)s 件"),
    "visitors": _("%(received)s 件、%(visitors)s 人次"),
    "digits": _("%(records)s 条记录的分钟末位分布不均，χ² = %(chi)s"),
    "perfect": _("连续 %(months)s 个月共 %(finished)s 件全部按期，没有一件退回或补正，也没有不满意评价"),
    "deleted": _("%(base)s 件中作废 %(voided)s 件"),
    "deleted_case": _("作废"),
    "voided_before_due": _("距承诺期限 %(days_left)s 个工作日时作废"),
    "rated_in_seconds": _("询问后 %(seconds)s 秒就按下，前后连成一串"),
    "same_device": _("同一设备一小时内超过 %(per_hour)s 次"),
    "same_ip": _("同一网络地址一小时内超过 %(per_hour)s 次"),
    "same_phone": _("同一手机一小时内超过 %(per_hour)s 次"),
    "without_service": _("账本里没有这次服务"),
    "before_service": _("评价早于服务"),
    "typed_in_late": _("评价期限届满前 %(hours)s 小时由工作人员集中录入"),
    "all_stars": _("%(count)s 次评价全是最高一级，%(differing)s 人回访或追评说法不同"),
    "asked_again": _("回访或追评说法不同"),
    "too_active": _("%(nodes)s 次服务中 %(rated)s 次主动评价，%(percent)s%%"),
    "burden": _("每件要求由 %(from)s 项增至 %(to)s 项，结果没有增加"),
}


def evidence(what: str, facts: Mapping[str, Any]) -> str:
    """One record in words. A figure that is missing leaves the words without it rather than a gap."""
    if what == "volume" and "visitors" in facts and "rate" not in facts:
        what = "visitors"
    words = str(EVIDENCE.get(what, what))
    try:
        return words % facts
    except KeyError:
        return words.split("%", maxsplit=1)[0].strip()
