"""Words of 好差评 at every door: levels as GB/T 39046 A.8 names them, channels as its table 9 does."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.rules.ratings import Channel, NodeKind, Platform

Words = Mapping[str, Promise | str]

LEVELS: Mapping[int, Promise | str] = {
    1: _("非常满意"),
    2: _("满意"),
    3: _("基本满意"),
    4: _("不满意"),
    5: _("非常不满意"),
}
CHANNELS: Words = {
    Channel.PC: _("电脑网页"),
    Channel.MOBILE: _("手机网页"),
    Channel.QR: _("二维码"),
    Channel.HALL_TABLET: _("窗口评价器"),
    Channel.HALL_TERMINAL: _("大厅其他终端"),
    Channel.PHONE: pgettext_lazy("way of rating", "电话"),
    Channel.SMS: _("短信链接"),
    Channel.PAPER: _("书面评价单"),
    Channel.HOTLINE: _("12345热线"),
}
KINDS: Words = {
    NodeKind.TICKET: _("窗口服务"),
    NodeKind.ACCEPTANCE: _("受理服务"),
    NodeKind.FINISH: _("办结服务"),
    NodeKind.LETTER: _("来信答复"),
}
PLATFORMS: Words = {
    Platform.HALL: _("线下大厅"),
    Platform.ONLINE: _("网上平台"),
    Platform.HOTLINE: _("12345热线"),
}
# The same things are praised and blamed: the reason is named once, and said well or ill by the level.
GOOD: Words = {
    "efficiency": _("办得快"),
    "guide": _("指南准确"),
    "convenience": _("办着方便"),
    "platform": _("平台好用"),
    "competence": _("业务熟练"),
    "attitude": _("态度好"),
    "quality": _("办得周到"),
}
BAD: Words = {
    "efficiency": _("办得慢"),
    "guide": _("指南不准"),
    "convenience": _("办着不方便"),
    "platform": _("平台不好用"),
    "competence": _("业务不熟"),
    "attitude": _("态度不好"),
    "quality": _("办得不周到"),
}


def reason_words(level: int) -> Words:
    return BAD if level > 3 else GOOD
