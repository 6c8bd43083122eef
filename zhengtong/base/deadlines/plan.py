"""Deadline rows computed in memory. Nothing here touches the database: a step writes all of its limits at once."""

from datetime import date, datetime
from typing import Any

from zhengtong.base.deadlines.models import Deadline
from zhengtong.rules import clock
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Due, Explanation, Limit, Pause, Signal, SignalRule, Unit
from zhengtong.rules.limits import BASIS, PAUSABLE, DeadlineKind


def planned(
    subject: tuple[str, str],
    kind: DeadlineKind,
    start: date,
    limit: Limit,
    calendar: Calendar,
    *,
    organ_id: int | None = None,
    ordinal: int = 0,
    moment: datetime | None = None,
    pauses: list[dict[str, Any]] | None = None,
    basis: str = "",
) -> Deadline:
    """An unsaved limit with its due date computed."""
    deadline = Deadline(
        subject_kind=subject[0],
        subject_key=subject[1],
        kind=kind.value,
        ordinal=ordinal,
        organ_id=organ_id,
        started_on=start,
        amount=limit.amount,
        unit=limit.unit.value,
        moment=moment,
        pauses=pauses or [],
        basis=basis or BASIS[kind],
    )
    compute(deadline, calendar)
    return deadline


def limit_of(deadline: Deadline) -> Limit:
    return Limit(deadline.amount + deadline.extension, Unit(deadline.unit))


def pauses_of(deadline: Deadline) -> list[Pause]:
    return [
        Pause(
            date.fromisoformat(p["since"]),
            date.fromisoformat(p["until"]) if p["until"] else None,
            p["cause"],
            p["article"],
        )
        for p in deadline.pauses
    ]


def compute(deadline: Deadline, calendar: Calendar) -> None:
    """Sets due date and next signal from start, limit, pauses and calendar: the only place that does."""
    due = clock.due(deadline.started_on, limit_of(deadline), pauses_of(deadline), calendar, moment=deadline.moment)
    deadline.due_on, deadline.due_at, deadline.provisional = due.on, due.at, due.provisional
    following = clock.next_signal(signals_of(deadline, calendar), clock.start_of(deadline.started_on))
    deadline.next_signal = following.level.name if following else ""
    deadline.next_signal_at = following.at if following else None


def due_of(deadline: Deadline) -> Due:
    """The stored due as the rules speak of it."""
    return Due(deadline.due_on, deadline.due_at, deadline.provisional)


def signals_of(deadline: Deadline, calendar: Calendar, *, rule: SignalRule | None = None) -> tuple[Signal, ...]:
    """When supervision looks at this limit (§5.2). `rule`: the version in force, where it is not the shipped one."""
    rule = rule or clock.SIGNALS.get(DeadlineKind(deadline.kind))
    if rule is None:
        return ()
    return clock.signals(
        deadline.started_on,
        limit_of(deadline),
        pauses_of(deadline),
        calendar,
        due_of(deadline),
        rule=rule,
    )


def explained(deadline: Deadline, calendar: Calendar, *, until: date | None = None) -> Explanation:
    """Every day from start to due with its reason and article; its due equals the stored one, always."""
    return clock.explain(
        deadline.started_on,
        limit_of(deadline),
        pauses_of(deadline),
        calendar,
        until=until,
        moment=deadline.moment,
    )


def used(deadline: Deadline, until: date, calendar: Calendar) -> int:
    return clock.elapsed(deadline.started_on, until, Unit(deadline.unit), pauses_of(deadline), calendar)


def pause(deadline: Deadline, since: date, cause: str, article: str, calendar: Calendar) -> None:
    deadline.pauses = [
        *deadline.pauses,
        {"since": since.isoformat(), "until": None, "cause": cause, "article": article},
    ]
    compute(deadline, calendar)


def resume(deadline: Deadline, until: date, calendar: Calendar) -> None:
    deadline.pauses = [p if p["until"] else {**p, "until": until.isoformat()} for p in deadline.pauses]
    compute(deadline, calendar)


def extend(deadline: Deadline, amount: int, calendar: Calendar) -> None:
    """行政许可法第四十二条: the same start with a larger amount."""
    deadline.extension += amount
    compute(deadline, calendar)


def pausable(deadline: Deadline) -> bool:
    return DeadlineKind(deadline.kind) in PAUSABLE


def close(deadline: Deadline, at: datetime) -> None:
    late = deadline.due_at is not None and at > deadline.due_at
    deadline.outcome = Deadline.MISSED if late else Deadline.MET
    deadline.closed_at, deadline.next_signal, deadline.next_signal_at = at, "", None
