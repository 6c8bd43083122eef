"""Knows the levels, buttons, channels and windows of 好差评 (国办发〔2019〕51号; GB/T 39046 A.8); refuses to know who rated.

The standard's code runs opposite to the stars: 1 非常满意 is five stars, 5 非常不满意 is one.
"""

from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from zhengtong.rules.period import end_of
from zhengtong.rules.refusal import Refusal, RefusalCode


class Level(IntEnum):
    """满意度代码 as GB/T 39046 A.8 numbers them."""

    VERY_SATISFIED = 1  # 非常满意
    SATISFIED = 2  # 满意
    BASICALLY = 3  # 基本满意
    DISSATISFIED = 4  # 不满意
    VERY_DISSATISFIED = 5  # 非常不满意

    @property
    def stars(self) -> int:
        return 6 - self.value

    @property
    def bad(self) -> bool:
        """差评: the last two levels (国办发〔2019〕51号)."""
        return self >= Level.DISSATISFIED


class NodeKind(StrEnum):
    """服务节点: what one rating is about (一次一评、一事一评)."""

    TICKET = "ticket"  # a visit at the counter
    ACCEPTANCE = "acceptance"
    FINISH = "finish"
    LETTER = "letter"  # an answer to a letter


class NodeState(StrEnum):
    OPEN = "OPEN"
    RATED = "RATED"
    DEFAULTED = "DEFAULTED"  # the window closed in silence: in no numerator, shown by itself


class Channel(StrEnum):
    """评价渠道 (GB/T 39046 table 9), and the two it leaves out."""

    PC = "pc"  # PC端
    MOBILE = "mobile"  # 移动服务端
    QR = "qr"  # 二维码
    HALL_TABLET = "hall_tablet"  # 政务大厅平板电脑
    HALL_TERMINAL = "hall_terminal"  # 政务大厅其他终端
    PHONE = "phone"  # 电话
    SMS = "sms"  # 短信
    PAPER = "paper"  # 意见箱、书面评价单
    HOTLINE = "hotline"  # 12345


# How a channel proves that the service is the rater's own.
SIGNED_IN = frozenset({Channel.PC, Channel.MOBILE})
BY_TOKEN = frozenset({Channel.SMS, Channel.QR})
BY_DEVICE = frozenset({Channel.HALL_TABLET, Channel.HALL_TERMINAL})
BY_CLERK = frozenset({Channel.PHONE, Channel.PAPER, Channel.HOTLINE})


class Button(StrEnum):
    """The three buttons of the counter device; the raw one is kept beside the level it means."""

    SATISFIED = "satisfied"  # 满意
    BASICALLY = "basically"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意


BUTTONS = {
    Button.SATISFIED: Level.SATISFIED,
    Button.BASICALLY: Level.BASICALLY,
    Button.DISSATISFIED: Level.DISSATISFIED,
}


class Platform(StrEnum):
    """Where the service was given, whatever way it was rated."""

    HALL = "hall"
    ONLINE = "online"
    HOTLINE = "hotline"


ONLINE_REASONS = ("efficiency", "guide", "convenience", "platform")  # 办事效率、指南精确度、办事便捷度、平台操作性
OFFLINE_REASONS = ("efficiency", "competence", "attitude", "quality")  # 服务效率、服务水平、服务态度、服务质量
MOST_TEXT = 500


def check_level(value: object) -> Level:
    """The level of a code 1..5, or Refusal(RATING_LEVEL)."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 5:
        raise Refusal(RefusalCode.RATING_LEVEL)
    return Level(value)


def check_button(button: str, level: Level) -> str:
    """A button pressed means its level and no other; "" where none was."""
    if button and (button not in set(Button) or BUTTONS[Button(button)] is not level):
        raise Refusal(RefusalCode.RATING_LEVEL)
    return button


def reasons_for(platform: Platform) -> tuple[str, ...]:
    """What may be named as the reason, good or bad, of a service given there."""
    return OFFLINE_REASONS if platform is Platform.HALL else ONLINE_REASONS


def check_reasons(reasons: tuple[str, ...], platform: Platform) -> list[str]:
    """Those offered and no others, each once, in the order offered."""
    offered = reasons_for(platform)
    if not set(reasons) <= set(offered):
        raise Refusal(RefusalCode.RATING_REASON)
    return [one for one in offered if one in reasons]


def closes_at(opened_on: date, days: int) -> datetime:
    """The last instant at which a service may be rated: the day of the node is not counted (民法典第二百零一条)."""
    return end_of(opened_on + timedelta(days=days))


def check_window(opened_at: datetime, closes: datetime, at: datetime) -> None:
    """Refuses a rating before its node (E-3) and one after its window."""
    if at < opened_at:
        raise Refusal(RefusalCode.RATING_TOO_EARLY)
    if at > closes:
        raise Refusal(RefusalCode.RATING_CLOSED, until=closes)


def worse(first: int, second: int | None) -> int:
    """Which of a rating and its 追评 counts: the worse one, which nobody can make disappear."""
    return first if second is None else max(first, second)
