"""Sums of a slice of the sealed journal, counted entry by entry and added to what was counted before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F

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
COUNTED = ("received", "accepted", "finished", "in_time", "flawed", "promised", "gamed", "voided")


@dataclass
class Sums:
    months: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    digits: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    clerk_days: dict[tuple[int, int, date], int] = field(default_factory=dict)
    gamed: set[str] = field(default_factory=set)

    def add(self, organ_id: int, on: date, *names: str) -> None:
        row = self.months.setdefault((organ_id, month_of(on)), dict.fromkeys(COUNTED, 0))
        for name in names:
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
        elif entry.kind == Kind.CASE_ACCEPTED.value and entry.actor_kind == OFFICER and entry.actor_id is not None:
            sums.add(organ, on, "accepted")
            key = (entry.actor_id, organ, on)
            sums.clerk_days[key] = sums.clerk_days.get(key, 0) + 1
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
    """Adds a slice to the sums; in the transaction that moves the cursor, so that nothing is counted twice."""
    for (organ, month), counts in sums.months.items():
        _add_month(organ, month, counts, sums.digits.pop((organ, month), None))
    for (organ, month), digits in sums.digits.items():
        _add_month(organ, month, {}, digits)
    for (officer, organ, on), accepted in sums.clerk_days.items():
        row, _ = ClerkDay.objects.get_or_create(officer_id=officer, organ_id=organ, on=on)
        ClerkDay.objects.filter(pk=row.pk).update(accepted=F("accepted") + accepted)


def _add_month(organ: int, month: str, counts: Mapping[str, int], digits: Sequence[int] | None) -> None:
    row, _ = MonthFigures.objects.get_or_create(organ_id=organ, month=month)
    changes: dict[str, object] = {name: F(name) + count for name, count in counts.items() if count}
    if digits:
        # The consumer's cursor is locked: nobody else adds to these meanwhile.
        changes["digits"] = [a + b for a, b in zip(row.digits or [0] * 10, digits, strict=True)]
    if changes:
        MonthFigures.objects.filter(pk=row.pk).update(**changes)
