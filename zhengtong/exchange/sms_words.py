"""What a case tells by SMS whoever has no account: one Chinese sentence each, since no language of theirs is known."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

SENTENCES: Mapping[str, str] = {
    "case.submitted": "已收到您的申请，最迟{reply_by}告诉您是否受理。",
    "case.accepted": "您的申请已受理，应在{due}前办完。",
    "case.deemed_accepted": "窗口没有按时答复，您的申请依法视为已受理，应在{due}前办完。",
    "case.acceptance_refused": "您的申请没有受理，理由和救济途径见通知书。",
    "case.supplement_requested": "材料需要补正，请在{until}前按告知书逐项补齐。",
    "case.supplemented": "已收到您的补正材料，最迟{reply_by}告诉您是否受理。",
    "case.lapsed": "补正期限已过，没有收到材料，申请已终止，可以重新申请。",
    "case.withdrawn": "您的申请已撤回，以后可以重新申请。",
    "case.suspended": "需要进行“{procedure}”，这段时间不计入办理期限。",
    "case.resumed": "特别程序已结束，恢复计时，应在{due}前办完。",
    "case.extended": "办理期限已依法延长到{due}，理由见告知书。",
    "case.sent_up": "您的申请已上报{upper_organ}。",
    "case.result_back": "上级机关的办理结果已返回：{decision}。",
    "case.decided": "已作出决定：{decision}，最迟{delivery_due}送达。",
    "case.finished": "办理结果已经备好，请按您选择的方式领取。",
    "case.delivered": "办理结果已送达。",
    "case.message_sent": "经办人给您留了言，请凭查询码在网上查看或致电窗口。",
    "case.voided": "这一件因录入错误作废，理由：{reason}。",
    "case.order_issued": "您催办的事项已督办，要求{organ}在{due}前回复，结果会告诉您。",
    "case.order_closed": "您催办的事项督办结束：{outcome}",
    "case.order_withdrawn": "您催办的事项督办已撤销：{outcome}",
}
DECISIONS: Mapping[str, str] = {
    "GRANT": "准予",
    "REFUSE": "不予许可",
    "CONFIRM": "予以确认",
    "RECORD": "准予备案",
    "NONE": "已办理",
}


def sms_text(kind: str, payload: Mapping[str, Any]) -> str:
    """The sentence with case number, item and dates; "" for a kind that has none."""
    if kind not in SENTENCES:
        return ""
    facts = defaultdict(str, {name: _fact(name, str(value)) for name, value in payload.items()})
    return f"【{facts['item']}】办件{facts['case_no']}：{SENTENCES[kind].format_map(facts)}"


def _fact(name: str, value: str) -> str:
    if name == "decision":
        return DECISIONS.get(value, value)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.year}年{day.month}月{day.day}日"
