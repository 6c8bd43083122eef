"""How far a forecast can be trusted: it is made again for days long past from what was known then, and held to the end.

Rolling origins: at each day T the model is fitted on acts and ends before T only, every case open at T is forecast, and
what then happened is looked up. Knows no case that is still undecided: whether one belongs in is settled by its due
date as it was known at T, never by its end, or the quick ones would be counted more often than the slow ones.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import end_of, local_date, start_of
from zhengtong.rules.forecast_course import Course, OpenCase, budget, open_case
from zhengtong.rules.forecast_model import Model, Outlook, Run, fit, log_odds, outlook, recalibrated

ORIGINS = 12
LEAST_ENDED = 30  # limits run out before the first origin
INTERVAL = 0.8  # between the 10 and 90 of 100
HELD = 50.0  # cases' worth of trust in the raw chance when it is recalibrated
LEAST_TOLD = 100  # outcomes before a recalibration is tried
_NEWTON = 25
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Tested:
    """One forecast and what became of it. `covered` is None where the interval had not yet run out."""

    at: datetime
    number: str
    item_id: int
    organ_id: int
    raw: float
    chance: float
    late: bool
    covered: bool | None
    known: float  # the share of late cases among those ended before T: what one would say without a model


@dataclass(frozen=True, slots=True)
class Left:
    """What was open at the origins and not judged, and why."""

    late_already: int = 0  # past its limit at T: nothing left to foretell
    paused: int = 0  # the clock stood still, so no due date was known
    undecided: int = 0  # due after the last day looked at
    void: int = 0  # withdrawn, voided or lapsed afterwards: out of every rate (§2.6)


@dataclass(frozen=True, slots=True)
class Rolled:
    """All judged forecasts; `slope` and `shift` are the recalibration that all their outcomes speak for."""

    tested: tuple[Tested, ...]
    left: Left
    slope: float
    shift: float


@dataclass(frozen=True, slots=True)
class Band:
    """Forecasts from `low` up to `high`: how many, their mean, the share that was late and its 95 % range by chance."""

    low: float
    high: float
    count: int
    forecast: float
    late: int
    least: float
    most: float

    @property
    def observed(self) -> float:
        return self.late / self.count


@dataclass(frozen=True, slots=True)
class Measure:
    """`brier_base`: of always saying the share that came out, which nobody could know; `brier_known`: of the share
    known at T. `skill` is the part of `brier_base` that the forecast takes away."""

    forecasts: int
    cases: int
    origins: int
    late: int
    mean: float
    brier: float
    brier_raw: float
    brier_base: float
    brier_known: float
    log_loss: float
    log_loss_base: float
    covered: int
    intervals: int
    bands: tuple[Band, ...]
    around_fifth: Band | None  # of those given a chance of 15 to 25 %: the house's bar says about 20 % were late

    @property
    def observed(self) -> float:
        return self.late / self.forecasts

    @property
    def skill(self) -> float | None:
        return 1 - self.brier / self.brier_base if self.brier_base else None


def run_of(course: Course, at: datetime, calendar: Calendar) -> Run | None:
    """A case as far as it was known at `at`; None when it had not begun."""
    if course.began_at >= at:
        return None
    ended = course.ended_at is not None and course.ended_at < at and course.end_day is not None
    if ended and course.end_day is not None:
        last = course.end_day
    else:
        found = open_case(course, min(at, course.watched_until or at), calendar)
        last = (found.next_day if found else 0) - 1
    if last < 0:
        return None
    places = tuple((place.day, place.stage, place.hand) for place in course.places if place.at < at)
    # A void end is no end of handling: the case merely stops being looked at.
    return Run(course.item_id, course.organ_id, budget(course, at, calendar), last, ended and not course.void, places)


def fit_at(courses: Sequence[Course], at: datetime, calendar: Calendar) -> Model:
    """The model of what was known at `at`."""
    return fit(run for course in courses if (run := run_of(course, at, calendar)) is not None)


def origins(courses: Sequence[Course], until: datetime, count: int = ORIGINS) -> list[datetime]:
    """Midnights, each with as many new cases since the last: a year without any gets none.

    The first is when the limits of enough cases had run out: before it nobody could have known how cases end near
    theirs. The last is when the newest decided case began: after it most open cases are still undecided.
    """
    decided = [c for c in courses if c.due_at is not None and c.due_at < _horizon(c, until) and not c.void]
    if len(decided) < LEAST_ENDED:
        return []
    first = sorted(c.due_at for c in decided if c.due_at is not None)[LEAST_ENDED - 1]
    begun = sorted(c.began_at for c in decided if c.began_at > first)
    if not begun:
        return []
    places = {len(begun) * number // count for number in range(count)} | {len(begun) - 1}
    return sorted({start_of(local_date(begun[place]) + timedelta(days=1)) for place in places})[:count]


def _horizon(course: Course, until: datetime) -> datetime:
    return until if course.watched_until is None else min(until, course.watched_until)


def rolling(
    courses: Sequence[Course],
    at_each: Sequence[datetime],
    until: datetime,
    calendar: Calendar,
    *,
    wanted: Callable[[Course], bool] = lambda _: True,
    moved: Callable[[int], None] = lambda _: None,
) -> Rolled:
    """Every judged forecast. `wanted` narrows what is forecast, never what is learnt from."""
    found: list[Tested] = []
    told: list[tuple[datetime, float, bool]] = []  # (when the outcome was known, raw chance, late)
    left = [0, 0, 0, 0]
    for at in sorted(at_each):
        model = fit_at(courses, at, calendar)
        known = model.house.late / model.house.base if model.house.base else 0.0
        slope, shift = recalibration([(raw, late) for when, raw, late in told if when < at])
        for course in courses:
            case = open_case(course, at, calendar)
            if case is None:
                continue
            seen = wanted(course)
            reason = _not_judged(course, case.due_at, at, _horizon(course, until))
            if reason is not None:
                left[reason] += seen
                continue
            out = outlook(model, case)
            late = course.ended_at is None or course.due_at is None or course.ended_at > course.due_at
            told.append((course.due_at or until, out.late, late))
            if seen:
                found.append(
                    Tested(
                        at=at,
                        number=course.number,
                        item_id=course.item_id,
                        organ_id=course.organ_id,
                        raw=out.late,
                        chance=recalibrated(out.late, slope, shift),
                        late=late,
                        covered=_covered(course, case, out, _horizon(course, until), calendar),
                        known=known,
                    )
                )
        moved(1)
    slope, shift = recalibration([(raw, late) for _, raw, late in told])
    return Rolled(tuple(found), Left(*left), slope, shift)


def _not_judged(course: Course, due_at: datetime | None, at: datetime, until: datetime) -> int | None:
    """The place in Left, or None when the case can be judged."""
    if due_at is None:
        return 1
    if due_at <= at:
        return 0
    # Decided by what was known at T; a due date moved beyond the end afterwards is the one exception.
    if due_at >= until or (course.ended_at is None and (course.due_at is None or course.due_at >= until)):
        return 2
    return 3 if course.void else None


def _covered(course: Course, case: OpenCase, out: Outlook, until: datetime, calendar: Calendar) -> bool | None:
    """Whether the end lay in the interval; None while the interval's last day, as foreseen at T, is yet to come."""
    first, last = out.finish[0], out.finish[-1]
    if first is None or last is None:
        return None
    on = case.date_of(last, calendar)
    if on is None or end_of(on) >= until:
        return None
    return course.end_day is not None and first <= course.end_day <= last


def recalibration(told: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """(slope, shift) on the scale of log odds, learnt on the older half and kept only if it helps on the newer
    one by more than chance would: history drifts, and a correction for yesterday's drift is often wrong tomorrow."""
    if len(told) < LEAST_TOLD:
        return 1.0, 0.0
    half = len(told) // 2
    slope, shift = _platt(told[:half])
    newer = told[half:]
    gains = [log_loss([(raw, late)]) - log_loss([(recalibrated(raw, slope, shift), late)]) for raw, late in newer]
    mean = sum(gains) / len(gains)
    noise = math.sqrt(sum((gain - mean) ** 2 for gain in gains)) / len(gains)
    return _platt(told) if mean > _Z * noise else (1.0, 0.0)


def _platt(told: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Logistic regression of lateness on the log odds, held to (1, 0) by HELD cases' worth of weight; Newton's way."""
    slope, shift = 1.0, 0.0
    rows = [(log_odds(raw), late) for raw, late in told]
    for _ in range(_NEWTON):
        g1, g0 = HELD * (slope - 1.0), HELD * shift * 0.25
        h11, h00, h10 = HELD, HELD * 0.25, 0.0
        for x, late in rows:
            chance = 1.0 / (1.0 + math.exp(-(slope * x + shift)))
            miss, weight = chance - late, chance * (1.0 - chance)
            g1, g0 = g1 + miss * x, g0 + miss
            h11, h00, h10 = h11 + weight * x * x, h00 + weight, h10 + weight * x
        det = h11 * h00 - h10 * h10
        slope -= (h00 * g1 - h10 * g0) / det
        shift -= (h11 * g0 - h10 * g1) / det
    return (slope, shift) if slope > 0 else (1.0, 0.0)


# --- the measures ---


def measure(tested: Sequence[Tested]) -> Measure | None:
    if not tested:
        return None
    count = len(tested)
    late = sum(one.late for one in tested)
    share = late / count
    pairs = [(one.chance, one.late) for one in tested]
    covered = [one.covered for one in tested if one.covered is not None]
    return Measure(
        forecasts=count,
        cases=len({one.number for one in tested}),
        origins=len({one.at for one in tested}),
        late=late,
        mean=sum(one.chance for one in tested) / count,
        brier=brier(pairs),
        brier_raw=brier([(one.raw, one.late) for one in tested]),
        brier_base=share * (1 - share),
        brier_known=brier([(one.known, one.late) for one in tested]),
        log_loss=log_loss(pairs),
        log_loss_base=log_loss([(share, one.late) for one in tested]),
        covered=sum(covered),
        intervals=len(covered),
        bands=reliability(pairs),
        around_fifth=_band(0.15, 0.25, [pair for pair in pairs if 0.15 <= pair[0] < 0.25]),
    )


def brier(pairs: Sequence[tuple[float, bool]]) -> float:
    return sum((chance - late) ** 2 for chance, late in pairs) / len(pairs)


def log_loss(pairs: Sequence[tuple[float, bool]]) -> float:
    held = ((min(max(chance, 1e-6), 1 - 1e-6), late) for chance, late in pairs)
    return -sum(math.log(chance if late else 1 - chance) for chance, late in held) / len(pairs)


def reliability(pairs: Sequence[tuple[float, bool]], bands: int = 10) -> tuple[Band, ...]:
    """By tenths of the chance; empty tenths are left out."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(bands)]
    for chance, late in pairs:
        inside[min(int(chance * bands), bands - 1)].append((chance, late))
    found = (_band(place / bands, (place + 1) / bands, own) for place, own in enumerate(inside))
    return tuple(band for band in found if band is not None)


def _band(low: float, high: float, own: Sequence[tuple[float, bool]]) -> Band | None:
    if not own:
        return None
    late = sum(one for _, one in own)
    least, most = wilson(late, len(own))
    return Band(low, high, len(own), sum(chance for chance, _ in own) / len(own), late, least, most)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The range of shares that `hits` of `count` is still likely under (Wilson, 95 %)."""
    share, z2 = hits / count, _Z * _Z
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    wide = _Z / (1 + z2 / count) * math.sqrt(share * (1 - share) / count + z2 / (4 * count * count))
    return max(middle - wide, 0.0), min(middle + wide, 1.0)
