"""What one case counts for in statistics: on which days, under which of the seven kinds, how long, in time or not.

Knows the classes of handbook 2.6 and the seven kinds of 2.8 and takes both from a history; refuses to know other
cases, sums and periods. Every count stands on the day of its act, also of an imported one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Due, Pause, Timeliness, Unit, elapsed, end_of, local_date, timeliness
from zhengtong.rules.decisions import FAVOURABLE, Decision
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import BEFORE_DECISION, CLOSED, Stage, State

DELIVERY = "DELIVERY"  # 待送达: finished, not yet in the applicant's hands
SOON_DAYS = 3  # working days before the due one [seed D]
_DAY = timedelta(days=1)


class SevenKind(StrEnum):
    """七件管理 (domain-rules §2.8). Each case counts once; the first that fits, in this order."""

    RETURNED = "RETURNED"  # 退回件
    SPECIAL = "SPECIAL"  # 特办件
    AGENT = "AGENT"  # 代办件
    JOINT = "JOINT"  # 联办件
    REPORTED = "REPORTED"  # 上报件
    IMMEDIATE = "IMMEDIATE"  # 即办件
    PROMISED = "PROMISED"  # 承诺件


class Measure(StrEnum):
    """What is counted. Each names a set of cases and the day on which a case enters it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"  # 受理, by decision or because nobody answered in five days (art. 32(1)(4))
    DECLINED = "declined"  # 不予受理
    SUPPLEMENTS = "supplements"  # a first 补正告知
    SECOND_NOTICES = "second_notices"  # a second one, which art. 32(1)(4) does not know (rule M-01)
    LAPSED = "lapsed"  # 补正不来
    FINISHED = "finished"  # 办结; the base of every rate of time
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    TIMED = "timed"  # finished and under a limit: an imported log may name none
    IN_TIME = "in_time"  # 按期 = IMMEDIATE_OK + EARLY + ON_TIME
    PROMISED = "promised"  # timed, but not 即办件: the base of the early rate
    EARLY = "early"
    IMMEDIATE = "immediate"  # 即办件 finished on the day of acceptance
    OVER_PROMISE = "over_promise"
    OVER_LEGAL = "over_legal"


class Span(StrEnum):
    """Whole working days of a finished case, counted on the day it is finished."""

    USED = "used"  # from acceptance to decision, as the clock counts them
    WAITED = "waited"  # from receipt to acceptance
    PAUSED = "paused"  # not counted by art. 45
    ACCEPT = "ACCEPT"
    PROCESS = "PROCESS"
    REVIEW = "REVIEW"
    APPROVE = "APPROVE"
    FINISH = "FINISH"


Stretch = tuple[date, date | None]  # at the end of each day d with since <= d < until; None: still so


@dataclass(frozen=True, slots=True)
class Tally:
    """One case as it is counted now. `person_id` is who answers for it: the handler, before there is one the acceptor."""

    kind: SevenKind
    person_id: int | None
    received_on: date
    accepted_on: date | None = None
    declined_on: date | None = None
    supplement_on: date | None = None
    second_notice_on: date | None = None
    lapsed_on: date | None = None
    finished_on: date | None = None
    withdrawn_on: date | None = None
    voided_on: date | None = None
    granted: bool = False
    refused: bool = False
    immediate_kind: bool = False
    timeliness: str = ""  # a Timeliness of a finished case, "" while there is none
    spans: Mapping[str, int] = field(default_factory=dict)
    stage: str = ""  # where it stands now: a Stage while open, DELIVERY until it is handed over, then ""
    suspended: tuple[Stretch, ...] = ()
    soon: tuple[Stretch, ...] = ()
    overdue: tuple[Stretch, ...] = ()

    @property
    def closed_on(self) -> date | None:
        """When it left the backlog: 办结, or its end without one. Waiting to be handed over is no longer 在办."""
        ends = (self.finished_on, self.declined_on, self.lapsed_on, self.withdrawn_on, self.voided_on)
        return next((on for on in ends if on is not None), None)

    def counts(self) -> Iterator[tuple[date, Measure]]:
        """The days on which the case is counted, once for each measure."""
        for measure, on in (
            (Measure.RECEIVED, self.received_on),
            (Measure.ACCEPTED, self.accepted_on),
            (Measure.DECLINED, self.declined_on),
            (Measure.SUPPLEMENTS, self.supplement_on),
            (Measure.SECOND_NOTICES, self.second_notice_on),
            (Measure.LAPSED, self.lapsed_on),
            (Measure.WITHDRAWN, self.withdrawn_on),
            (Measure.VOIDED, self.voided_on),
        ):
            if on is not None:
                yield on, measure
        if self.finished_on is not None:
            yield from ((self.finished_on, measure) for measure in self._of_the_finish())

    def _of_the_finish(self) -> Iterator[Measure]:
        yield Measure.FINISHED
        if self.granted:
            yield Measure.GRANTED
        if self.refused:
            yield Measure.REFUSED
        if not self.timeliness:
            return
        yield Measure.TIMED
        if not self.immediate_kind:
            yield Measure.PROMISED
        known = Timeliness(self.timeliness)
        if known.in_time:
            yield Measure.IN_TIME
        if known in _OWN_MEASURE:
            yield _OWN_MEASURE[known]


_OWN_MEASURE = {
    Timeliness.IMMEDIATE_OK: Measure.IMMEDIATE,
    Timeliness.EARLY: Measure.EARLY,
    Timeliness.OVER_PROMISE: Measure.OVER_PROMISE,
    Timeliness.OVER_LEGAL: Measure.OVER_LEGAL,
}


def tally(history: History, calendar: Calendar, *, special: bool = False, agent: bool = False) -> Tally:
    """Counts one case from its acts and limits. `special` and `agent` are the overlays 特办 and 代办."""
    notices = [_on(act) for act in history.of(Kind.CASE_SUPPLEMENT_REQUESTED)]
    finished = _day_of(history, Kind.CASE_FINISHED)
    accepted = _accepted_on(history)
    promise = history.limit(DeadlineKind.PROMISE)
    refused = history.decision == Decision.REFUSE.value
    soon, overdue = _pressing(history, promise, calendar)
    return Tally(
        kind=seven_kind(history, special=special, agent=agent),
        person_id=responsible(history),
        received_on=local_date(history.received_at),
        accepted_on=accepted,
        declined_on=_day_of(history, Kind.CASE_ACCEPTANCE_REFUSED),
        supplement_on=notices[0] if notices else None,
        second_notice_on=notices[1] if len(notices) > 1 else None,
        lapsed_on=_day_of(history, Kind.CASE_LAPSED),
        finished_on=finished,
        withdrawn_on=_day_of(history, Kind.CASE_WITHDRAWN),
        voided_on=_day_of(history, Kind.CASE_VOIDED),
        granted=history.decision in FAVOURABLE,
        refused=refused,
        immediate_kind=history.case_kind == SevenKind.IMMEDIATE.value,
        timeliness=_timeliness(history, promise) if finished else "",
        spans=_spans(history, promise, accepted, finished, calendar) if finished else {},
        stage=_stage(history),
        suspended=_suspended(history),
        soon=soon,
        overdue=overdue,
    )


def seven_kind(history: History, *, special: bool, agent: bool) -> SevenKind:
    """RETURNED > SPECIAL > AGENT > JOINT > REPORTED > IMMEDIATE > PROMISED (domain-rules §2.8)."""
    if history.state == State.NOT_ACCEPTED.value or history.decision == Decision.REFUSE.value:
        return SevenKind.RETURNED
    if special:
        return SevenKind.SPECIAL
    if agent:
        return SevenKind.AGENT
    return SevenKind(history.case_kind)


def responsible(history: History) -> int | None:
    """Who answers for the case. Of an imported one, who did most of it; the first of them where several did as much."""
    if not history.imported:
        return history.handler_id or history.acceptor_id or history.holder_id
    done: dict[int, int] = {}
    for act in history.of(Kind.CASE_ACT_RECORDED):
        if act.actor_id is not None:
            done[act.actor_id] = done.get(act.actor_id, 0) + 1
    return max(done, key=lambda person: done[person]) if done else history.holder_id


def _on(act: Act) -> date:
    return local_date(act.at)


def _day_of(history: History, kind: Kind) -> date | None:
    act = history.first(kind)
    return _on(act) if act else None


def _accepted_on(history: History) -> date | None:
    if history.imported:
        return history.accepted_on
    act = history.first(Kind.CASE_ACCEPTED, Kind.CASE_DEEMED_ACCEPTED)
    return _on(act) if act else None


def _due(limit: LimitRecord) -> Due:
    return Due(limit.due_on, limit.due_at, limit.provisional)


def _timeliness(history: History, promise: LimitRecord | None) -> str:
    """The class by the stored limits: the same call as lights and cards make. Of a case without a limit: none.

    An end after a 暂定 date is no lateness anybody may be told of, so such a case is out of every rate.
    """
    if promise is None or promise.closed_at is None:
        return ""
    legal = history.limit(DeadlineKind.LEGAL)
    found = timeliness(
        promise.started_on,
        _due(promise),
        _due(legal) if legal else None,
        at=promise.closed_at,
        finished=promise.closed_at,
        immediate=history.case_kind == SevenKind.IMMEDIATE.value,
    )
    return "" if promise.provisional and not found.in_time else found.value


def _spans(
    history: History, promise: LimitRecord | None, accepted: date | None, finished: date, calendar: Calendar
) -> dict[str, int]:
    received = local_date(history.received_at)
    start, end, pauses = received, finished, []
    if promise is not None and promise.closed_at is not None:
        start, end = promise.started_on, local_date(promise.closed_at)
        pauses = [_pause(told) for told in promise.pauses]
    used = elapsed(start, end, Unit.WORKING_DAY, pauses, calendar)
    spans = {
        Span.USED.value: used,
        Span.WAITED.value: _days(received, accepted or received, calendar),
        Span.PAUSED.value: _days(start, end, calendar) - used,
    }
    return spans | _stage_days(history, calendar)


def _days(since: date, until: date, calendar: Calendar) -> int:
    return calendar.working_days(since, until) if until > since else 0


def _pause(told: Mapping[str, Any]) -> Pause:
    until = told["until"]
    return Pause(date.fromisoformat(told["since"]), date.fromisoformat(until) if until else None, told["cause"])


def _stage_days(history: History, calendar: Calendar) -> dict[str, int]:
    """Working days in each stage, all passes together. A log's act closes the time since the act before it."""
    spent: dict[str, int] = {}
    since, stage = local_date(history.received_at), Stage.ACCEPT.value
    for act in history.acts:
        on = _on(act)
        if act.kind == Kind.CASE_ACT_RECORDED.value:
            stage = act.facts["stage"]
            spent[stage] = spent.get(stage, 0) + _days(since, on, calendar)
            since = max(since, on)
        elif act.kind == Kind.CASE_FINISHED.value:
            spent[stage] = spent.get(stage, 0) + _days(since, on, calendar)
            break
        elif not history.imported and (entered := act.facts.get("row", {}).get("stage", stage)) != stage:
            spent[stage] = spent.get(stage, 0) + _days(since, on, calendar)
            since, stage = on, entered
    return spent


# --- the backlog: where a case stood at the end of any past day ---


def _suspended(history: History) -> tuple[Stretch, ...]:
    return _stretches(
        (on, state == State.SUSPENDED.value) for on, state, _ in _standings(history) if not history.imported
    )


def _pressing(
    history: History, promise: LimitRecord | None, calendar: Calendar
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """(due soon, overdue): by the organ's running limit as it stood on each day, before any later extension.

    Overdue from the end of the day after the due one; soon from three working days before it, as the lamps are
    (domain-rules §5.2). A 暂定 date is never overdue, only soon.
    """
    soon: list[tuple[date, bool]] = []
    over: list[tuple[date, bool]] = []
    for on, until, due_on, firm in _running(history, promise):
        if due_on is None:
            soon.append((on, False))
            over.append((on, False))
            continue
        near, late = max(on, _soon_from(due_on, calendar)), max(on, due_on + _DAY)
        for found, since in ((soon, near), (over, late)):
            found.append((on, False))
            if until is None or since < until:
                found.append((since, found is soon or firm))
        if firm and (until is None or late < until):
            soon.append((late, False))
    return _stretches(soon), _stretches(over)


def _running(history: History, promise: LimitRecord | None) -> Iterator[tuple[date, date | None, date | None, bool]]:
    """(since, until, due or None, firm) of the limit that ran against the organ, in order."""
    if history.imported:
        # A log's deadline is an instant: the day on which it passes ends overdue.
        due = None
        if promise is not None and promise.due_at is not None:
            due = local_date(promise.due_at)
            due -= _DAY if promise.due_at < end_of(due) else timedelta(0)
        received, ended = local_date(history.received_at), None
        if history.finished_at is not None:
            ended = max(received, local_date(history.finished_at))  # real logs end before they begin
        yield received, ended, due, True
        if ended is not None:
            yield ended, None, None, True
        return
    standings = list(_standings(history))
    for place, (on, state, due_on) in enumerate(standings):
        last = place + 1 == len(standings)
        running = due_on if State(state) in BEFORE_DECISION else None
        yield on, None if last else standings[place + 1][0], running, not (last and _is_provisional(history))


def _soon_from(due_on: date, calendar: Calendar) -> date:
    day = due_on
    while calendar.working_days(day - _DAY, due_on) <= SOON_DAYS:
        day -= _DAY
    return day


def _stage(history: History) -> str:
    if history.state == State.FINISHED.value:
        return DELIVERY
    return "" if State(history.state) in CLOSED else history.stage


def _is_provisional(history: History) -> bool:
    return any(limit.provisional for limit in history.limits if limit.outcome == "open")


def _standings(history: History) -> Iterator[tuple[date, str, date | None]]:
    """(day, state, due) at the end of each day on which one of them changed, oldest first."""
    state, due, on = State.SUBMITTED.value, None, local_date(history.received_at)
    for act in history.acts:
        row = act.facts.get("row")
        if not row or not row.keys() & {"state", "due_on"}:
            continue
        if (day := _on(act)) > on:
            yield on, state, due
            on = day
        state = row.get("state", state)
        if "due_on" in row:
            due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    yield on, state, due


def _stretches(points: Iterable[tuple[date, bool]]) -> tuple[Stretch, ...]:
    """Days from which something is so or not so, in order, put together to stretches; of one day the last word counts."""
    found: list[Stretch] = []
    since: date | None = None
    for on, so in dict(points).items():
        if so and since is None:
            since = on
        elif not so and since is not None:
            found.append((since, on))
            since = None
    return (*found, (since, None)) if since is not None else tuple(found)


def histogram(days: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in days:
        found[one] = found.get(one, 0) + 1
    return found


def percentile(days: Mapping[int, int], share: float) -> int | None:
    """The smallest number of days within which at least this share (0–1) of the cases lie; None without cases.

    Nearest rank, so that the answer is a number of days some case really took.
    """
    total = sum(days.values())
    seen = 0
    for one in sorted(days):
        seen += days[one]
        if seen >= share * total:
            return one
    return None


__all__ = ["Measure", "SevenKind", "Span", "Stretch", "Tally", "histogram", "percentile", "seven_kind", "tally"]
