"""What an organ's imported cases say of it: how many, who, which acts, how long, and in time by the log's own deadlines.

Counted anew from cases, deadlines and journal each time it is asked; nothing is stored.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, quantiles

from django.db.models import QuerySet

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.domains.cases.models import Case
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import STAGES

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class ActivityCount:
    stage: str
    activity: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Durations:
    """Of `count` cases; p90 by linear interpolation between the two nearest, as spreadsheets do."""

    count: int
    mean: timedelta
    median: timedelta
    p90: timedelta


@dataclass(frozen=True, slots=True)
class LogReport:
    """`within` and `after` are over finished cases with a deadline: the end against the log's own deadline."""

    cases: int
    acts: int
    people: int
    activities: Sequence[ActivityCount]
    finished: int
    within: int
    after: int
    open: int
    start_to_end: Durations | None
    first_to_last_act: Durations | None


def log_report(organ_id: int, *, item_id: int | None = None) -> LogReport:
    """The figures of the imported cases of an organ, or of one of its items."""
    cases = _imported(organ_id, item_id)
    acts = _Acts()
    for entry in _act_entries(cases):
        acts.add(*entry)
    ends = {number: at for number, at in cases.values_list("number", "finished_at") if at is not None}
    due = _due(cases)
    late = {number for number, end in ends.items() if number in due and due[number] < end}
    timed = due.keys() & ends.keys()
    spans = cases.filter(finished_at__isnull=False).values_list("received_at", "finished_at")
    return LogReport(
        cases=cases.count(),
        acts=acts.count,
        people=len(acts.people),
        activities=acts.by_activity(),
        finished=len(ends),
        within=len(timed - late),
        after=len(late),
        open=cases.filter(finished_at__isnull=True).count(),
        start_to_end=durations([end - start for start, end in spans if end is not None]),
        first_to_last_act=durations([last - first for first, last in acts.spans.values()]),
    )


def open_at(organ_id: int, at: datetime, *, item_id: int | None = None) -> tuple[int, int]:
    """How many imported cases were open at an instant, and how many of those were over their own deadline."""
    rows = _imported(organ_id, item_id).filter(received_at__lt=at)
    numbers = [number for number, end in rows.values_list("number", "finished_at") if end is None or end >= at]
    due = _due(rows)
    return len(numbers), sum(1 for number in numbers if number in due and due[number] < at)


def durations(spans: Sequence[timedelta]) -> Durations | None:
    if not spans:
        return None
    seconds = sorted(span.total_seconds() for span in spans)
    cuts = quantiles(seconds, n=10, method="inclusive") if len(seconds) > 1 else seconds * 9
    middle = len(seconds) // 2
    median = seconds[middle] if len(seconds) % 2 else (seconds[middle - 1] + seconds[middle]) / 2
    return Durations(
        len(seconds), timedelta(seconds=fmean(seconds)), timedelta(seconds=median), timedelta(seconds=cuts[8])
    )


def _imported(organ_id: int, item_id: int | None) -> QuerySet[Case]:
    rows = Case.objects.filter(organ_id=organ_id, imported=True)
    return rows if item_id is None else rows.filter(item_id=item_id)


def _due(cases: QuerySet[Case]) -> dict[str, datetime]:
    rows = Deadline.objects.filter(
        subject_kind="case", subject_key__in=cases.values("number"), kind=DeadlineKind.PROMISE.value
    )
    return {number: due for number, due in rows.values_list("subject_key", "due_at") if due is not None}


def _act_entries(cases: QuerySet[Case]) -> Iterator[tuple[str, int | None, datetime, str]]:
    return (
        Entry.objects.filter(
            subject_kind="case", subject_key__in=cases.values("number"), kind=Kind.CASE_ACT_RECORDED.value
        )
        .order_by()
        .values_list("subject_key", "actor_id", "at", "facts")
        .iterator(chunk_size=_CHUNK)
    )


class _Acts:
    def __init__(self) -> None:
        self.count = 0
        self.people: set[int | None] = set()
        self.spans: dict[str, tuple[datetime, datetime]] = {}
        self._activities: Counter[tuple[str, str, str]] = Counter()

    def add(self, number: str, person: int | None, at: datetime, facts: str) -> None:
        told = json.loads(facts)
        self.count += 1
        self.people.add(person)
        first, last = self.spans.get(number, (at, at))
        self.spans[number] = (min(first, at), max(last, at))
        self._activities[told["stage"], told["activity"], told.get("label", "")] += 1

    def by_activity(self) -> list[ActivityCount]:
        """In the order of the five stages, then by name."""
        order = {stage.value: place for place, stage in enumerate(STAGES)}
        found = sorted(self._activities.items(), key=lambda item: (order[item[0][0]], item[0][1]))
        return [ActivityCount(*key, count) for key, count in found]
