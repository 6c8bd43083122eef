"""Process insight (流程优化): how the cases of an item, an organ and a period were really handled.

Read from journal, cases and deadlines each time anew and kept only in this process's memory, under the journal's last
position: nothing is stored that cannot be recomputed. Reading is bounded: the newest cases up to a number that is said.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, QuerySet

from zhengtong.base import calendar
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal.queries import size
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.process_map_log import HANDLING_KINDS, PERSONS, Entered, Trace, TraceLog, traced
from zhengtong.rules.process_map_times import WorkingTime, working_time

T = TypeVar("T")
CHUNK = 1_000
MOST = 20_000  # cases of one page: about two seconds the first time
MOST_OF_ALL = 200_000  # cases when somebody asks for all of them: half a minute, and some 50 MB while it is kept
KEPT = 6


@dataclass(frozen=True, slots=True)
class Scope:
    """Cases by item, organs and the days they were received; both days are inside. None: every."""

    item_id: int | None = None
    organ_ids: frozenset[int] | None = None
    since: date | None = None
    until: date | None = None

    def cases(self) -> QuerySet[Case]:
        rows = Case.objects.all()
        if self.item_id is not None:
            rows = rows.filter(item_id=self.item_id)
        if self.organ_ids is not None:
            rows = rows.filter(organ_id__in=sorted(self.organ_ids))
        if self.since is not None:
            rows = rows.filter(received_on__gte=self.since)
        if self.until is not None:
            rows = rows.filter(received_on__lte=self.until)
        return rows


class ToldCase(NamedTuple):
    """A case's trace and what it stands for; `row` holds the columns below, no personal data."""

    trace: Trace
    row: dict[str, Any]


_COLUMNS = (
    "id", "number", "item_id", "organ_id", "section_id", "case_kind", "channel", "imported", "state", "decision",
    "received_at", "finished_at", "application_id", "enterprise_id",
)  # fmt: skip


def told_cases(scope: Scope, *, most: int | None = None) -> Iterator[ToldCase]:
    """Oldest first, a chunk in memory at a time; of more than `most` the newest. Three queries a chunk."""
    rows = scope.cases()
    after = 0
    if most is not None and (first := rows.order_by("-pk").values_list("pk", flat=True)[most - 1 : most]):
        after = first[0] - 1
    while page := list(rows.filter(pk__gt=after).order_by("pk").values(*_COLUMNS)[:CHUNK]):
        after = page[-1]["id"]
        numbers = [row["number"] for row in page]
        entered, promises = _entered(numbers), _promises(numbers)
        for row in page:
            number = row["number"]
            acts = traced(entered.get(number, ()))
            due_at, kept_at = promises.get(number, (None, None))
            yield ToldCase(Trace(number, row["received_at"], row["finished_at"], due_at, acts, kept_at), row)


def _entered(numbers: list[str]) -> dict[str, list[Entered]]:
    rows = (
        Entry.objects.filter(subject_kind=Case.journal_kind, subject_key__in=numbers, kind__in=sorted(HANDLING_KINDS))
        .order_by("subject_key", "seq")
        .values_list("subject_key", "seq", "kind", "at", "actor_kind", "actor_id", "facts")
    )
    return {
        key: [
            Entered(seq, kind, at, actor if of in PERSONS else None, json.loads(facts), of == "import")
            for _, seq, kind, at, of, actor, facts in own
        ]
        for key, own in groupby(rows.iterator(chunk_size=5_000), key=lambda row: row[0])
    }


def _promises(numbers: list[str]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """(due, answered) of each case's last promise; one that became void binds nobody."""
    rows = (
        Deadline.objects.filter(
            subject_kind=Case.journal_kind, subject_key__in=numbers, kind=DeadlineKind.PROMISE.value
        )
        .exclude(outcome=Deadline.VOID)
        .order_by("pk")
    )
    return {number: (due, closed) for number, due, closed in rows.values_list("subject_key", "due_at", "closed_at")}


@dataclass(frozen=True)
class Read:
    """A log as it was read: `left_out` older cases of the scope are not in it. `parts` keeps what was made of it."""

    log: TraceLog
    left_out: int
    working: WorkingTime | None
    parts: dict[Any, Any]

    def part(self, make: Callable[..., T], *key: Any) -> T:
        """What `make` makes of the log and the key, made once."""
        if (make, key) not in self.parts:
            self.parts[make, key] = make(self, *key)
        found: T = self.parts[make, key]
        return found


_kept: OrderedDict[Any, Read] = OrderedDict()
_lock = Lock()


def read(scope: Scope, *, whole: bool = False) -> Read:
    """The log of a scope: kept, or read now. `whole`: up to MOST_OF_ALL cases instead of MOST."""
    most = MOST_OF_ALL if whole else MOST
    key = (scope, most, position())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _read(scope, most)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _read(scope: Scope, most: int) -> Read:
    log = TraceLog()
    count = scope.cases().count()
    for told in told_cases(scope, most=most if count > most else None):
        log.add(told.trace)
    return Read(log, count - len(log), working_time(log, calendar.current()), {})


def position() -> tuple[Any, ...]:
    """Moves with every entry: how many are sealed, and the last one written. A later commit of an earlier number is
    seen when it is sealed."""
    last = Entry.objects.order_by("-pk").values_list("pk", "hash").first()
    return (size(), *(last or (0, "")))


def forget() -> None:
    """Drops what is kept; for tests, whose databases roll back under one process."""
    with _lock:
        _kept.clear()


@dataclass(frozen=True, slots=True)
class Choice:
    """An item or an organ that has cases."""

    pk: int
    code: str
    name: str
    name_en: str
    cases: int


def items_with_cases(organ_ids: frozenset[int] | None) -> list[Choice]:
    """The most cases first."""
    counted = _counts(Scope(organ_ids=organ_ids).cases(), "item_id")
    rows = Item.objects.filter(pk__in=counted).only("pk", "item_code", "name", "name_en")
    return _chosen([(row.pk, row.item_code, row.name, row.name_en) for row in rows], counted)


def organs_with_cases(organ_ids: frozenset[int] | None) -> list[Choice]:
    counted = _counts(Scope(organ_ids=organ_ids).cases(), "organ_id")
    rows = Organ.objects.filter(pk__in=counted)
    return _chosen([(row.pk, row.code, row.name, row.name_en) for row in rows], counted)


def _counts(rows: QuerySet[Case], column: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(column).annotate(n=Count("pk")))


def _chosen(rows: list[tuple[int, str, str, str]], counted: dict[int, int]) -> list[Choice]:
    return sorted((Choice(*row, counted[row[0]]) for row in rows), key=lambda c: (-c.cases, c.code))


def officer_names(ids: set[int]) -> dict[int, str]:
    return dict(Officer.objects.filter(pk__in=ids).values_list("pk", "name"))


class Named(NamedTuple):
    pk: int
    code: str
    name: str
    name_en: str


def items_named() -> list[Named]:
    return [Named(*row) for row in Item.objects.values_list("pk", "item_code", "name", "name_en")]


def organs_named() -> list[Named]:
    return [Named(*row) for row in Organ.objects.values_list("pk", "code", "name", "name_en")]


def staff_numbers() -> dict[int, str]:
    return dict(Officer.objects.values_list("pk", "staff_no"))
