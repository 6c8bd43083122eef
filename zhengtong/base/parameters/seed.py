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
    Seed("reminder.days", 3, "calendar_day", HOUSE, "本平台默认 (到期前三日提醒)"),
    Seed(
        "expiry.reminder.days", 60, "calendar_day", HOUSE, "行政许可法第五十条 (届满三十日前申请延续，再早三十日提醒)"
    ),
    Seed("special.limit.percent", 50, "percent", HOUSE, "本平台默认 (特办时限不超过承诺时限的百分之几)"),
    Seed("score.lock.days", 5, "working_day", HOUSE, "本平台默认 (次月第五个工作日锁定考核)"),
    Seed("score.appeal.days", 3, "working_day", HOUSE, "本平台默认 (锁定后三个工作日内可以提出异议)"),
    Seed("score.ratings.least", 30, "rating", HOUSE, "本平台默认 (主动评价不足30次的，按上月或同组中位数计满意率)"),
    Seed("score.publish.days", 10, "working_day", HOUSE, "本平台默认 (次月第十个工作日起公布)"),
    Seed("upload.bytes", 20 * 1024 * 1024, "byte", HOUSE, "本平台默认"),
    Seed("order.urgent.days", 1, "working_day", HOUSE, "本平台默认 (急件，领导批示类 1–5 日)"),
    Seed("order.normal.days", 3, "working_day", HOUSE, "本平台默认"),
    Seed("order.complex.days", 7, "working_day", HOUSE, "本平台默认"),
    Seed("order.extension.days", 7, "working_day", HOUSE, "本平台默认 (到期前申请，延期一次)"),
    Seed("order.escalate.head.days", 5, "working_day", HOUSE, "本平台默认 (催办后再过5个工作日未说明的)"),
    Seed("order.escalate.above.days", 10, "working_day", HOUSE, "本平台默认"),
    Seed("knowledge.review.days", 180, "calendar_day", HOUSE, "本平台默认 (问答和术语每半年复核一次)"),
    Seed(
        "rectification.dispatch.days", 1, "working_day", HOUSE, "国办发〔2019〕51号第一时间启动程序；日数为本平台默认"
    ),
    Seed("rectification.verify.days", 2, "working_day", HOUSE, "国办发〔2019〕51号安排专人核实；日数为本平台默认"),
    Seed("rectification.review.days", 2, "working_day", HOUSE, "本平台默认 (误评、不实评价复核)"),
    Seed("rectification.fix.days", 5, "working_day", HOUSE, "国办发〔2019〕51号立行立改；地方实践5个工作日反馈"),
    Seed("rectification.plan.days", 15, "working_day", HOUSE, "国办发〔2019〕51号建立台账限期整改；地方实践15个工作日"),
    Seed(
        "rectification.revisit.days", 5, "working_day", HOUSE, "国办发〔2019〕51号实名差评回访率100%；日数为本平台默认"
    ),
    Seed("rectification.appeal.days", 3, "working_day", HOUSE, "国办发〔2019〕51号申诉复核机制；日数为本平台默认"),
    Seed("rectification.reopen.days", 10, "working_day", HOUSE, "本平台默认 (办结后要求重新办理)"),
    Seed("rectification.revisit.attempts", 3, "attempt", HOUSE, "本平台默认 (联系不上的，至少在三个不同的日子联系)"),
    Seed("device.pairing.minutes", 10, "minute", HOUSE, "本平台默认 (配对码输入后，设备须在此时间内连上)"),
    Seed("device.silent.minutes", 5, "minute", HOUSE, "本平台默认 (超过此时间没有消息的设备标为失联)"),
    Seed("hall.recall.times", 3, "time", HOUSE, "本平台默认 (叫号后最多再叫三次，仍不到即过号)"),
    Seed("hall.pass.minutes", 3, "minute", HOUSE, "本平台默认 (最后一次叫号后三分钟不到窗口即自动过号)"),
    Seed("hall.return.minutes", 30, "minute", HOUSE, "本平台默认 (过号后三十分钟内可重新签到)"),
    Seed("hall.return.places", 3, "place", HOUSE, "本平台默认 (重新签到顺延三位)"),
    Seed("hall.near.places", 3, "place", HOUSE, "本平台默认 (前面还有三位时提醒)"),
    Seed("hall.before.minutes", 30, "minute", HOUSE, "本平台默认 (开门前三十分钟开始取号)"),
    Seed("hall.close.minutes", 120, "minute", HOUSE, "本平台默认 (闭厅两小时后，未办的号作废)"),
    Seed("hall.start.elderly.minutes", 15, "minute", HOUSE, "本平台默认 (老年人优先：按早到十五分钟排序)"),
    Seed("hall.start.disabled.minutes", 15, "minute", HOUSE, "本平台默认 (残疾人优先：按早到十五分钟排序)"),
    Seed("hall.start.green.minutes", 20, "minute", HOUSE, "本平台默认 (绿色通道：按早到二十分钟排序)"),
    Seed("hall.start.appointment.minutes", 30, "minute", HOUSE, "本平台默认 (预约到厅：按早到三十分钟排序)"),
    Seed("hall.wait.p90.minutes", 30, "minute", HOUSE, "本平台默认 (九成群众等候不超过三十分钟)"),
    Seed("letter.emergency.days", 1, "working_day", HOUSE, "本平台默认 (紧急来信；地方12345规则当日处理)"),
    Seed("letter.consultation.days", 3, "working_day", HOUSE, "本平台默认 (咨询；地方12345规则当日或3个工作日)"),
    Seed("letter.help.days", 5, "working_day", HOUSE, "本平台默认 (求助)"),
    Seed("letter.complaint.days", 10, "working_day", HOUSE, "本平台默认 (投诉；地方12345规则13个工作日)"),
    Seed("letter.suggestion.days", 10, "working_day", HOUSE, "本平台默认 (建议)"),
    Seed("letter.praise.days", 10, "working_day", HOUSE, "本平台默认 (表扬)"),
    Seed("letter.report.days", 10, "working_day", HOUSE, "本平台默认 (举报)"),
    Seed("letter.tip.days", 10, "working_day", HOUSE, "本平台默认 (问题线索移送纪检监察机关并告知)"),
    Seed("letter.extension.days", 10, "working_day", HOUSE, "本平台默认 (到期前申请，延期一次)"),
    Seed("letter.route.days", 1, "working_day", HOUSE, "国办发〔2020〕53号派单环节；日数为本平台默认"),
    Seed("letter.supervision.days", 5, "working_day", HOUSE, "地方办法 (效能投诉5个工作日内决定是否受理)"),
    Seed("letter.reopen.days", 15, "working_day", HOUSE, "本平台默认 (答复后15个工作日内可以要求重新办理)"),
    Seed("letter.petition_notice.days", 15, "calendar_day", HOUSE, "信访工作条例第二十三条 (15日内告知是否受理)"),
    Seed("letter.petition.days", 60, "calendar_day", HOUSE, "信访工作条例第三十四条 (60日内办结)"),
    Seed("appointment.horizon.days", 30, "calendar_day", HOUSE, "本平台默认 (可提前预约的天数)"),
    Seed("appointment.notice.minutes", 30, "minute", HOUSE, "本平台默认 (时段开始前不再网上放号)"),
    Seed("appointment.check_in.minutes", 30, "minute", HOUSE, "本平台默认 (时段开始前可以签到)"),
    Seed("appointment.grace.minutes", 15, "minute", HOUSE, "本平台默认 (时段结束后仍未签到的记为未到)"),
    Seed("appointment.open.most", 3, "appointment", HOUSE, "本平台默认 (一人同时保留的预约)"),
    Seed("appointment.no_show.count", 3, "no_show", HOUSE, "本平台默认 (预约未到规则)"),
    Seed("appointment.no_show.within.days", 30, "calendar_day", HOUSE, "本平台默认 (预约未到规则)"),
    Seed("appointment.no_show.pause.days", 7, "calendar_day", HOUSE, "本平台默认 (暂停网上预约，现场取号不受影响)"),
    Seed("rating.window.days", 7, "calendar_day", HOUSE, "本平台默认 (粤2019年规范为7个自然日)"),
    Seed("rating.default_level", "none", "choice", HOUSE, "本平台默认 (none、满意、基本满意；不计入满意率)"),
    Seed("rating.follow_up.days", 30, "calendar_day", HOUSE, "本平台默认 (追评一次)"),
    Seed("rating.staff_delay.days", 7, "calendar_day", HOUSE, "国办发〔2019〕51号 (保护评价人信息)，天数由本平台定"),
    Seed("rating.invite.minutes", 15, "minute", HOUSE, "本平台默认 (窗口服务后仍未评价的，发链接邀请)"),
    Seed("rating.device.minutes", 5, "minute", HOUSE, "本平台默认 (窗口评价器询问的时间)"),
    Seed("rating.shrink.count", 30, "rating", HOUSE, "本平台默认 (评价不足30次的向组均值收缩)"),
    Seed("rating.publication.least", 5, "rating", HOUSE, "本平台默认 (少于5次的不逐级公布，免得认出评价人)"),
)
