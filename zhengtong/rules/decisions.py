"""Knows the kinds of decision and which of them give the applicant what was asked for; refuses to weigh a case."""

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
