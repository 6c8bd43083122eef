"""How a running limit looks from a given instant: its light, its next signal, and afterwards its class of timeliness.

Knows the thresholds of electronic supervision (handbook 5.2) as data handed in; refuses to know who is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.counting import due as due_of
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.period import Due, Limit, Pause, Unit, end_of, local_date, start_of

_INSTANT = timedelta(microseconds=1)


class Level(StrEnum):
    """Levels of electronic supervision, lowest first."""

    REMIND = "remind"  # 提醒
    WARN = "warn"  # 预警
    YELLOW = "yellow"  # 黄牌: the promise is exceeded
    RED = "red"  # 红牌: the legal limit is exceeded
    ORDER = "order"  # 督办: never a matter of time alone

    @property
    def rank(self) -> int:
        """0–4, the code of exchange tables."""
        return _LEVELS.index(self)


_LEVELS = tuple(Level)


class Light(StrEnum):
    OK = "OK"
    SOON = "SOON"
    LATE = "LATE"
    OVER_LEGAL = "OVER_LEGAL"
    WAIT = "WAIT"  # a pause holds the end open
    DONE = "DONE"


class Timeliness(StrEnum):
    IMMEDIATE_OK = "IMMEDIATE_OK"
    EARLY = "EARLY"
    ON_TIME = "ON_TIME"
    OVER_PROMISE = "OVER_PROMISE"
    OVER_LEGAL = "OVER_LEGAL"
    OPEN_OK = "OPEN_OK"
    OPEN_DUE_SOON = "OPEN_DUE_SOON"
    OPEN_OVER = "OPEN_OVER"

    @property
    def in_time(self) -> bool:
        return self in _IN_TIME


_IN_TIME = frozenset({Timeliness.IMMEDIATE_OK, Timeliness.EARLY, Timeliness.ON_TIME})


@dataclass(frozen=True, slots=True)
class Signal:
    """From `at` on, the limit stands at `level`."""

    level: Level
    at: datetime


@dataclass(frozen=True, slots=True)
class SignalRule:
    """When to speak of a limit. `*_left`: working days left, None: not at all. `over`: levels by the working days that
    have passed beyond the due instant; 0 is the first instant after it."""

    remind_left: int | None = 3  # [seed D]
    warn_left: int | None = 2  # [S5]
    warn_used_percent: int = 90  # [S14]; 0: by days alone
    short_amount: int = 3  # up to this amount there is no reminder, and the warning waits for the next one
    short_left: int = 1
    over: tuple[tuple[Level, int], ...] = ((Level.YELLOW, 0),)


def _silent(*over: tuple[Level, int], warn_left: int | None = None) -> SignalRule:
    return SignalRule(remind_left=None, warn_left=warn_left, warn_used_percent=0, over=over)


DEFAULT_RULE = SignalRule()
# As the rules of supervision are shipped (domain-rules §5.3); a version changed on the screen is handed in instead.
SIGNALS: dict[DeadlineKind, SignalRule] = {
    DeadlineKind.PROMISE: DEFAULT_RULE,  # T-01, T-02
    DeadlineKind.LEGAL: _silent((Level.RED, 0)),  # T-03
    DeadlineKind.STAGE: _silent((Level.WARN, 0), (Level.YELLOW, 1)),  # T-04: 1 → 2 after +1 d
    DeadlineKind.EXPEDITED: _silent(
        (Level.WARN, 0), (Level.YELLOW, 1)
    ),  # T-04: the house's own limit, within the promise
    DeadlineKind.SPECIAL: _silent((Level.YELLOW, 0), (Level.RED, 1), warn_left=2),  # T-06 [S5]
    DeadlineKind.NOTICE: _silent((Level.YELLOW, 0)),  # T-07
    DeadlineKind.DELIVERY: _silent((Level.YELLOW, 0)),  # T-09, art. 44
    DeadlineKind.CONSULTATION: _silent((Level.YELLOW, 0), (Level.RED, 1), warn_left=2),  # T-14 [S5]
    DeadlineKind.REPLY: _silent((Level.YELLOW, 0), (Level.RED, 1), warn_left=2),  # T-14 [S5]
    DeadlineKind.ORDER: _silent((Level.YELLOW, 0), (Level.RED, 5)),  # T-16: 2 → 3 after +5 d
    DeadlineKind.VERIFY: _silent((Level.YELLOW, 0), (Level.RED, 5)),  # E-8
    DeadlineKind.RECTIFY: _silent((Level.YELLOW, 0), (Level.RED, 5)),  # E-8
    DeadlineKind.REVISIT: _silent((Level.YELLOW, 0), (Level.RED, 5)),  # E-8
    DeadlineKind.ANSWER: _silent((Level.ORDER, 0)),  # a card not answered in time becomes an order (§5.2)
}


def signals(
    start: date,
    limit: Limit,
    pauses: Sequence[Pause],
    calendar: Calendar,
    due: Due,
    *,
    rule: SignalRule = DEFAULT_RULE,
) -> tuple[Signal, ...]:
    """All signals of one limit, each later and higher than the one before; none rests on a provisional date.

    A promise reminds, warns and turns yellow; a legal limit turns red and says nothing before. Day signals stand at
    00:00 Shanghai, cards at the first instant after the due one. A reminder that would not come before its warning
    (promises of 30 days and more) is left out.
    """
    if due.on is None or due.at is None or due.provisional:
        return ()
    before = [Signal(level, start_of(on)) for level, on in _warnings(start, limit, due.on, pauses, calendar, rule)]
    after = [Signal(level, _over(due.on, due.at, days, calendar)) for level, days in rule.over]
    return _rising([*before, *after])


def _over(due_on: date, due_at: datetime, days: int, calendar: Calendar) -> datetime:
    """The first instant at which a limit is over by more than so many working days ([S5]: one second counts)."""
    return (due_at if days == 0 else end_of(calendar.nth_working_day(due_on, days))) + _INSTANT


def next_signal(planned: Sequence[Signal], after: datetime) -> Signal | None:
    """The first signal later than `after`: what a sweep stores to wake up for."""
    return next((signal for signal in planned if signal.at > after), None)


def level_at(planned: Sequence[Signal], at: datetime) -> Level | None:
    """The level reached by `at`, however late one looks; None before the first signal."""
    return next((signal.level for signal in reversed(planned) if signal.at <= at), None)


def warn_at(planned: Sequence[Signal]) -> datetime | None:
    """When the light turns SOON."""
    return next((signal.at for signal in planned if signal.level is Level.WARN), None)


def light(
    due: Due, legal_due: Due | None, at: datetime, *, warn_at: datetime | None = None, closed: bool = False
) -> Light:
    """The light of one limit, by comparing instants only. A provisional date never shows as late, only as SOON."""
    if closed:
        return Light.DONE
    over_legal = legal_due is not None and _is_over(legal_due, at)
    over_promise = _is_over(due, at)
    if over_legal and legal_due is not None and not legal_due.provisional:
        return Light.OVER_LEGAL
    if over_promise and not due.provisional:
        return Light.LATE
    if over_legal or over_promise:
        return Light.SOON
    if due.at is None:
        return Light.WAIT
    return Light.SOON if warn_at is not None and at >= warn_at else Light.OK


_OPEN = {
    Light.OK: Timeliness.OPEN_OK,
    Light.WAIT: Timeliness.OPEN_OK,
    Light.SOON: Timeliness.OPEN_DUE_SOON,
    Light.LATE: Timeliness.OPEN_OVER,
    Light.OVER_LEGAL: Timeliness.OPEN_OVER,
}


def timeliness(
    start: date,
    due: Due,
    legal_due: Due | None,
    *,
    at: datetime,
    finished: datetime | None = None,
    immediate: bool = False,
    warn_at: datetime | None = None,
) -> Timeliness:
    """The class of handbook 2.6. `immediate` is 即办件; `at` matters only while the case is open.

    Over is decided by the due instant, not by elapsed > P, so that class, light and card can never disagree: a case
    due on Friday and finished on Saturday has used no more working days, yet is late by 24:00 of Friday.
    """
    if finished is None:
        return _OPEN[light(due, legal_due, at, warn_at=warn_at)]
    finished_on = local_date(finished)
    if immediate and finished_on <= start:
        return Timeliness.IMMEDIATE_OK
    if legal_due is not None and _is_over(legal_due, finished):
        return Timeliness.OVER_LEGAL
    if _is_over(due, finished):
        return Timeliness.OVER_PROMISE
    # Finished while a pause held the end open: fewer days are used than were promised.
    early = due.on is None or finished_on < due.on
    return Timeliness.EARLY if early and not immediate else Timeliness.ON_TIME


def _is_over(due: Due, at: datetime) -> bool:
    return due.at is not None and at > due.at


def _warnings(
    start: date, limit: Limit, due_on: date, pauses: Sequence[Pause], calendar: Calendar, rule: SignalRule
) -> list[tuple[Level, date]]:
    amount = calendar.working_days(start, due_on) if limit.unit is Unit.MOMENT else limit.amount
    if amount == 0:
        return []
    if amount <= rule.short_amount:
        if rule.warn_left is None:
            return []
        # Half a promise of one day is the due day itself.
        return [(Level.WARN, _left(min(rule.short_left, amount // 2), start, limit, due_on, pauses, calendar))]
    planned: list[tuple[Level, date]] = []
    if rule.remind_left is not None:
        planned.append((Level.REMIND, _left(rule.remind_left, start, limit, due_on, pauses, calendar)))
    if rule.warn_left is not None:
        by_left = _left(rule.warn_left, start, limit, due_on, pauses, calendar)
        counted = rule.warn_used_percent and limit.unit is not Unit.MOMENT
        by_share = _used(start, limit, pauses, calendar, rule.warn_used_percent) if counted else by_left
        planned.append((Level.WARN, min(by_left, by_share)))
    return planned


def _left(days: int, start: date, limit: Limit, due_on: date, pauses: Sequence[Pause], calendar: Calendar) -> date:
    """The first day at whose end no more than so many working days are left."""
    if limit.unit is Unit.WORKING_DAY:
        return due_of(start, Limit(max(limit.amount - days, 0), limit.unit), pauses, calendar).on or start
    return max(calendar.nth_working_day(due_on, -days), start)


def _used(start: date, limit: Limit, pauses: Sequence[Pause], calendar: Calendar, percent: int) -> date:
    """The first day by whose end so much of the limit is used."""
    days = -(-limit.amount * percent // 100)
    return due_of(start, Limit(days, limit.unit), pauses, calendar).on or start


def _rising(planned: list[Signal]) -> tuple[Signal, ...]:
    """In order of time, without those a higher one has overtaken."""
    rising: list[Signal] = []
    for signal in sorted(planned, key=lambda signal: (signal.at, -signal.level.rank)):
        if not rising or signal.level.rank > rising[-1].level.rank:
            rising.append(signal)
    return tuple(rising)
