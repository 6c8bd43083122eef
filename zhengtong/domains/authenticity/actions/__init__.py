"""Every change of a lead, of a month's samples, and of the register of extended service."""

from zhengtong.domains.authenticity.actions.asking import draw_ratings, reveal_asked, tell_asked
from zhengtong.domains.authenticity.actions.finding import find
from zhengtong.domains.authenticity.actions.hours import extend_hours, withdraw_hours
from zhengtong.domains.authenticity.actions.sampling import draw_sample, judge_file
from zhengtong.domains.authenticity.actions.settling import confirm, dismiss

__all__ = [
    "confirm",
    "dismiss",
    "draw_ratings",
    "draw_sample",
    "extend_hours",
    "find",
    "judge_file",
    "reveal_asked",
    "tell_asked",
    "withdraw_hours",
]
