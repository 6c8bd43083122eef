"""Times of a process: spans with their mean, median and ninth decile, working time, stages, bottlenecks, lateness.

Knows that the time before an act is the time the case waited for it, since an act is recorded when it is done.
Refuses to judge: a long wait may have its reason.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.procedure import STAGES
from zhengtong.rules.process_map_log import NEVER, STOPPED, TAIL, CaseView, TraceLog

DAY = 86_400_000_000  # microseconds
_SHANGHAI = 8 * 3_600_000_000  # the span a working calendar covers (2000 on) knows no other offset
_YEARS = (2000, 2060)  # the working calendar's own bounds
_FIRST_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Spans:
    """In microseconds, of `count` spans. Decile by linear interpolation between the two nearest, as spreadsheets do."""

    count: int
    total: int
    mean: float
    median: float
    p90: float


NONE = Spans(0, 0, 0.0, 0.0, 0.0)


def spans(values: Iterable[int]) -> Spans:
    found = sorted(values)
    if not found:
        return NONE
    total = sum(found)
    return Spans(len(found), total, total / len(found), quantile(found, 0.5), quantile(found, 0.9))


def quantile(ordered: Sequence[int], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


class WorkingTime:
    """The part of a span that lies on working days of the calendar, midnight to midnight in Shanghai.

    Office hours are no law and differ from hall to hall, so a working day counts whole. Outside 2000–2060 the calendar
    knows no days; there `between` is None.
    """

    def __init__(self, calendar: Calendar, first: int, last: int) -> None:
        low = max(_day_of(first), date(_YEARS[0], 1, 1).toordinal() - _FIRST_DAY)
        high = min(_day_of(last), date(_YEARS[1], 12, 31).toordinal() - _FIRST_DAY)
        self._low, self._high = low, high
        self._works = [calendar.is_workday(date.fromordinal(_FIRST_DAY + day)) for day in range(low, high + 1)]
        self._before = [0]
        for works in self._works:
            self._before.append(self._before[-1] + works)

    def between(self, start: int, end: int) -> int | None:
        since, until = self._worked(start), self._worked(end)
        return None if since is None or until is None else until - since

    def _worked(self, at: int) -> int | None:
        local = at + _SHANGHAI
        day = local // DAY
        if not self._low <= day <= self._high:
            return None
        index = day - self._low
        return self._before[index] * DAY + (local - day * DAY if self._works[index] else 0)


def _day_of(at: int) -> int:
    return (at + _SHANGHAI) // DAY


def working_time(log: TraceLog, calendar: Calendar) -> WorkingTime | None:
    found = log.span()
    return WorkingTime(calendar, *found) if found else None


@dataclass(frozen=True, slots=True)
class StageTime:
    """`spans` are per case that has the stage: all its waits for acts of the stage together. `share` of all the time."""

    stage: str
    acts: int
    cases: int
    spans: Spans
    working: Spans
    share: float


def waits(case: CaseView) -> Iterable[tuple[int, int, int]]:
    """(code, from, until) for every act: since the act before it, the first since the case was received.

    An act dated before the receipt waited for nothing; `backward` counts such cases.
    """
    before = case.started
    for code, at in zip(case.codes, case.times, strict=True):
        yield code, min(before, at), at
        before = at


def backward(case: CaseView) -> bool:
    """A clock was set wrong: an act, or the end, before the receipt."""
    first = case.times[0] if case.times else case.started
    return first < case.started or (case.ended != NEVER and case.ended < case.started)


def stage_times(log: TraceLog, working: WorkingTime | None) -> list[StageTime]:
    """The five stages in their order; then, where there is any, what no office waited for, and last act to end."""
    names = [*(stage.value for stage in STAGES), STOPPED, TAIL]
    stop, tail = len(names) - 2, len(names) - 1
    stage_of, stopped = log.stage_codes(), log.stopped_codes()
    times: list[array[int]] = [array("q") for _ in names]
    worked: list[array[int]] = [array("q") for _ in names]
    acts = [0] * len(names)
    for case in log:
        spent: dict[int, int] = {}
        office: dict[int, int] = {}
        ended = case.ended if case.codes and case.ended > case.times[-1] else NEVER
        ways = [(stop if code in stopped else stage_of[code], since, until) for code, since, until in waits(case)]
        for stage, since, until in [*ways, (tail, case.times[-1], ended)] if ended != NEVER else ways:
            acts[stage] += stage != tail
            spent[stage] = spent.get(stage, 0) + until - since
            if working is not None and (part := working.between(since, until)) is not None:
                office[stage] = office.get(stage, 0) + part
        for stage, time in spent.items():
            times[stage].append(time)
        for stage, time in office.items():
            worked[stage].append(time)
    whole = sum(sum(found) for found in times)
    return [
        StageTime(
            name, acts[i], len(times[i]), spans(times[i]), spans(worked[i]), sum(times[i]) / whole if whole else 0.0
        )
        for i, name in enumerate(names)
        if name not in (STOPPED, TAIL) or times[i]
    ]


@dataclass(frozen=True, slots=True)
class Summary:
    """`within` and `after`: promises answered, by their deadline; `over`: those still open and past it at `at`."""

    cases: int
    acts: int
    people: int
    activities: int
    finished: int
    open: int
    within: int
    after: int
    over: int
    without_acts: int
    backward: int
    throughput: Spans
    working: Spans


def is_late(case: CaseView) -> bool:
    return case.due != NEVER and case.kept > case.due


def is_within(case: CaseView) -> bool:
    return case.due != NEVER and NEVER != case.kept <= case.due


def is_over(case: CaseView, at: int) -> bool:
    return case.kept == NEVER and NEVER != case.due < at


def summary(log: TraceLog, working: WorkingTime | None, *, at: int) -> Summary:
    counts: dict[str, int] = defaultdict(int)
    people: set[int] = set()
    whole, worked = array("q"), array("q")
    for case in log:
        people.update(case.people)
        finished = case.ended != NEVER
        counts["finished"] += finished
        counts["within"] += is_within(case)
        counts["after"] += is_late(case)
        counts["over"] += is_over(case, at)
        counts["without_acts"] += not case.codes
        counts["backward"] += backward(case)
        if finished:
            whole.append(case.ended - case.started)
            if working is not None and (part := working.between(case.started, case.ended)) is not None:
                worked.append(part)
    return Summary(
        cases=len(log), acts=log.acts, people=len(people - {-1}), activities=len(log.activities),
        finished=counts["finished"], open=len(log) - counts["finished"], within=counts["within"],
        after=counts["after"], over=counts["over"], without_acts=counts["without_acts"],
        backward=counts["backward"], throughput=spans(whole), working=spans(worked),
    )  # fmt: skip


def days(microseconds: float) -> float:
    return microseconds / DAY


def delta(microseconds: float) -> timedelta:
    return timedelta(microseconds=microseconds)
