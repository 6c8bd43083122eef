"""What a case did, as process insight reads it: acts in the order of their times, each with its activity and person.

Knows which journal entries are acts of handling, and in which stage each was done; refuses to know any database.
An imported case tells its acts in the words of its log, a case handled here in the kinds of the journal.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from zhengtong.rules.history import History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import STAGES, Stage

# What counts as handling. Messages, notes, looks into a file, papers and moved holidays move no case.
HANDLING_KINDS = frozenset(
    kind.value
    for kind in (
        Kind.CASE_SUBMITTED, Kind.CASE_ACCEPTED, Kind.CASE_DEEMED_ACCEPTED, Kind.CASE_ACCEPTANCE_REFUSED,
        Kind.CASE_SUPPLEMENT_REQUESTED, Kind.CASE_SUPPLEMENTED, Kind.CASE_LAPSED, Kind.CASE_WITHDRAWN,
        Kind.CASE_DISPATCHED, Kind.CASE_FORWARDED, Kind.CASE_RETURNED, Kind.CASE_RECALLED, Kind.CASE_CONSULTED,
        Kind.CASE_CONSULTATION_ANSWERED, Kind.CASE_SUSPENDED, Kind.CASE_RESUMED, Kind.CASE_EXTENDED,
        Kind.CASE_SENT_UP, Kind.CASE_RESULT_BACK, Kind.CASE_DECIDED, Kind.CASE_FINISHED, Kind.CASE_DELIVERED,
        Kind.CASE_VOID_PROPOSED, Kind.CASE_VOIDED, Kind.CASE_ACT_RECORDED,
    )
)  # fmt: skip
# The time before these is nobody's delay in the house: the applicant supplements, a special procedure runs, the upper
# organ decides. (行政许可法 arts. 32(1)(4), 43, 45)
STOPPED_BEFORE = frozenset(
    kind.value for kind in (Kind.CASE_SUPPLEMENTED, Kind.CASE_LAPSED, Kind.CASE_RESUMED, Kind.CASE_RESULT_BACK)
)
STOPPED = "STOPPED"  # the pseudo-stage such time is counted under
TAIL = "TAIL"  # and the one for what passed between the last act and the end
NOBODY = -1
NEVER = -(2**62)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Entered(NamedTuple):
    """The parts of a journal entry that a trace is made of. `person` is an officer; None for applicant and clock."""

    seq: int
    kind: str
    at: datetime
    person: int | None
    facts: Mapping[str, Any]
    imported: bool = False  # told by an import, not done here


class TracedAct(NamedTuple):
    stage: str
    activity: str  # the log's own word, or the journal kind
    label: str  # the log's word in Chinese, when its map gives one
    at: datetime
    person: int | None


@dataclass(frozen=True, slots=True)
class Trace:
    """One case. `due_at` is the last lawful instant of the promise; None while it is stopped, or without one.

    `kept_at` is when the promise was answered: by the decision here (docs/adr/promise-ends-at-decision.md), by the end
    in an imported log.
    """

    number: str
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    acts: tuple[TracedAct, ...]
    kept_at: datetime | None = None


def traced(entries: Iterable[Entered]) -> tuple[TracedAct, ...]:
    """The acts of handling by time; those of one instant stay as the journal has them.

    The stage of an act is the one the case stood in when it was done, so that the time before it belongs to that
    stage. An imported end is a date of the log, no act.
    """
    acts = []
    standing = Stage.ACCEPT.value
    for entry in entries:
        told = entry.kind == Kind.CASE_ACT_RECORDED.value
        if entry.kind in HANDLING_KINDS and not (entry.imported and entry.kind == Kind.CASE_FINISHED.value):
            stage = entry.facts.get("stage") if told else standing
            activity = entry.facts.get("activity", "") if told else entry.kind
            label = entry.facts.get("label", "") if told else ""
            acts.append(TracedAct(stage or standing, activity, label, entry.at, entry.person))
        if told:
            standing = entry.facts.get("stage", standing)
        elif not entry.imported:
            standing = entry.facts.get("row", {}).get("stage", standing)
    return tuple(sorted(acts, key=lambda act: act.at))


def trace_of(history: History) -> Trace:
    """The trace of a whole history."""
    promises = [one for one in history.limits if one.kind == DeadlineKind.PROMISE.value and one.outcome != "void"]
    promise = promises[-1] if promises else None
    return Trace(
        number=history.number,
        started_at=history.received_at,
        ended_at=history.finished_at,
        due_at=promise.due_at if promise else None,
        kept_at=promise.closed_at if promise else None,
        acts=traced(
            Entered(
                act.seq, act.kind, act.at,
                act.actor_id if act.actor_kind in PERSONS else None,
                act.facts, act.actor_kind == "import",
            )
            for act in history.acts
        ),
    )  # fmt: skip


PERSONS = frozenset({"officer", "import"})  # kinds of actor whose id is an officer's


class Activity(NamedTuple):
    """A node of the map. The same word in two stages is two activities: the time before each is another's."""

    stage: str
    name: str

    @property
    def key(self) -> str:
        """A short stable name for addresses."""
        return short_key(self.stage, self.name)


def short_key(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    return _EPOCH + at * _MICROSECOND


class CaseView(NamedTuple):
    """One case of a log, in codes and microseconds since 1970; NEVER where there is no such time."""

    place: int
    codes: "array[int]"
    times: "array[int]"
    people: "array[int]"
    started: int
    ended: int
    due: int
    kept: int


class TraceLog:
    """Many traces in little room (24 bytes an act and some 110 a case), in the order they were added."""

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.activities: list[Activity] = []
        self.labels: dict[Activity, str] = {}
        self._codes: dict[Activity, int] = {}
        self._acts, self._at, self._people = array("l"), array("q"), array("q")
        self._ends = array("q", [0])
        self._started, self._ended = array("q"), array("q")
        self._due, self._kept = array("q"), array("q")

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def acts(self) -> int:
        return len(self._acts)

    def add(self, trace: Trace) -> None:
        self.numbers.append(trace.number)
        for act in trace.acts:
            self._acts.append(self._code(act))
            self._at.append(micros(act.at))
            self._people.append(NOBODY if act.person is None else act.person)
        self._ends.append(len(self._acts))
        self._started.append(micros(trace.started_at))
        self._ended.append(NEVER if trace.ended_at is None else micros(trace.ended_at))
        self._due.append(NEVER if trace.due_at is None else micros(trace.due_at))
        self._kept.append(NEVER if trace.kept_at is None else micros(trace.kept_at))

    def _code(self, act: TracedAct) -> int:
        activity = Activity(act.stage, act.activity)
        if activity not in self._codes:
            self._codes[activity] = len(self.activities)
            self.activities.append(activity)
        if act.label:
            self.labels[activity] = act.label
        return self._codes[activity]

    def __getitem__(self, place: int) -> CaseView:
        first, last = self._ends[place], self._ends[place + 1]
        return CaseView(
            place, self._acts[first:last], self._at[first:last], self._people[first:last],
            self._started[place], self._ended[place], self._due[place], self._kept[place],
        )  # fmt: skip

    def __iter__(self) -> Iterator[CaseView]:
        return (self[place] for place in range(len(self)))

    def span(self) -> tuple[int, int] | None:
        """The first and the last instant anywhere in the log."""
        times = [t for t in (*_ends_of(self._at), *_ends_of(self._started), *_ends_of(self._ended)) if t != NEVER]
        return (min(times), max(times)) if times else None

    def stage_codes(self) -> list[int]:
        """Activity code → place of its stage among the five."""
        place = {stage.value: number for number, stage in enumerate(STAGES)}
        return [place[activity.stage] for activity in self.activities]

    def stopped_codes(self) -> frozenset[int]:
        return frozenset(code for code, one in enumerate(self.activities) if one.name in STOPPED_BEFORE)


def log_of(traces: Iterable[Trace]) -> TraceLog:
    log = TraceLog()
    for trace in traces:
        log.add(trace)
    return log


def _ends_of(times: "array[int]") -> tuple[int, ...]:
    real = [t for t in times if t != NEVER]
    return (min(real), max(real)) if real else ()
