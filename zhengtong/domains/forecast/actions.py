"""Learns anew from the newest history and forecasts every open case. Repeating it changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.cases.histories import histories
from zhengtong.domains.forecast import queries
from zhengtong.domains.forecast.models import HOUSE, ITEM, ORGAN, CaseForecast, Fit
from zhengtong.domains.forecast.queries import Check
from zhengtong.rules.forecast_check import LEAST_ENDED, Measure, Tested, fit_at, measure
from zhengtong.rules.forecast_model import Level, Model, level_to_json
from zhengtong.rules.limits import DeadlineKind

OFTEN = timedelta(hours=12)  # several workers wake at night; one of them learns
_UPDATED = [
    "organ",
    "item",
    "late_per_mille",
    "over",
    "due_on",
    "first_on",
    "middle_on",
    "last_on",
    "circle",
    "base",
    "at",
]


def refit_nightly(*, at: datetime) -> int:
    """How many open cases were forecast; 0 when another worker has done it this night."""
    last = queries.fit_of(HOUSE)
    return 0 if last is not None and at - last.fitted_at < OFTEN else refit(at=at)


def refit(*, at: datetime, most: int = queries.MOST_COURSES, moved: Callable[[int], None] = lambda _: None) -> int:
    """Fits, judges and stores the model, then forecasts every open case. Returns how many were forecast."""
    learnt = queries.courses(most=most, moved=moved)
    checked = queries.check(learnt, until=at)
    model = queries.with_recalibration(fit_at(learnt, at, calendar.current()), checked.rolled)
    _store(model, checked, at)
    return foresee(model, at=at)


def foresee(model: Model, *, at: datetime) -> int:
    """Rewrites the forecasts of all cases with a promise running; those of others go."""
    known = calendar.current()
    running = Deadline.objects.filter(
        subject_kind="case", kind=DeadlineKind.PROMISE.value, outcome=Deadline.OPEN
    ).exclude(unit="moment", due_at__lt=at)
    after, count = 0, 0
    while page := list(running.filter(pk__gt=after).order_by("pk").values_list("pk", "subject_key")[: queries.CHUNK]):
        after = page[-1][0]
        found = histories([number for _, number in page])
        looked = queries.of_histories(found.values(), model, at, known)
        rows = [
            CaseForecast(
                case_id=found[number].case_id,
                organ_id=found[number].organ_id,
                item_id=found[number].item_id,
                late_per_mille=round(one.chance * 1000),
                over=one.over,
                due_on=one.due_on,
                first_on=one.finish[0],
                middle_on=one.finish[1],
                last_on=one.finish[2],
                circle=one.circle,
                base=one.base,
                at=at,
            )
            for number, one in looked.items()
        ]
        CaseForecast.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["case"], update_fields=_UPDATED, batch_size=200
        )
        count += len(rows)
    CaseForecast.objects.filter(at__lt=at).delete()
    return count


@transaction.atomic
def _store(model: Model, checked: Check, at: datetime) -> None:
    parts: dict[tuple[str, int], list[Tested]] = defaultdict(list)
    for one in checked.rolled.tested:
        parts[ORGAN, one.organ_id].append(one)
        parts[ITEM, one.item_id].append(one)
    house = {
        **level_to_json(model.house),
        "hands": {str(key): round(factor, 4) for key, factor in model.hands.items()},
        "slope": model.slope,
        "shift": model.shift,
    }
    rows = [_row(HOUSE, 0, model.house, house, _measured(checked, checked.rolled.tested), at)]
    for scope, levels in ((ORGAN, model.organs), (ITEM, model.items)):
        for key, level in levels.items():
            own = parts.get((scope, key), ())
            rows.append(_row(scope, key, level, level_to_json(level), _measured(checked, own), at))
    Fit.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["scope", "scope_id"],
        update_fields=["fitted_at", "base", "late", "parameters", "calibration"],
        batch_size=200,
    )
    Fit.objects.filter(fitted_at__lt=at).delete()


def _row(
    scope: str, key: int, level: Level, parameters: dict[str, Any], calibration: dict[str, Any] | None, at: datetime
) -> Fit:
    return Fit(
        scope=scope,
        scope_id=key,
        fitted_at=at,
        base=level.base,
        late=level.late,
        parameters=parameters,
        calibration=calibration,
    )


def _measured(checked: Check, own: Sequence[Tested]) -> dict[str, Any] | None:
    found: Measure | None = measure(own) if len(own) >= LEAST_ENDED else None
    if found is None:
        return None
    return {
        **asdict(found),
        "first": min(one.at for one in own).isoformat(),
        "last": max(one.at for one in own).isoformat(),
        "left": asdict(checked.rolled.left),
    }
