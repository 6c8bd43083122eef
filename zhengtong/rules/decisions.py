"""Knows the kinds of decision, which of them give what was asked for, and why a matter is not taken up; weighs no case."""

from enum import StrEnum


class Decision(StrEnum):
    GRANT = "GRANT"  # 准予许可
    REFUSE = "REFUSE"  # 不予许可
    CONFIRM = "CONFIRM"  # 确认
    RECORD = "RECORD"  # 备案
    NONE = "NONE"  # 公共服务, nothing to decide


FAVOURABLE = frozenset({Decision.GRANT, Decision.CONFIRM, Decision.RECORD, Decision.NONE})

# What "yes" is called, by item type (GB/T 39046 A.1).
YES: dict[str, Decision] = {
    "01": Decision.GRANT,
    "05": Decision.GRANT,
    "07": Decision.CONFIRM,
    "08": Decision.GRANT,
    "09": Decision.CONFIRM,
    "10": Decision.RECORD,
    "20": Decision.NONE,
}


def favourable_for(item_type: str) -> Decision:
    return YES.get(item_type, Decision.GRANT)


class Ground(StrEnum):
    """Why a matter is not taken up at all (行政许可法第三十二条第一款)."""

    NOT_REQUIRED = "not_required"  # 不受理: no licence is needed, item 1
    NO_POWER = "no_power"  # 不予受理: not this organ's power, item 2
