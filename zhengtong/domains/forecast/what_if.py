"""Real cases of a period played again with one thing changed. Reads only; the same question gives the same answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Max, Min, Q, QuerySet

from zhengtong.base import calendar
from zhengtong.domains.cases.histories import histories
from zhengtong.domains.cases.models import Case
from zhengtong.rules.clock import Limit, Unit, local_date, start_of
from zhengtong.rules.forecast_course import Course, course_of
from zhengtong.rules.history import History
from zhengtong.rules.procedure import NEXT_STAGE, Stage
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.what_if import FEWER, MORE, Change, Outcome, Recount, compare, recount
from zhengtong.rules.what_if_hours import Hours, Office, hours_of
from zhengtong.rules.what_if_visits import WORK, Reading, paths

MOST_CASES = 5_000  # the newest of the period; about three seconds of counting
CHUNK = 500
_DAY = timedelta(days=1)


class Supposition(StrEnum):
    LIMIT = "limit"
    MORE = "more"
    FEWER = "fewer"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Question:
    """Cases received from `since` to `until`, both included. `limit` in working days; `stage` for the other kinds.

    `beside`: the stage runs at the same time as the one after it.
    """

    since: date
    until: date
    kind: Supposition
    item_id: int | None = None
    organ_ids: frozenset[int] | None = None
    limit: int = 0
    stage: Stage = Stage.PROCESS

    def change(self) -> Change:
        if self.kind is Supposition.BESIDE:
            return Change(self.stage, beside=NEXT_STAGE.get(self.stage))
        return Change(self.stage, MORE if self.kind is Supposition.MORE else FEWER)


@dataclass(frozen=True, slots=True)
class Answer:
    """`judged`: received in the period, with a promise, and ended. `cut`: there were more than MOST_CASES."""

    read: int
    judged: int
    cut: bool
    recount: Recount | None = None
    outcomes: Mapping[Reading, Outcome] | None = None
    hours: Hours | None = None


def answer(question: Question, *, moved: Callable[[int], None] = lambda _: None) -> Answer:
    """Raises Refusal where nobody would be left in the stage, or no case was received and ended in the period."""
    known = calendar.current()
    read, cut = _read(question, moved)
    courses = {h.number: course for h in read if (course := course_of(h, known)) is not None}
    judged = [
        courses[h.number]
        for h in read
        if h.number in courses and _is_judged(courses[h.number], local_date(h.received_at), question)
    ]
    if not judged:
        raise Refusal(RefusalCode.WHAT_IF_NO_CASES)
    if question.kind is Supposition.LIMIT:
        found = recount(judged, Limit(question.limit, Unit.WORKING_DAY), known)
        return Answer(len(read), len(judged), cut, recount=found)
    hours = hours_of(act.at for h in read for act in h.acts if act.kind in WORK and act.actor_id is not None)
    office = Office(hours, known)
    ends = {number: course.ended_at for number, course in courses.items()}
    outcomes = {
        reading: compare(paths(read, ends, office, reading), judged, question.change(), office) for reading in Reading
    }
    return Answer(len(read), len(judged), cut, outcomes=outcomes, hours=hours)


def _is_judged(course: Course, received_on: date, question: Question) -> bool:
    return course.late is not None and question.since <= received_on <= question.until


def _read(question: Question, moved: Callable[[int], None]) -> tuple[list[History], bool]:
    """All cases that were at somebody's desk in the period: those not asked about keep the officers busy as well."""
    rows = _overlapping(question).order_by("-received_at", "-pk").values_list("number", flat=True)
    numbers = list(rows[: MOST_CASES + 1])
    cut = len(numbers) > MOST_CASES
    numbers = numbers[:MOST_CASES]
    found: list[History] = []
    for first in range(0, len(numbers), CHUNK):
        part = histories(numbers[first : first + CHUNK])
        found += part.values()
        moved(len(part))
    return sorted(found, key=lambda history: (history.received_at, history.number)), cut


def _overlapping(question: Question) -> QuerySet[Case]:
    begins, ends = start_of(question.since), start_of(question.until + _DAY)
    rows = _scope(question.item_id, question.organ_ids).filter(received_at__lt=ends)
    return rows.filter(Q(finished_at__isnull=True) | Q(finished_at__gte=begins))


def _scope(item_id: int | None, organ_ids: frozenset[int] | None) -> QuerySet[Case]:
    rows = Case.objects.all()
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    return rows if organ_ids is None else rows.filter(organ_id__in=sorted(organ_ids))


def span(item_id: int | None, organ_ids: frozenset[int] | None) -> tuple[date, date] | None:
    """The days on which the first and the last case were received; None where there is none."""
    found = _scope(item_id, organ_ids).aggregate(first=Min("received_at"), last=Max("received_at"))
    return None if found["first"] is None else (local_date(found["first"]), local_date(found["last"]))
