"""Every change of what a bad rating sets off. Flows say what follows what."""

from zhengtong.domains.rectifications.actions.opening import RATER, open_rectification
from zhengtong.domains.rectifications.actions.reviewing import (
    appeal,
    confirm,
    decline,
    decline_appeal,
    follow_moved_limit,
    grant_appeal,
    overturn,
)
from zhengtong.domains.rectifications.actions.revisiting import answer_revisit, reopen, reveal, revisit, try_revisit
from zhengtong.domains.rectifications.actions.verifying import dispatch, explain, fix, report_progress, verify

__all__ = [
    "RATER",
    "answer_revisit",
    "appeal",
    "confirm",
    "decline",
    "decline_appeal",
    "dispatch",
    "explain",
    "fix",
    "follow_moved_limit",
    "grant_appeal",
    "open_rectification",
    "overturn",
    "reopen",
    "report_progress",
    "reveal",
    "revisit",
    "try_revisit",
    "verify",
]
