"""Every change of a card and of a rule. What follows what stands in flows/card_*.py."""

from zhengtong.domains.supervision.actions.moving import (
    answer,
    appeal,
    cancel,
    close,
    decide_appeal,
    escalate,
    follow_moved_limit,
    issue,
)
from zhengtong.domains.supervision.actions.raising import raise_card
from zhengtong.domains.supervision.actions.rules import seed, set_version

__all__ = [
    "answer",
    "appeal",
    "cancel",
    "close",
    "decide_appeal",
    "escalate",
    "follow_moved_limit",
    "issue",
    "raise_card",
    "seed",
    "set_version",
]
