"""A case as the forecast reads it: its promise, where it lay and in whose hands, and what of that was known on a day.

Days are counted working days of the promise (§2.2): pauses of art. 45 stand still, the first day is day 0. Refuses to
know anything of a case that happened at or after the instant asked about: that is what keeps a forecast honest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Limit, Pause, Unit, due, elapsed, end_of, local_date
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import STAGES

NOT_BEGUN = -1  # no act of any stage yet
STAGE_PLACE = {stage.value: place for place, stage in enumerate(STAGES)}
_DAY = timedelta(days=1)
_NOON = 12
_WEEK, _WORKING = 7, 5


class Place(NamedTuple):
    """From `at` on (day `day` of the promise) the case lay in this stage with this officer."""

    at: datetime
    day: int
    stage: int
    hand: int | None


class Stop(NamedTuple):
    """A pause and when one came to know of its beginning and its end."""

    pause: Pause
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Course:
    """A case with a promise of at least one day. `began_at` is when its promise was known to run.

    `end_day` is the day of the promise on which it ended; an end on a rest day counts as the next working day, as a
    limit that ran out the day before is then exceeded. `void`: withdrawn, voided, lapsed: out of every rate (§2.6).
    """

    number: str
    item_id: int
    organ_id: int
    began_at: datetime
    started_on: date
    unit: Unit
    amount: int  # without extensions
    extensions: tuple[tuple[datetime, int], ...]
    moment: datetime | None
    stops: tuple[Stop, ...]
    places: tuple[Place, ...]
    ended_at: datetime | None
    end_day: int | None
    void: bool
    due_at: datetime | None  # the lawful end as it stands today
    last_act_at: datetime
    log: str = ""  # the imported log that tells it, unless it was gone on with here
    watched_until: datetime | None = None  # an open case of a log: after its last line nobody knows

    @property
    def late(self) -> bool | None:
        """None while it cannot be said."""
        if self.void or self.ended_at is None or self.due_at is None:
            return None
        return self.ended_at > self.due_at

    def limit_at(self, at: datetime) -> Limit:
        return Limit(self.amount + sum(days for told, days in self.extensions if told < at), self.unit)

    def pauses_at(self, at: datetime) -> tuple[Pause, ...]:
        """The pauses as they were known: one that has ended since is still open."""
        return tuple(
            stop.pause
            if stop.ended_at is not None and stop.ended_at < at
            else Pause(stop.pause.since, None, stop.pause.cause, stop.pause.article)
            for stop in self.stops
            if stop.begun_at < at
        )

    def place_at(self, at: datetime) -> tuple[int, int | None]:
        """(stage, officer) as last known."""
        found: tuple[int, int | None] = (NOT_BEGUN, None)
        for place in self.places:
            if place.at >= at:
                break
            found = (place.stage, place.hand)
        return found


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case at an instant. `next_day`: the first day it can still end on; `budget`: the last day in time.

    `over`: the limit has run out already. Until it has, there is always a day left.
    """

    number: str
    item_id: int
    organ_id: int
    started_on: date
    unit: Unit
    stage: int
    hand: int | None
    next_day: int
    budget: int
    over: bool
    pauses: tuple[Pause, ...]
    due_on: date | None
    due_at: datetime | None
    provisional: bool

    @property
    def paused(self) -> bool:
        return any(pause.until is None for pause in self.pauses) and self.unit is not Unit.MOMENT

    def date_of(self, day: int, calendar: Calendar) -> date | None:
        """The calendar day of a day of the promise; None while a pause is open."""
        if day <= 0:
            return self.started_on
        counted = () if self.unit is Unit.MOMENT else self.pauses
        return due(self.started_on, Limit(day, Unit.WORKING_DAY), counted, calendar).on


def course_of(history: History, calendar: Calendar) -> Course | None:
    """None for a case that has no promise running yet, or was to be decided on the spot (art. 34)."""
    limit = history.limit(DeadlineKind.PROMISE.value)
    if limit is None or (limit.amount == 0 and limit.unit != Unit.MOMENT.value):
        return None
    unit = Unit(limit.unit)
    stops = () if unit is Unit.MOMENT else _stops(history, limit)
    pauses = [stop.pause for stop in stops]
    start = limit.started_on
    begun = history.first(Kind.CASE_ACCEPTED, Kind.CASE_DEEMED_ACCEPTED)
    extensions = tuple((act.at, int(act.facts["days"])) for act in history.of(Kind.CASE_EXTENDED))
    added = sum(days for _, days in extensions)
    ended = limit.closed_at if limit.outcome != "open" else None
    return Course(
        number=history.number,
        item_id=history.item_id,
        organ_id=history.organ_id,
        began_at=begun.at if begun else history.received_at,
        started_on=start,
        unit=unit,
        amount=max(limit.amount - added, 0),
        extensions=extensions,
        moment=limit.due_at if unit is Unit.MOMENT else None,
        stops=stops,
        places=_places(history, start, pauses, calendar),
        ended_at=ended,
        end_day=None if ended is None else end_day(start, ended, pauses, calendar),
        void=limit.outcome == "void",
        due_at=limit.due_at,
        last_act_at=max((act.at for act in history.acts), default=history.received_at),
        log=_log(history),
    )


def watched(courses: Sequence[Course]) -> list[Course]:
    """The same, the open cases of each imported log watched until its last line."""
    lines: dict[str, datetime] = {}
    for course in courses:
        if course.log:
            lines[course.log] = max(lines.get(course.log, course.last_act_at), course.last_act_at)
    return [
        replace(course, watched_until=lines[course.log]) if course.log and course.ended_at is None else course
        for course in courses
    ]


def end_day(start: date, ended: datetime, pauses: Sequence[Pause], calendar: Calendar) -> int:
    on = local_date(ended)
    if on <= start:
        return 0
    day = elapsed(start, on, Unit.WORKING_DAY, pauses, calendar)
    return day if day > elapsed(start, on - _DAY, Unit.WORKING_DAY, pauses, calendar) else day + 1


def open_case(course: Course, at: datetime, calendar: Calendar) -> OpenCase | None:
    """What was known of an open case; None when it had not begun, had already ended, or nobody watched it any more."""
    if course.began_at >= at or (course.ended_at is not None and course.ended_at < at):
        return None
    if course.watched_until is not None and at > course.watched_until:
        return None
    pauses = course.pauses_at(at)
    today = local_date(at)
    limit = course.limit_at(at)
    ends = due(course.started_on, limit, pauses, calendar, moment=course.moment)
    stage, hand = course.place_at(at)
    used = elapsed(course.started_on, today - _DAY, Unit.WORKING_DAY, pauses, calendar)
    next_day = used + 1 if today > course.started_on else 0
    over = ends.at is not None and ends.at < at
    last_day = budget(course, at, calendar)
    return OpenCase(
        number=course.number,
        item_id=course.item_id,
        organ_id=course.organ_id,
        started_on=course.started_on,
        unit=course.unit,
        stage=stage,
        hand=hand,
        next_day=next_day,
        budget=last_day if over else max(last_day, next_day),
        over=over,
        pauses=pauses,
        due_on=ends.on,
        due_at=ends.at,
        provisional=ends.provisional,
    )


def budget(course: Course, at: datetime, calendar: Calendar) -> int:
    """The last day of the promise that is in time, as known; at least 1."""
    limit = course.limit_at(at)
    if limit.unit is Unit.WORKING_DAY:
        return max(limit.amount, 1)
    if limit.unit is Unit.MOMENT and course.moment is not None:
        on = local_date(course.moment)
        # A deadline that falls before noon leaves no working time on its own day.
        early = course.moment < end_of(on) - _DAY / 2 and calendar.is_workday(on)
        return max(calendar.working_days(course.started_on, on) - early, 1)
    ends = due(course.started_on, limit, pauses := course.pauses_at(at), calendar)
    if ends.on is None:  # a pause holds the end open: as many working days as so long a stretch has on average
        return max(limit.amount * _WORKING // _WEEK, 1)
    return max(elapsed(course.started_on, ends.on, Unit.WORKING_DAY, pauses, calendar), 1)


_OF_A_LOG = frozenset({Kind.CASE_IMPORTED.value, Kind.CASE_ACT_RECORDED.value, Kind.CASE_FINISHED.value})


def _log(history: History) -> str:
    if not history.imported or any(act.kind not in _OF_A_LOG for act in history.acts):
        return ""
    told = history.first(Kind.CASE_IMPORTED)
    return str(told.facts.get("log", "")) if told else ""


def _stops(history: History, limit: LimitRecord) -> tuple[Stop, ...]:
    begun = history.of(Kind.CASE_SUSPENDED)
    ended = history.of(Kind.CASE_RESUMED)
    stops = []
    for told in limit.pauses:
        since = date.fromisoformat(told["since"])
        until = date.fromisoformat(told["until"]) if told["until"] else None
        pause = Pause(since, until, told["cause"], told["article"])
        stops.append(Stop(pause, _told(begun, since), None if until is None else _told(ended, until)))
    return tuple(stops)


def _told(acts: Sequence[Act], on: date) -> datetime:
    """When the act of that day was done; the end of the day where none is on record."""
    return next((act.at for act in acts if local_date(act.at) == on), end_of(on))


def _places(history: History, start: date, pauses: Sequence[Pause], calendar: Calendar) -> tuple[Place, ...]:
    found: list[Place] = []
    stage, hand = NOT_BEGUN, None
    for act in sorted(history.acts, key=lambda act: act.at):
        if act.kind == Kind.CASE_ACT_RECORDED:
            # Of an imported act only its own facts are of its day: the row beside it is of the day of the import.
            stage, hand = max(stage, STAGE_PLACE[act.facts["stage"]]), act.actor_id
        elif act.kind in (Kind.CASE_IMPORTED, Kind.CASE_FINISHED):
            continue
        else:
            row = act.facts.get("row") or {}
            stage = STAGE_PLACE.get(row.get("stage", ""), stage)
            hand = row.get("holder_id", hand)
        if not found or (found[-1].stage, found[-1].hand) != (stage, hand):
            day = elapsed(start, local_date(act.at), Unit.WORKING_DAY, pauses, calendar)
            found.append(Place(act.at, day, stage, hand))
    return tuple(found)
