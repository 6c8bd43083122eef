"""Words of the machines: what they are called, what they say aloud."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.devices import DeviceKind
from zhengtong.rules.queue import Priority

Words = Promise | str

KINDS: Mapping[str, Words] = {
    DeviceKind.KIOSK: _("取号机"),
    DeviceKind.WINDOW_SCREEN: _("窗口屏"),
    DeviceKind.LED_BOARD: _("叫号大屏"),
    DeviceKind.TOUCH_SCREEN: _("触摸查询屏"),
    DeviceKind.CORNER: _("7×24 自助区"),
    DeviceKind.RATING_DEVICE: _("评价器"),
}

# What a visitor may ask for at the kiosk; the clerk looks when calling. The green channel is granted, never claimed, and
# appointments come by their code.
PRIORITIES: Mapping[str, tuple[Words, Words]] = {
    Priority.NONE: (_("普通取号"), ""),
    Priority.ELDERLY: (_("老年人"), _("65 岁以上")),
    Priority.DISABLED: (_("残疾人"), _("请带残疾人证")),
}

SAID = "请 {label} 号，到 {window} 号窗口办理"
SAID_EN = "Number {label}, please come to window {window}"


def call_said(label: str, window: str) -> tuple[str, str]:
    """A call in both languages; the number is read letter by letter, as a voice would else say a hundred and thirty-two."""
    spelled = " ".join(label)
    return SAID.format(label=spelled, window=window), SAID_EN.format(label=spelled, window=window)
