"""Knows the kinds of limits and the article each rests on; refuses to know how long any is (that is a parameter)."""

from enum import StrEnum


class DeadlineKind(StrEnum):
    NOTICE = "notice"  # 受理决定或一次性告知
    PROMISE = "promise"  # 承诺时限
    LEGAL = "legal"  # 法定时限
    STAGE = "stage"  # 环节时限
    EXPEDITED = "expedited"  # 特办时限
    SUPPLEMENT = "supplement"  # 申请人补正期限
    DELIVERY = "delivery"  # 送达
    SPECIAL = "special"  # 特别程序计划结束
    CONSULTATION = "consultation"  # 征求意见答复
    ANSWER = "answer"  # 对监察牌的答复
    APPEAL = "appeal"  # 对申诉的裁决
    ORDER = "order"  # 督办单的办理
    REPLY = "reply"  # 来信答复
    ROUTE = "route"  # 来信转办
    VERIFY = "verify"  # 差评核实 (含派发)
    RECTIFY = "rectify"  # 差评整改
    REVISIT = "revisit"  # 回访
    REVIEW = "review"  # 问答到期复核


BASIS: dict[DeadlineKind, str] = {
    DeadlineKind.NOTICE: "行政许可法第三十二条第一款第四项",
    DeadlineKind.PROMISE: "事项承诺时限",
    DeadlineKind.LEGAL: "行政许可法第四十二条",
    DeadlineKind.STAGE: "事项环节时限",
    DeadlineKind.EXPEDITED: "特办审批所定期限",
    DeadlineKind.SUPPLEMENT: "补正告知书所定期限",
    DeadlineKind.DELIVERY: "行政许可法第四十四条",
    DeadlineKind.SPECIAL: "行政许可法第四十五条",
    DeadlineKind.CONSULTATION: "内部征求意见",
    DeadlineKind.ANSWER: "电子监察规则",
    DeadlineKind.APPEAL: "电子监察规则",
    DeadlineKind.ORDER: "督办单所定期限",
    DeadlineKind.REPLY: "来信办理期限",
    DeadlineKind.ROUTE: "来信办理期限",
    DeadlineKind.VERIFY: "国办发〔2019〕51号，差评核实期限由本平台参数定",
    DeadlineKind.RECTIFY: "国办发〔2019〕51号，整改期限由本平台参数定",
    DeadlineKind.REVISIT: "国办发〔2019〕51号，差评回访",
    DeadlineKind.REVIEW: "知识库复核周期",
}

# The organ's own limits: an art. 45 procedure stops these and no others.
PAUSABLE = frozenset({DeadlineKind.PROMISE, DeadlineKind.LEGAL, DeadlineKind.STAGE, DeadlineKind.EXPEDITED})
