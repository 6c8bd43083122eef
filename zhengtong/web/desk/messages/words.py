"""What the pages of messages call states, ways, tries and providers."""

from django.utils.translation import gettext_lazy as _

from zhengtong.rules.messaging_delivery import Outcome, Standing
from zhengtong.web.desk.house.words import Words

OUTCOMES: Words = {
    Outcome.ACCEPTED: _("服务商已收下"),
    Outcome.REFUSED: _("服务商拒收"),
    Outcome.FAILED: _("这次没有成功"),
    Outcome.NO_ANSWER: _("发出后没有回应"),
    Outcome.INTERRUPTED: _("发送时程序中断"),
}
STANDINGS: Words = {
    Standing.WELL: _("正常"),
    Standing.SLOW: _("变慢，排在后面"),
    Standing.PROBED: _("正在试探恢复"),
    Standing.LEFT_ALONE: _("暂停使用"),
}
PARTS: Words = {
    "accepted": _("已收下，等回执"),
    "delivered": _("已送到"),
    "failed": _("未送到"),
    "rejected": _("被服务商拒收"),
    "expired": _("已过时效"),
}
