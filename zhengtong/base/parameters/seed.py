"""The numbers of the law as first loaded. Later values are added on the parameter screen, never edited here."""

from datetime import date
from typing import Any, NamedTuple


class Seed(NamedTuple):
    key: str
    value: Any
    unit: str
    since: date
    source: str


LICENSING_LAW = date(2004, 7, 1)
HOUSE = date(2000, 1, 1)

SEEDS = (
    Seed("notice.days", 5, "working_day", LICENSING_LAW, "行政许可法第三十二条第一款第四项"),
    Seed("decision.days", 20, "working_day", LICENSING_LAW, "行政许可法第四十二条第一款"),
    Seed("extension.days", 10, "working_day", LICENSING_LAW, "行政许可法第四十二条第一款"),
    Seed("joint.days", 45, "working_day", LICENSING_LAW, "行政许可法第四十二条第二款"),
    Seed("joint_extension.days", 15, "working_day", LICENSING_LAW, "行政许可法第四十二条第二款"),
    Seed("delivery.days", 10, "working_day", LICENSING_LAW, "行政许可法第四十四条"),
    Seed("supplement.days", 30, "calendar_day", HOUSE, "本平台默认 (补正期限由告知书载明)"),
    Seed("consultation.days", 3, "working_day", HOUSE, "本平台默认"),
    Seed("remedy.reconsideration.days", 60, "calendar_day", HOUSE, "行政复议法第二十条"),
    Seed("remedy.litigation.months", 6, "month", HOUSE, "行政诉讼法第四十六条"),
    Seed("recall.minutes", 30, "minute", HOUSE, "本平台默认 (误操作撤回)"),
    Seed("score.lock.days", 5, "working_day", HOUSE, "本平台默认 (次月第五个工作日锁定考核)"),
    Seed("score.appeal.days", 3, "working_day", HOUSE, "本平台默认 (锁定后三个工作日内可以提出异议)"),
    Seed("score.publish.days", 10, "working_day", HOUSE, "本平台默认 (次月第十个工作日起公布)"),
    Seed("upload.bytes", 20 * 1024 * 1024, "byte", HOUSE, "本平台默认"),
    Seed("order.urgent.days", 1, "working_day", HOUSE, "本平台默认 (急件，领导批示类 1–5 日)"),
    Seed("order.normal.days", 3, "working_day", HOUSE, "本平台默认"),
    Seed("order.complex.days", 7, "working_day", HOUSE, "本平台默认"),
    Seed("order.extension.days", 7, "working_day", HOUSE, "本平台默认 (到期前申请，延期一次)"),
    Seed("order.escalate.head.days", 5, "working_day", HOUSE, "本平台默认 (催办后再过5个工作日未说明的)"),
    Seed("order.escalate.above.days", 10, "working_day", HOUSE, "本平台默认"),
    Seed("knowledge.review.days", 180, "calendar_day", HOUSE, "本平台默认 (问答和术语每半年复核一次)"),
    Seed("rectification.dispatch.days", 1, "working_day", HOUSE, "国办发〔2019〕51号第一时间启动程序；日数为本平台默认"),
    Seed("rectification.verify.days", 2, "working_day", HOUSE, "国办发〔2019〕51号安排专人核实；日数为本平台默认"),
    Seed("rectification.review.days", 2, "working_day", HOUSE, "本平台默认 (误评、不实评价复核)"),
    Seed("rectification.fix.days", 5, "working_day", HOUSE, "国办发〔2019〕51号立行立改；地方实践5个工作日反馈"),
    Seed("rectification.plan.days", 15, "working_day", HOUSE, "国办发〔2019〕51号建立台账限期整改；地方实践15个工作日"),
    Seed("rectification.revisit.days", 5, "working_day", HOUSE, "国办发〔2019〕51号实名差评回访率100%；日数为本平台默认"),
    Seed("rectification.appeal.days", 3, "working_day", HOUSE, "国办发〔2019〕51号申诉复核机制；日数为本平台默认"),
    Seed("rectification.reopen.days", 10, "working_day", HOUSE, "本平台默认 (办结后要求重新办理)"),
    Seed("rectification.revisit.attempts", 3, "attempt", HOUSE, "本平台默认 (联系不上的，至少在三个不同的日子联系)"),
)
