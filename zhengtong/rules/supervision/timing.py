"""Knows which rule speaks of which limit, and turns its thresholds into signals; refuses to know any limit."""

from collections.abc import Mapping

from zhengtong.rules.clock import SIGNALS, Level, SignalRule
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.supervision.definition import Definition

# Thresholds are working days beyond the due instant; negative: left before it (operator `from`).
RULES_OF: dict[DeadlineKind, tuple[str, ...]] = {
    DeadlineKind.PROMISE: ("T-01", "T-02"),
    DeadlineKind.LEGAL: ("T-03",),
    DeadlineKind.STAGE: ("T-04",),
    DeadlineKind.EXPEDITED: ("T-04",),
    DeadlineKind.SPECIAL: ("T-06",),
    DeadlineKind.NOTICE: ("T-07",),
    DeadlineKind.DELIVERY: ("T-09",),
    DeadlineKind.CONSULTATION: ("T-14",),
    DeadlineKind.REPLY: ("T-14",),
    DeadlineKind.ORDER: ("T-16",),
    DeadlineKind.VERIFY: ("E-8",),
    DeadlineKind.RECTIFY: ("E-8",),
    DeadlineKind.REVISIT: ("E-8",),
}
KINDS_OF: dict[str, tuple[DeadlineKind, ...]] = {
    code: tuple(kind for kind, codes in RULES_OF.items() if code in codes)
    for code in {code for codes in RULES_OF.values() for code in codes}
}
# Limits a subject may have several of: each is carded for itself. Promise and legal limit are the case's own.
SEVERAL = frozenset(
    {
        DeadlineKind.STAGE,
        DeadlineKind.EXPEDITED,
        DeadlineKind.SPECIAL,
        DeadlineKind.NOTICE,
        DeadlineKind.CONSULTATION,
        DeadlineKind.REPLY,
        DeadlineKind.VERIFY,
        DeadlineKind.RECTIFY,
        DeadlineKind.REVISIT,
    }
)


def signal_rule(kind: DeadlineKind, rules: Mapping[str, Definition]) -> SignalRule | None:
    """The signals of a kind of limit under the rules in force; None: supervision does not look at it.

    A rule that is switched off says nothing: its levels are left out.
    """
    codes = RULES_OF.get(kind)
    if codes is None:
        return SIGNALS.get(kind)
    levels: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for code in codes:
        if code in rules:
            levels |= {name: int(bound or 0) for name, bound in rules[code].levels.items()}
            numbers |= {name: int(value) for name, value in rules[code].thresholds.items()}
    over = sorted(((Level(name), days) for name, days in levels.items() if days >= 0), key=lambda one: one[0].rank)
    return SignalRule(
        remind_left=_left(levels, Level.REMIND),
        warn_left=_left(levels, Level.WARN),
        warn_used_percent=numbers.get("warn_used_percent", 0),
        short_amount=numbers.get("short_amount", SHORT_AMOUNT),
        short_left=numbers.get("short_left", SHORT_LEFT),
        over=tuple(over),
    )


SHORT_AMOUNT, SHORT_LEFT = 3, 1  # §5.2, short limits


def _left(levels: Mapping[str, int], level: Level) -> int | None:
    days = levels.get(level.value, 0)
    return -days if days < 0 else None


def rule_of(kind: DeadlineKind, level: Level, rules: Mapping[str, Definition]) -> str:
    """The code of the rule that turns this kind of limit to this level; "" when none in force does."""
    return next((code for code in RULES_OF.get(kind, ()) if code in rules and level.value in rules[code].levels), "")


def aspect_of(kind: DeadlineKind, ordinal: int) -> str:
    return f"{kind.value}:{ordinal}" if kind in SEVERAL else ""
