"""Knows which cases were handled faster than anybody can read a file: D-02 先办后录, D-04 秒办."""

from datetime import timedelta
from itertools import pairwise

from zhengtong.rules.authenticity.marks import marks
from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.history import Act, History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.period import Unit

IMMEDIATE = "IMMEDIATE"


def registered_after_completion(history: History, limits: Thresholds) -> Suspicion | None:
    """D-02: an outcome dated before the acceptance, or the whole of a long case recorded in one session (§5.4).

    An imported case is judged by the log's own times; that it was finished before it came here is D-01's concern.
    """
    shown = _outcome_before_acceptance(history) or _one_session(history, limits)
    if not shown:
        return None
    return _of_case("D-02", history, shown)


def _outcome_before_acceptance(history: History) -> tuple[Shown, ...]:
    accepted = _accepted(history)
    if accepted is None:
        return ()
    outcomes = history.of(Kind.CASE_DECIDED, Kind.CASE_FINISHED, Kind.CASE_DELIVERED)
    early = [act for act in outcomes if act.at < accepted.at]
    if not early:
        return ()
    return (_shown("accepted_at", history, accepted), *(_shown("outcome_before", history, act) for act in early))


def _accepted(history: History) -> Act | None:
    if not history.imported:
        return history.first(Kind.CASE_ACCEPTED, Kind.CASE_DEEMED_ACCEPTED)
    return next((act for act in history.of(Kind.CASE_ACT_RECORDED) if act.facts.get("stage") == "ACCEPT"), None)


def _one_session(history: History, limits: Thresholds) -> tuple[Shown, ...]:
    promise = history.limit(DeadlineKind.PROMISE)
    long = promise is not None and promise.unit == Unit.WORKING_DAY and promise.amount >= limits.session_promise
    if not long or history.imported or history.case_kind == IMMEDIATE:
        return ()
    ends = marks(history)
    first = next((mark.act for mark in ends if mark.act.kind == Kind.CASE_ACCEPTED.value), None)
    last = next((mark.act for mark in ends if mark.act.kind == Kind.CASE_FINISHED.value), None)
    if first is None or last is None or not timedelta(0) <= last.at - first.at < limits.session_minutes * _MINUTE:
        return ()
    minutes = round((last.at - first.at) / _MINUTE, 1)
    return (
        _shown("accepted_at", history, first),
        _shown("finished_in_session", history, last, minutes=minutes, promise=promise.amount if promise else 0),
    )


_MINUTE = timedelta(minutes=1)


def handled_in_seconds(history: History, limits: Thresholds) -> Suspicion | None:
    """D-04: two stages of a case that is no 即办件 within a minute, or all five within five minutes (§5.4)."""
    if history.case_kind == IMMEDIATE or history.imported:
        return None
    ends = marks(history)
    shown = [
        _shown("stage_seconds", history, later.act, seconds=int((later.act.at - earlier.act.at).total_seconds()))
        for earlier, later in pairwise(ends)
        if later.stage != earlier.stage
        and timedelta(0) <= later.act.at - earlier.act.at < timedelta(seconds=limits.stage_seconds)
    ]
    if len({mark.stage for mark in ends}) >= 5:  # 五个环节
        whole = ends[-1].act.at - ends[0].act.at
        if timedelta(0) <= whole < limits.case_minutes * _MINUTE:
            shown.append(_shown("case_seconds", history, ends[-1].act, seconds=int(whole.total_seconds())))
    return _of_case("D-04", history, tuple(shown)) if shown else None


def _of_case(rule: str, history: History, shown: tuple[Shown, ...]) -> Suspicion:
    return Suspicion(
        rule, Scope.CASE, history.number, shown, organ_id=history.organ_id, section_id=history.section_id,
        item_id=history.item_id, officer_id=shown[-1].officer_id,
    )  # fmt: skip


def _shown(what: str, history: History, act: Act, **facts: object) -> Shown:
    officer = act.actor_id if act.actor_kind in ("officer", "import") else None
    return Shown(what, history.number, act.seq, act.at, officer, facts)
