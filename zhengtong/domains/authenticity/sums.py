"""Sums of a slice of the sealed journal, counted entry by entry and added to what was counted before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zhengtong.base.journal.models import Entry
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.domains.authenticity.models import ClerkDay, MonthFigures
from zhengtong.rules.authenticity.marks import OFFICER, STEPS
from zhengtong.rules.authenticity.months import gamed, month_of
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Pause, Unit, elapsed, local_date
from zhengtong.rules.history import History, LimitRecord
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind

# 退件 in the widest sense: nobody handles a hundred real cases without one
FLAWS = frozenset({Kind.CASE_SUPPLEMENT_REQUESTED.value, Kind.CASE_ACCEPTANCE_REFUSED.value, Kind.CASE_RETURNED.value})
OF_CLERKS = ("accepted", "taken_in")
COUNTED = ("received", "accepted", "finished", "in_time", "flawed", "promised", "gamed", "voided")


@dataclass
class Sums:
    months: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    digits: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    clerk_days: dict[tuple[int, int, date], dict[str, int]] = field(default_factory=dict)
    gamed: set[str] = field(default_factory=set)

    def add(self, organ_id: int, on: date, *names: str) -> None:
        row = self.months.setdefault((organ_id, month_of(on)), dict.fromkeys(COUNTED, 0))
        for name in names:
            row[name] += 1

    def add_to_clerk(self, entry: Entry, organ_id: int, on: date, name: str) -> None:
        if entry.actor_kind == OFFICER and entry.actor_id is not None:
            row = self.clerk_days.setdefault((entry.actor_id, organ_id, on), dict.fromkeys(OF_CLERKS, 0))
            row[name] += 1


def sums_of(
    entries: Sequence[SealedEntry], histories: Mapping[str, History], calendar: Calendar, limits: Thresholds
) -> Sums:
    """Imported cases are another house's work and stay out."""
    sums = Sums()
    minutes: set[tuple[str, int | None, int]] = set()
    for _, entry in entries:
        history = histories.get(entry.subject_key)
        if history is None or history.imported:
            continue
        on, organ = local_date(entry.at), history.organ_id
        if entry.kind == Kind.CASE_SUBMITTED.value:
            sums.add(organ, on, "received")
            sums.add_to_clerk(entry, organ, on, "taken_in")
        elif entry.kind == Kind.CASE_ACCEPTED.value and entry.actor_kind == OFFICER and entry.actor_id is not None:
            sums.add(organ, on, "accepted")
            sums.add_to_clerk(entry, organ, on, "accepted")
        elif entry.kind in FLAWS or (entry.kind == Kind.CASE_DECIDED.value and history.decision == "REFUSE"):
            sums.add(organ, on, "flawed")
        elif entry.kind == Kind.CASE_FINISHED.value:
            _finished(sums, history, on, calendar, limits)
        elif entry.kind == Kind.CASE_VOIDED.value:
            sums.add(organ, on, "voided")
        # Steps of one sitting share a minute: they are one moment, not three.
        minute = (entry.subject_key, entry.actor_id, int(entry.at.timestamp() // 60))
        if entry.kind in STEPS and entry.actor_kind == OFFICER and minute not in minutes:
            minutes.add(minute)
            sums.digits.setdefault((organ, month_of(on)), [0] * 10)[minute[2] % 10] += 1
    return sums


def _finished(sums: Sums, history: History, on: date, calendar: Calendar, limits: Thresholds) -> None:
    promise = history.limit(DeadlineKind.PROMISE)
    names = ["finished"]
    if promise is None or promise.outcome != "missed":
        names.append("in_time")
    if promise is not None and promise.unit == Unit.WORKING_DAY and promise.amount > 0:
        names.append("promised")
        if gamed(history, _used(promise, calendar), limits):
            names.append("gamed")
            sums.gamed.add(history.number)
    sums.add(history.organ_id, on, *names)


def _used(promise: LimitRecord, calendar: Calendar) -> int | None:
    if promise.closed_at is None:
        return None
    pauses = [
        Pause(date.fromisoformat(p["since"]), date.fromisoformat(p["until"]) if p["until"] else None, p["cause"])
        for p in promise.pauses
    ]
    return elapsed(promise.started_on, local_date(promise.closed_at), Unit(promise.unit), pauses, calendar)


def store(sums: Sums) -> None:
    """Adds a slice to the sums in four statements. The cursor is locked: nobody else adds to them meanwhile."""
    _store_months(sums)
    _store_clerk_days(sums)


def _store_months(sums: Sums) -> None:
    keys = sums.months.keys() | sums.digits.keys()
    known = MonthFigures.objects.filter(month__in={month for _, month in keys})
    rows = {(row.organ_id, row.month): row for row in known}
    touched = []
    for organ, month in sorted(keys):
        row = rows.get((organ, month)) or MonthFigures(organ_id=organ, month=month)
        for name, count in sums.months.get((organ, month), {}).items():
            setattr(row, name, getattr(row, name) + count)
        digits = sums.digits.get((organ, month))
        if digits:
            row.digits = [a + b for a, b in zip(row.digits or [0] * 10, digits, strict=True)]
        row.pk = None  # the unique key finds the stored one
        touched.append(row)
    if touched:
        MonthFigures.objects.bulk_create(
            touched, update_conflicts=True, unique_fields=["month", "organ"], update_fields=[*COUNTED, "digits"]
        )


def _store_clerk_days(sums: Sums) -> None:
    if not sums.clerk_days:
        return
    known = ClerkDay.objects.filter(
        on__in={on for _, _, on in sums.clerk_days}, officer__in={officer for officer, _, _ in sums.clerk_days}
    )
    rows = {(row.officer_id, row.organ_id, row.on): row for row in known}
    touched = []
    for key, counts in sorted(sums.clerk_days.items(), key=lambda one: one[0]):
        row = rows.get(key) or ClerkDay(officer_id=key[0], organ_id=key[1], on=key[2])
        for name, count in counts.items():
            setattr(row, name, getattr(row, name) + count)
        row.pk = None  # the unique key finds the stored one
        touched.append(row)
    ClerkDay.objects.bulk_create(
        touched, update_conflicts=True, unique_fields=["on", "officer", "organ"], update_fields=list(OF_CLERKS)
    )
