"""When an open case will probably end, learnt from how long like cases took: a hazard for each share of the limit used.

For every working day that cases were open the fit counts how many ended on it, by the share of the limit used up.
An item's own rates lean on its organ's, and those on the whole house's, the more the fewer its cases (partial pooling).
Where a case lies and in whose hands speeds or slows all of its remaining days by one factor each, learnt the same way.
A case still open counts with the days it has been open and no more (right-censoring). Refuses to know any date.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengtong.rules.forecast_course import OpenCase

# Chosen by the rolling check on real history (docs/forecast.md); none of them is law.
STEPS = 20  # bins up to the limit
BEYOND = 8  # quarters of the limit after it; the last one has no end
BINS = STEPS + BEYOND + 1
BANDS = 4  # quarters of the limit, for the factors
LANDMARKS = 8  # moments of a case's life at which its further course is looked at
REFERENCE = 20  # working days; the exposure of a day is (REFERENCE / budget) ** LENGTH
LENGTH = 0.75  # 0: a day is a day whatever the limit; 1: cases fill their limit
DAY_WEIGHT = 20.0  # days of the wider circle mixed into a bin
CASE_WEIGHT = 10.0  # cases of the wider circle mixed into a factor
HAND_WEIGHT = 20.0
MOST_OF_ONE = 200  # cases: an item with more speaks in its wider circle as if it had so many
LEAST_OWN = 10  # ended cases from which an item or an organ has rates of its own
LEAST_SHOWN = 30  # ended cases below which no "likely finish" is shown
MOST_DAYS = 1_000  # as far as a forecast looks
QUANTILES = (0.1, 0.5, 0.9)

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A case as far as it was known when the model was fitted: open on days 0…`last`, ended on `last` or not."""

    item_id: int
    organ_id: int
    budget: int
    last: int
    ended: bool
    places: tuple[tuple[int, int, int | None], ...]  # (day, stage, hand), rising

    def place_before(self, day: int) -> tuple[int, int | None]:
        found: tuple[int, int | None] = (-1, None)
        for begun, stage, hand in self.places:
            if begun >= day:
                break
            found = (stage, hand)
        return found


@dataclass(frozen=True, slots=True)
class Level:
    """Rates of one circle of cases. `base`: its ended cases; `stages`: factor by (stage, band)."""

    base: int
    late: int
    rates: tuple[float, ...]
    stages: Mapping[Key, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    house: Level
    organs: Mapping[int, Level] = field(default_factory=dict)
    items: Mapping[int, Level] = field(default_factory=dict)
    hands: Mapping[int, float] = field(default_factory=dict)
    slope: float = 1.0  # recalibration of the chance of lateness, on the scale of log odds
    shift: float = 0.0

    def level(self, item_id: int, organ_id: int) -> Level:
        return self.items.get(item_id) or self.organs.get(organ_id) or self.house


@dataclass(frozen=True, slots=True)
class Outlook:
    """`finish`: days of the promise by which 10, 50 and 90 of 100 such cases end; None further than one can look.

    `circle`: item, organ or house, the narrowest with LEAST_SHOWN ended cases; `base`: how many it has.
    """

    late: float
    finish: tuple[int | None, ...]
    circle: str
    base: int


def bin_of(day: int, budget: int) -> int:
    if day <= budget:
        return min(int(max(day - 0.5, 0.0) / budget * STEPS), STEPS - 1)
    return min(STEPS + int((day - 0.5 - budget) / budget * 4), BINS - 1)


def band_of(day: int, budget: int) -> int:
    return min(day * BANDS // (budget + 1), BANDS - 1)


def weight_of(budget: int) -> float:
    return float((REFERENCE / budget) ** LENGTH)


class _Counts:
    """Days and ends by bin; a day of a short limit is a longer step through it."""

    __slots__ = ("base", "days", "ends", "late", "weight")

    def __init__(self) -> None:
        self.days = [0.0] * BINS
        self.ends = [0.0] * BINS
        self.weight = [0.0] * BINS
        self.base = self.late = 0

    def add(self, run: Run, bins: Sequence[int], weight: float, share: float) -> None:
        days, weights = self.days, self.weight
        for place in bins:
            days[place] += share
            weights[place] += weight * share
        if run.ended:
            self.ends[bins[-1]] += share
            self.base += 1
            self.late += run.last > run.budget

    def rates(self, wider: Sequence[float]) -> tuple[float, ...]:
        """Own rates, mixed with the wider circle's as it would end its cases at the speed of this one."""
        expected = sum(
            days * _chance(rate * weight / days)
            for rate, weight, days in zip(wider, self.weight, self.days, strict=True)
            if days
        )
        speed = (sum(self.ends) + CASE_WEIGHT) / (expected + CASE_WEIGHT)
        found = []
        for place, rate in enumerate(wider):
            days = self.days[place]
            if not days:
                found.append(rate * speed)
                continue
            step = self.weight[place] / days
            before = _chance(rate * speed * step)
            chance = (self.ends[place] + DAY_WEIGHT * before) / (days + DAY_WEIGHT)
            found.append(-math.log(1.0 - min(chance, 0.999)) / step)
        return tuple(found)


def fit(runs: Iterable[Run]) -> Model:
    """The model of all that was known. An empty history gives a model that knows nothing (base 0)."""
    known = list(runs)
    bins = [[bin_of(day, run.budget) for day in range(run.last + 1)] for run in known]
    house, organs, items = _Counts(), defaultdict[int, _Counts](_Counts), defaultdict[int, _Counts](_Counts)
    cases = Counter(run.item_id for run in known)
    for run, own in zip(known, bins, strict=True):
        weight, share = weight_of(run.budget), min(1.0, MOST_OF_ONE / cases[run.item_id])
        house.add(run, own, weight, share)
        organs[run.organ_id].add(run, own, weight, share)
        items[run.item_id].add(run, own, weight, 1.0)
    wide = house.rates([_mean_rate(house)] * BINS)
    organ_of = {run.item_id: run.organ_id for run in known}
    organ_rates = {key: one.rates(wide) for key, one in organs.items() if one.base >= LEAST_OWN}
    item_rates = {
        key: one.rates(organ_rates.get(organ_of[key], wide)) for key, one in items.items() if one.base >= LEAST_OWN
    }
    looks = [
        look
        for run in known
        for look in _looks(run, item_rates.get(run.item_id) or organ_rates.get(run.organ_id) or wide)
    ]
    stages = _stage_factors(looks, {})
    by_item = defaultdict[int, list[_Look]](list)
    for look in looks:
        if look.run.item_id in item_rates:
            by_item[look.run.item_id].append(look)
    item_stages = {key: _stage_factors(own, stages) for key, own in by_item.items()}
    return Model(
        house=Level(house.base, house.late, wide, stages),
        organs={key: Level(organs[key].base, organs[key].late, rates) for key, rates in organ_rates.items()},
        items={
            key: Level(items[key].base, items[key].late, rates, item_stages.get(key, {}))
            for key, rates in item_rates.items()
        },
        hands=_hand_factors(looks, stages, item_stages),
    )


def _chance(hazard: float) -> float:
    """Of ending on a day. Ends are counted in days, so what is expected must be too, or quick offices look slow."""
    return 1.0 - math.exp(-hazard)


def _mean_rate(counts: _Counts) -> float:
    return (sum(counts.ends) + 1.0) / (sum(counts.weight) + 20.0)


@dataclass(frozen=True, slots=True)
class _Look:
    """A case at one landmark: did it end in time from there on, and how many such ends its rates foresaw."""

    run: Run
    stage: int
    hand: int | None
    band: int
    ended: bool
    expected: float


def _looks(run: Run, rates: Sequence[float]) -> list[_Look]:
    top = min(run.last, run.budget)
    weight = weight_of(run.budget)
    before = [0.0]
    for day in range(top + 1):
        before.append(before[-1] + _chance(weight * rates[bin_of(day, run.budget)]))
    ended = run.ended and run.last <= run.budget
    found = []
    for day in sorted({-(-number * run.budget // LANDMARKS) for number in range(LANDMARKS)}):
        if day > top:
            break
        stage, hand = run.place_before(day)
        found.append(_Look(run, stage, hand, band_of(day, run.budget), ended, before[top + 1] - before[day]))
    return found


def _stage_factors(looks: Sequence[_Look], wider: Mapping[Key, float]) -> dict[Key, float]:
    """By (stage, band) and, as (stage, -1), by stage whatever the band. A case counts as one, however often seen."""
    ended, expected = defaultdict[Key, float](float), defaultdict[Key, float](float)
    for look in looks:
        for key, share in (((look.stage, -1), 1 / LANDMARKS), ((look.stage, look.band), BANDS / LANDMARKS)):
            ended[key] += look.ended * share
            expected[key] += look.expected * share
    factors: dict[Key, float] = {}
    for key in sorted(ended):  # the band -1 of a stage comes before its bands
        stage, band = key
        prior = wider.get(key, wider.get((stage, -1), 1.0 if band < 0 else factors[stage, -1]))
        factors[key] = (ended[key] + CASE_WEIGHT * prior) / (expected[key] + CASE_WEIGHT)
    return factors


def _hand_factors(
    looks: Sequence[_Look], stages: Mapping[Key, float], item_stages: Mapping[int, Mapping[Key, float]]
) -> dict[int, float]:
    ended, expected = defaultdict[int, float](float), defaultdict[int, float](float)
    for look in looks:
        if look.hand is not None:
            factors = item_stages.get(look.run.item_id, stages)
            ended[look.hand] += look.ended / LANDMARKS
            expected[look.hand] += look.expected * _factor(factors, look.stage, look.band) / LANDMARKS
    return {key: (ended[key] + HAND_WEIGHT) / (expected[key] + HAND_WEIGHT) for key in sorted(ended)}


def _factor(factors: Mapping[Key, float], stage: int, band: int) -> float:
    return factors.get((stage, band), factors.get((stage, -1), 1.0))


# --- asking the model ---


def chance_of_lateness(model: Model, case: OpenCase) -> float:
    """Never falls as a case grows older in the same place: at each age it is at least what it was before."""
    if case.over:
        return 1.0
    raw = max(_survival(model, case, day) for day in _moments(case))
    return recalibrated(raw, model.slope, model.shift)


def outlook(model: Model, case: OpenCase) -> Outlook:
    level = model.level(case.item_id, case.organ_id)
    speed = _speed(model, case, case.next_day)
    weight = weight_of(case.budget)
    gone, wanted = 0.0, [-math.log(1.0 - share) for share in QUANTILES]
    finish: list[int | None] = []
    for day in range(case.next_day, case.next_day + MOST_DAYS):
        gone += speed * weight * level.rates[bin_of(day, case.budget)]
        while len(finish) < len(wanted) and gone >= wanted[len(finish)]:
            finish.append(day)
        if len(finish) == len(wanted):
            break
    finish += [None] * (len(wanted) - len(finish))
    circle, base = _circle(model, case)
    return Outlook(chance_of_lateness(model, case), tuple(finish), circle, base)


def _circle(model: Model, case: OpenCase) -> tuple[str, int]:
    for name, level in (("item", model.items.get(case.item_id)), ("organ", model.organs.get(case.organ_id))):
        if level is not None and level.base >= LEAST_SHOWN:
            return name, level.base
    return "house", model.house.base


def recalibrated(chance: float, slope: float, shift: float) -> float:
    if slope == 1.0 and shift == 0.0:
        return chance
    return 1.0 / (1.0 + math.exp(-(slope * log_odds(chance) + shift)))


def log_odds(chance: float) -> float:
    held = min(max(chance, 1e-4), 1.0 - 1e-4)
    return math.log(held / (1.0 - held))


def _moments(case: OpenCase) -> list[int]:
    """Today, and the last day of each quarter of the limit left behind."""
    lasts = [((band + 1) * (case.budget + 1) - 1) // BANDS for band in range(BANDS)]
    return [*(day for day in lasts if day < case.next_day), case.next_day]


def _speed(model: Model, case: OpenCase, day: int) -> float:
    level = model.level(case.item_id, case.organ_id)
    factor = _factor(level.stages or model.house.stages, case.stage, band_of(day, case.budget))
    return factor * (1.0 if case.hand is None else model.hands.get(case.hand, 1.0))


def _survival(model: Model, case: OpenCase, day: int) -> float:
    rates = model.level(case.item_id, case.organ_id).rates
    ahead = sum(rates[bin_of(one, case.budget)] for one in range(day, case.budget + 1))
    return math.exp(-_speed(model, case, day) * weight_of(case.budget) * ahead)


# --- as stored ---


def level_to_json(level: Level) -> dict[str, Any]:
    return {
        "base": level.base,
        "late": level.late,
        "rates": [round(rate, 6) for rate in level.rates],
        "stages": [[stage, band, round(value, 5)] for (stage, band), value in sorted(level.stages.items())],
    }


def level_from_json(told: Mapping[str, Any]) -> Level:
    return Level(
        told["base"],
        told["late"],
        tuple(told["rates"]),
        {(stage, band): value for stage, band, value in told["stages"]},
    )
