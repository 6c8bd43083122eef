"""Knows which sums of a month cannot be honest work: D-08 踩点办结, D-10 业务量失真, D-12 过于完美, D-13 删件."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import comb
from statistics import median

from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.history import History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.period import Unit, local_date


@dataclass(frozen=True, slots=True)
class OrganMonth:
    """What one organ did in a month, as counted from the sealed journal."""

    organ_id: int
    month: str  # 2026-10
    received: int = 0
    finished: int = 0
    in_time: int = 0
    flawed: int = 0  # supplements asked, not accepted, refused, sent back
    promised: int = 0  # finishes that had a promise to keep, in days
    gamed: int = 0  # of them in the last tenth of it after a suspension
    voided: int = 0
    accepted: int = 0
    clerk_days: int = 0  # acceptors, each day they accepted counted once
    visitors: int | None = None  # of the hall's tickets, where there are any
    unhappy: int = 0  # ratings below 基本满意


def gamed(history: History, used_days: int | None, limits: Thresholds) -> bool:
    """Whether a finish lies in the last tenth of its promise and was suspended on the way (§5.4 D-08)."""
    promise = history.limit(DeadlineKind.PROMISE)
    if promise is None or promise.unit != Unit.WORKING_DAY or used_days is None or not promise.pauses:
        return False
    return used_days * 100 > promise.amount * (100 - limits.gaming_last_percent) and used_days <= promise.amount


def deadline_gaming(month: OrganMonth, limits: Thresholds) -> Suspicion | None:
    """D-08: > 30 % of an organ's finishes in the last 10 % of P and suspended on the way (§5.4)."""
    few = month.promised < limits.gaming_finishes
    if few or month.gamed * 100 <= month.promised * limits.gaming_percent:
        return None
    return _of_month("D-08", month, "gamed", gamed=month.gamed, base=month.promised)


def implausible_volume(
    month: OrganMonth, peers: Sequence[float], limits: Thresholds, *, of: Scope = Scope.ORGAN, key: str = ""
) -> Suspicion | None:
    """D-10: more cases than people came, or than people could take in (§5.4). `peers`: others' cases per staff-day."""
    facts: dict[str, object] = {}
    many = month.received >= limits.visitor_least
    if month.visitors is not None and many and month.received > limits.visitor_cases * month.visitors:
        facts |= {"received": month.received, "visitors": month.visitors}
    if month.clerk_days >= limits.volume_days and len(peers) >= limits.volume_peers:
        rate, usual = month.accepted / month.clerk_days, median(peers)
        if rate > limits.peer_times * usual and rate > limits.staff_day_cases:
            facts |= {
                "accepted": month.accepted, "staff_days": month.clerk_days, "rate": round(rate, 1), "peers": round(usual, 1)
            }  # fmt: skip
    if not facts:
        return None
    shown = Shown("volume", key or str(month.organ_id), facts=facts, kind=of.value)
    officer = int(key) if of is Scope.OFFICER else None
    return Suspicion(
        "D-10", of, key or str(month.organ_id), (shown,), period=month.month, organ_id=month.organ_id,
        officer_id=officer, facts=facts,
    )  # fmt: skip


def too_perfect(months: Sequence[OrganMonth], limits: Thresholds) -> Suspicion | None:
    """D-12: three months on end all in time, all satisfied, nothing ever returned, n ≥ 100 (§5.4): look at 5 % of the files.

    `months` are an organ's last ones, oldest first. Nobody rated at all is no dissatisfaction.
    """
    last = months[-limits.perfect_months :]
    finished = sum(month.finished for month in last)
    whole = len(last) == limits.perfect_months and all(month.finished for month in last)
    flawed = any(m.flawed or m.unhappy or m.in_time < m.finished for m in last)
    if not whole or finished < limits.perfect_cases or flawed:
        return None
    return _of_month("D-12", last[-1], "perfect", finished=finished, months=len(last))


def deletions(month: OrganMonth, limits: Thresholds) -> Suspicion | None:
    """D-13: voided or deleted > 2 % of cases (§5.4), and more than chance gives when 2 % are honest mistakes."""
    few = month.voided * 100 <= month.received * limits.deleted_percent
    if (
        few
        or _chance(month.received, month.voided, limits.deleted_percent / 100) * 100 >= limits.deleted_chance_percent
    ):
        return None
    return _of_month("D-13", month, "deleted", voided=month.voided, base=month.received)


def _chance(cases: int, hits: int, share: float) -> float:
    """How likely so many hits or more are among so many cases."""
    if cases > 2_000:  # the normal tail is near enough, and powers of small numbers are not
        mean, spread = cases * share, (cases * share * (1 - share)) ** 0.5
        return 0.0 if hits > mean + 2.33 * spread else 1.0  # one in a hundred
    return 1 - sum(comb(cases, n) * share**n * (1 - share) ** (cases - n) for n in range(hits))


def voided_before_due(history: History, calendar: Calendar, limits: Thresholds) -> Suspicion | None:
    """D-13: voided when it was about to be late, or was (§5.4)."""
    void = history.first(Kind.CASE_VOIDED)
    promise = history.limit(DeadlineKind.PROMISE)
    if void is None or promise is None or promise.due_on is None or promise.unit != Unit.WORKING_DAY:
        return None
    left = _days_left(local_date(void.at), promise.due_on, calendar)
    if left > limits.void_days_left or promise.amount <= limits.void_days_left:
        return None
    shown = Shown("voided_before_due", history.number, void.seq, void.at, void.actor_id, {"days_left": left})
    return Suspicion(
        "D-13", Scope.CASE, history.number, (shown,), organ_id=history.organ_id, section_id=history.section_id,
        item_id=history.item_id, officer_id=void.actor_id,
    )  # fmt: skip


def _days_left(on: date, due: date, calendar: Calendar) -> int:
    return calendar.working_days(on, due) if due > on else -calendar.working_days(due, on)


def _of_month(rule: str, month: OrganMonth, what: str, **facts: int) -> Suspicion:
    head = Shown(what, str(month.organ_id), facts=facts, kind="organ")
    return Suspicion(
        rule, Scope.ORGAN, str(month.organ_id), (head,), period=month.month, organ_id=month.organ_id, facts=facts
    )


def with_cases(found: Suspicion, what: str, cases: Iterable[str]) -> Suspicion:
    """The cases that the figures count, under them."""
    return replace(found, evidence=(*found.evidence, *(Shown(what, number) for number in cases)))


def month_of(on: date) -> str:
    return f"{on:%Y-%m}"


def month_before(month: str, by: int = 1) -> str:
    first = date.fromisoformat(f"{month}-01")
    for _ in range(by):
        first = (first - timedelta(days=1)).replace(day=1)
    return month_of(first)
