"""What would have happened: real cases played again through their desks with one thing changed.

Arrivals, work and the order in which each officer works are as they were; only who waits for whom is played anew.
Without a change the play must give what really happened: how nearly is printed beside every result. Deterministic.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Limit, due
from zhengtong.rules.forecast_course import Course
from zhengtong.rules.procedure import Stage
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.what_if_hours import Office
from zhengtong.rules.what_if_visits import Path, Visit

MORE, FEWER = 1, -1
REGULAR = 10  # who did at least a tenth of what the busiest of a stage did belongs to it
_NEW = -1  # the added officer


@dataclass(frozen=True, slots=True)
class Change:
    """One more or one fewer officer in a `stage` (`officers`), or a stage running beside the next one (`beside`)."""

    stage: Stage | None = None
    officers: int = 0
    beside: Stage | None = None


NOTHING = Change()


@dataclass(frozen=True, slots=True)
class Played:
    """Of one play: when each case's promise ended (open hours), and per stage visits, hours waited, delayed, worked."""

    ends: Mapping[str, float]
    visits: Mapping[Stage, int]
    waited: Mapping[Stage, float]
    delayed: Mapping[Stage, float]
    worked: Mapping[Stage, float]

    def mean_wait(self, stage: Stage) -> float:
        return self.waited[stage] / self.visits[stage] if self.visits.get(stage) else 0.0


def play(paths: Sequence[Path], change: Change = NOTHING) -> Played:
    """Plays all visits again, each officer keeping the order they worked in.

    One more: the new officer takes a case of the stage whenever they could begin it before the one it was with. One
    fewer: an officer of middling load is gone from the stage, and whoever of its other regulars can begin first takes
    theirs. Raises Refusal when nobody would be left.
    """
    gone, others = _gone(paths, change)
    before = _links(paths, change)
    flat = [(place, visit) for place, path in enumerate(paths) for visit in path.visits]
    done = [0.0] * len(flat)
    free: dict[int, float] = {}
    counts, waited = Counter[Stage](), defaultdict[Stage, float](float)
    delayed, worked = defaultdict[Stage, float](float), defaultdict[Stage, float](float)
    # In the order in which they really were done every visit comes after those it waits for.
    for number in sorted(range(len(flat)), key=lambda number: (flat[number][1].order, number)):
        place, visit = flat[number]
        came = max((done[link] for link in before[number]), default=paths[place].begins)
        begins = ready = came + visit.delay
        if visit.person is not None:
            officer = _officer(visit, ready, change, gone, others, free)
            begins = max(ready, free.get(officer, ready))
            free[officer] = begins + visit.work
            counts[visit.stage] += 1
            waited[visit.stage] += begins - ready
            worked[visit.stage] += visit.work
        delayed[visit.stage] += visit.delay
        done[number] = begins + visit.work
    ends, first = {}, 0
    for path in paths:
        inside = done[first : first + path.ends_after]
        ends[path.number] = max(inside, default=path.begins) + path.tail
        first += len(path.visits)
    return Played(ends, counts, waited, delayed, worked)


def _links(paths: Sequence[Path], change: Change) -> list[list[int]]:
    """For each visit those it waits for: the one before it, unless two stages run abreast."""
    before: list[list[int]] = []
    for path in paths:
        base = len(before)
        own = [[base + number - 1] if number else [] for number in range(len(path.visits))]
        fork = _fork(path.visits, change)
        if fork is not None:
            begins, middle, ends = fork
            own[middle] = list(own[begins])
            if ends < len(own):
                own[ends] = [base + middle - 1, base + ends - 1]
        before += own
    return before


def _fork(visits: Sequence[Visit], change: Change) -> tuple[int, int, int] | None:
    """(first visit of the stage, first of the one beside it, first after both), where one follows the other."""
    if change.beside is None or change.stage is None:
        return None
    for begins, visit in enumerate(visits):
        if visit.stage is not change.stage:
            continue
        middle = begins
        while middle < len(visits) and visits[middle].stage is change.stage:
            middle += 1
        ends = middle
        while ends < len(visits) and visits[ends].stage is change.beside:
            ends += 1
        return (begins, middle, ends) if ends > middle else None
    return None


def _gone(paths: Sequence[Path], change: Change) -> tuple[int | None, tuple[int, ...]]:
    """Who leaves, and who is left; nobody leaves when an officer is added."""
    if change.officers >= 0 or change.stage is None:
        return None, ()
    load = Counter(
        visit.person
        for path in paths
        for visit in path.visits
        if visit.stage is change.stage and visit.person is not None
    )
    ranked = sorted(load, key=lambda person: (load[person], person))
    regulars = [person for person in ranked if load[person] * REGULAR >= load[ranked[-1]]]
    if len(regulars) < 2:
        raise Refusal(RefusalCode.WHAT_IF_NOBODY_LEFT, stage=change.stage.value)
    leaver = regulars[len(regulars) // 2]
    return leaver, tuple(sorted(person for person in regulars if person != leaver))


def _officer(
    visit: Visit, at: float, change: Change, gone: int | None, others: Sequence[int], free: Mapping[int, float]
) -> int:
    person = visit.person if visit.person is not None else _NEW
    if visit.stage is not change.stage or change.beside is not None:
        return person
    if person == gone:
        return min(others, key=lambda one: (max(free.get(one, at), at), one))
    if change.officers > 0 and max(free.get(_NEW, at), at) < max(free.get(person, at), at):
        return _NEW
    return person


# --- what it means for limits ---


@dataclass(frozen=True, slots=True)
class Side:
    """`days`: working days from the beginning of the promise's case to its end, sorted; `late` of `cases`."""

    cases: int
    late: int
    days: tuple[float, ...]

    def percentile(self, share: float) -> float:
        return self.days[min(int(len(self.days) * share), len(self.days) - 1)] if self.days else 0.0

    @property
    def mean(self) -> float:
        return sum(self.days) / len(self.days) if self.days else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One case: its end, really, as played without and with the change, and whether each was late."""

    number: str
    due_at: datetime
    ends: tuple[datetime, datetime, datetime]
    late: tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error`: mean absolute difference in working days between the unchanged play and what really happened."""

    real: Side
    unchanged: Side
    changed: Side
    error: float
    misjudged: int  # cases the unchanged play puts on the wrong side of their limit
    before: Played
    after: Played
    rows: tuple[Row, ...]


def compare(paths: Sequence[Path], judged: Sequence[Course], change: Change, office: Office) -> Outcome:
    """Plays once without and once with the change. `judged`: ended cases with a limit, all among the paths."""
    before = play(paths)
    after = before if change == NOTHING else play(paths, change)
    begins = {path.number: path.begins for path in paths}
    rows: list[Row] = []
    days: tuple[list[float], list[float], list[float]] = ([], [], [])
    errors: list[float] = []
    length = office.hours.length
    for course in judged:
        if course.ended_at is None or course.due_at is None or course.number not in begins:
            continue
        real = office.at(course.ended_at)
        played = (before.ends[course.number], after.ends[course.number])
        moments = (course.ended_at, office.moment(played[0]), office.moment(played[1]))
        real_late, *late = (at > course.due_at for at in moments)
        rows.append(Row(course.number, course.due_at, moments, (real_late, late[0], late[1])))
        for kept, hours in zip(days, (real, *played), strict=True):
            kept.append((hours - begins[course.number]) / length)
        errors.append(abs(played[0] - real) / length)
    sides = [
        Side(len(rows), sum(row.late[place] for row in rows), tuple(sorted(kept))) for place, kept in enumerate(days)
    ]
    return Outcome(
        real=sides[0],
        unchanged=sides[1],
        changed=sides[2],
        error=sum(errors) / len(errors) if errors else 0.0,
        misjudged=sum(row.late[0] != row.late[1] for row in rows),
        before=before,
        after=after,
        rows=tuple(rows),
    )


@dataclass(frozen=True, slots=True)
class Recount:
    """Another limit on the same ends: nothing is played, nobody works faster because of it."""

    cases: int
    late: int
    late_then: int
    rows: tuple[
        tuple[str, datetime, datetime, datetime, bool, bool], ...
    ]  # number, end, due, due then, late, late then


def recount(judged: Sequence[Course], limit: Limit, calendar: Calendar) -> Recount:
    """Lateness if the promise had been `limit`, with the extensions and pauses each case had."""
    rows = []
    for course in judged:
        if course.ended_at is None or course.due_at is None:
            continue
        added = sum(days for _, days in course.extensions)
        pauses = [stop.pause for stop in course.stops]
        then = due(course.started_on, Limit(limit.amount + added, limit.unit), pauses, calendar).at
        if then is None:  # ended while a pause held the end open: in time under any limit
            then = max(course.ended_at, course.due_at)
        rows.append(
            (
                course.number,
                course.ended_at,
                course.due_at,
                then,
                course.ended_at > course.due_at,
                course.ended_at > then,
            )
        )
    return Recount(len(rows), sum(row[4] for row in rows), sum(row[5] for row in rows), tuple(rows))
