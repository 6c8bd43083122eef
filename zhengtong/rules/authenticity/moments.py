"""Knows when records are not made: after hours with nobody there (D-03), and before what stands in front of them (D-05)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from zhengtong.rules.authenticity.marks import OFFICER, STEPS
from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.history import Act, History
from zhengtong.rules.period import SHANGHAI, local_date


@dataclass(frozen=True, slots=True)
class Extended:
    """延时服务 as registered: an organ (None: the whole hall) was open on a day between two minutes of it.

    What was entered before `registered_at` stays after hours: a registration made afterwards covers nothing.
    """

    organ_id: int | None
    on: date
    opens_minute: int
    closes_minute: int
    registered_at: datetime
    withdrawn_from: datetime | None = None  # from this moment on it was not held after all


def after_hours(
    history: History, calendar: Calendar, extended: Sequence[Extended], limits: Thresholds
) -> Iterable[Suspicion]:
    """D-03: steps taken when the house is shut and no extended service is registered (§5.4), by officer and day."""
    by_day: dict[tuple[int, date], list[Act]] = {}
    for act in history.acts:
        if act.actor_kind != OFFICER or act.actor_id is None or act.kind not in STEPS:
            continue
        if not _open(act.at, history.organ_id, calendar, extended, limits):
            by_day.setdefault((act.actor_id, local_date(act.at)), []).append(act)
    for (officer, on), acts in by_day.items():
        yield Suspicion(
            "D-03", Scope.OFFICER, str(officer), tuple(_late(history, act, calendar) for act in acts),
            period=on.isoformat(), organ_id=history.organ_id, section_id=history.section_id, officer_id=officer,
        )  # fmt: skip


def _open(at: datetime, organ_id: int, calendar: Calendar, extended: Sequence[Extended], limits: Thresholds) -> bool:
    here = at.astimezone(SHANGHAI)
    minute = here.hour * 60 + here.minute
    if calendar.is_workday(here.date()) and limits.opens_minute <= minute < limits.closes_minute:
        return True
    return any(
        one.on == here.date()
        and one.organ_id in (None, organ_id)
        and one.opens_minute <= minute < one.closes_minute
        and one.registered_at <= at
        and (one.withdrawn_from is None or at < one.withdrawn_from)
        for one in extended
    )


def _late(history: History, act: Act, calendar: Calendar) -> Shown:
    rest = not calendar.is_workday(local_date(act.at))
    return Shown("rest_day" if rest else "after_hours", history.number, act.seq, act.at, act.actor_id)


# --- D-05 ---


def backdated(history: History, limits: Thresholds) -> Suspicion | None:
    """D-05: an act dated before the one that stands before it in the case's own chain (§5.4)."""
    own = [act for act in history.acts if act.actor_kind != "import"]
    skew = timedelta(seconds=limits.skew_seconds)
    shown = tuple(
        Shown(
            "before_previous", history.number, later.seq, later.at, _officer(later),
            {"minutes": int((earlier.at - later.at) / timedelta(minutes=1)), "previous": earlier.at.isoformat()},
        )
        for earlier, later in pairwise(own)
        if earlier.at - later.at > skew
    )  # fmt: skip
    return _backdated(history, shown) if shown else None


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry at its place in the sealed journal."""

    position: int
    case_no: str
    seq: int
    at: datetime
    officer_id: int | None


REACH = 50  # entries looked back on
SPARED = 5  # of them the latest ones are not believed: a clock once wrong must not accuse everybody after it


def out_of_order(before: Sequence[datetime], placed: Sequence[Placed], limits: Thresholds) -> list[tuple[Placed, int]]:
    """D-05 against the seal: entries dated well before those the journal had already sealed, with the minutes.

    `before` are the times of the entries in front of the slice; imported acts belong to neither. What is sealed
    out of order by a moment (transactions commit as they end) is no hit.
    """
    window = sorted(before[-REACH:])
    order = list(before[-REACH:])
    found = []
    for one in placed:
        if len(order) > SPARED:
            reference = window[-SPARED - 1]
            behind = int((reference - one.at) / timedelta(minutes=1))
            if behind > limits.order_minutes:
                found.append((one, behind))
        order.append(one.at)
        window = sorted(order[-REACH:])
    return found


def sealed_late(history: History, hits: Sequence[tuple[Placed, int]]) -> Suspicion:
    """The hits of one case as a suspicion."""
    shown = tuple(
        Shown(
            "behind_seal", one.case_no, one.seq, one.at, one.officer_id, {"minutes": minutes, "position": one.position}
        )
        for one, minutes in hits
    )
    return _backdated(history, shown)


def _backdated(history: History, shown: tuple[Shown, ...]) -> Suspicion:
    return Suspicion(
        "D-05", Scope.CASE, history.number, shown, organ_id=history.organ_id, section_id=history.section_id,
        item_id=history.item_id, officer_id=shown[0].officer_id,
    )  # fmt: skip


def _officer(act: Act) -> int | None:
    return act.actor_id if act.actor_kind == OFFICER else None
