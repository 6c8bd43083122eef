"""Knows the kinds of machines in a hall and the code one is paired by; refuses to know what they show."""

from enum import StrEnum

from zhengtong.rules.refusal import Refusal, RefusalCode


class DeviceKind(StrEnum):
    KIOSK = "kiosk"  # 取号机
    WINDOW_SCREEN = "window_screen"  # 窗口屏
    LED_BOARD = "led_board"  # 大屏
    TOUCH_SCREEN = "touch_screen"  # 触摸查询屏
    CORNER = "corner"  # 7×24 自助区
    RATING_DEVICE = "rating_device"  # 评价器


# These stand at one window and speak of it; the others serve the whole hall.
AT_WINDOW = frozenset({DeviceKind.WINDOW_SCREEN, DeviceKind.RATING_DEVICE})
# Somebody stands before these alone, and may call for help.
UNATTENDED = frozenset({DeviceKind.KIOSK, DeviceKind.TOUCH_SCREEN, DeviceKind.CORNER})

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: people read it from a screen across a room
CODE_LENGTH = 8


def with_check_letter(letters: str) -> str:
    """Seven letters and the one that finds a wrong or swapped letter before anybody waits for a machine in vain.

    Weights 1…7 modulo a prime (31): every single error and every swap of neighbours changes the sum.
    """
    total = sum(weight * LETTERS.index(letter) for weight, letter in enumerate(letters, 1))
    return letters + LETTERS[total % len(LETTERS)]


def clean_pairing_code(typed: str) -> str:
    """The code as stored, however it was typed; Refusal(DEVICE_CODE_WRONG) for one no machine can have shown."""
    code = "".join(typed.upper().split()).replace("-", "").replace("－", "")
    if len(code) != CODE_LENGTH or not set(code) <= set(LETTERS) or with_check_letter(code[:-1]) != code:
        raise Refusal(RefusalCode.DEVICE_CODE_WRONG)
    return code


def spaced(code: str) -> str:
    """As a machine shows it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"
