"""What open cases are likely to do, how far that can be trusted, and the history it was learnt from."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from zhengtong.base import calendar
from zhengtong.domains.cases.histories import histories
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.forecast.models import HOUSE, ITEM, ORGAN, CaseForecast, Fit
from zhengtong.domains.registry.models import Organ
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.forecast_check import ORIGINS, Measure, Rolled, measure, origins, rolling
from zhengtong.rules.forecast_course import Course, course_of, open_case, watched
from zhengtong.rules.forecast_model import Model, level_from_json, outlook
from zhengtong.rules.history import History
from zhengtong.rules.procedure import BEFORE_DECISION

MOST_COURSES = 10_000  # the newest cases; more would teach little and take the night
CHUNK = 500
PAGE = 50
_UNDECIDED = sorted(state.value for state in BEFORE_DECISION)


@dataclass(frozen=True, slots=True)
class CaseOutlook:
    """`chance`: of ending after the promise. `finish`: by when 10, 50 and 90 of 100 such cases end; None while paused.

    `base`: ended cases of the `circle` it rests on (item, organ, house). Only what rests on enough cases of the item
    or the organ is `shown` to those who handle the case.
    """

    number: str
    chance: float
    finish: tuple[date | None, date | None, date | None]
    circle: str
    base: int
    over: bool
    paused: bool
    due_on: date | None

    @property
    def shown(self) -> bool:
        return self.circle != HOUSE


def forecasts(numbers: Sequence[str], *, at: datetime) -> dict[str, CaseOutlook]:
    """Of those with a promise running, computed from their journals as they stand at `at`. Six queries at most.

    A case told by an imported log has none: nobody knows what became of it after the log's last line.
    """
    found = histories(list(numbers))
    return of_histories(found.values(), model_for(found.values()), at, calendar.current())


def of_histories(found: Iterable[History], model: Model, at: datetime, known: Calendar) -> dict[str, CaseOutlook]:
    looked: dict[str, CaseOutlook] = {}
    for history in found:
        course = course_of(history, known)
        case = None if course is None or course.log else open_case(course, at, known)
        if case is None or not model.house.base:
            continue
        out = outlook(model, case)
        days = [None if day is None else case.date_of(day, known) for day in out.finish]
        looked[case.number] = CaseOutlook(
            number=case.number,
            chance=out.late,
            finish=(days[0], days[1], days[2]),
            circle=out.circle,
            base=out.base,
            over=case.over,
            paused=case.paused,
            due_on=case.due_on,
        )
    return looked


def model_for(found: Iterable[History] | None = None) -> Model:
    """The stored model, with the levels these histories need, or with all of them. It knows nothing before a fit."""
    rows = Fit.objects.all()
    if found is not None:
        listed = list(found)
        rows = (
            rows.filter(scope=HOUSE)
            | rows.filter(scope=ORGAN, scope_id__in={history.organ_id for history in listed})
            | rows.filter(scope=ITEM, scope_id__in={history.item_id for history in listed})
        )
    by_scope: dict[str, dict[int, Fit]] = {HOUSE: {}, ORGAN: {}, ITEM: {}}
    for row in rows:
        by_scope[row.scope][row.scope_id] = row
    house = by_scope[HOUSE].get(0)
    if house is None:
        return Model(house=level_from_json({"base": 0, "late": 0, "rates": [], "stages": []}))
    return Model(
        house=level_from_json(house.parameters),
        organs={key: level_from_json(row.parameters) for key, row in by_scope[ORGAN].items() if row.parameters},
        items={key: level_from_json(row.parameters) for key, row in by_scope[ITEM].items() if row.parameters},
        hands={int(key): factor for key, factor in house.parameters["hands"].items()},
        slope=house.parameters["slope"],
        shift=house.parameters["shift"],
    )


# --- history to learn from ---


def courses(*, most: int = MOST_COURSES, moved: Callable[[int], None] = lambda _: None) -> list[Course]:
    """The newest cases of the house that had a promise, oldest first."""
    numbers = list(Case.objects.order_by("-pk").values_list("number", flat=True)[:most])
    numbers.reverse()
    known = calendar.current()
    found: list[Course] = []
    for first in range(0, len(numbers), CHUNK):
        part = histories(numbers[first : first + CHUNK])
        found += [course for history in part.values() if (course := course_of(history, known)) is not None]
        moved(len(part))
    return watched(sorted(found, key=lambda course: (course.began_at, course.number)))


@dataclass(frozen=True, slots=True)
class Check:
    """A rolling check: what it measured, at which days, up to when outcomes were looked up."""

    rolled: Rolled
    measure: Measure | None
    origins: tuple[datetime, ...]
    until: datetime


def check(
    learnt: Sequence[Course],
    *,
    until: datetime,
    item_id: int | None = None,
    organ_id: int | None = None,
    count: int = ORIGINS,
    days: Sequence[datetime] = (),
    moved: Callable[[int], None] = lambda _: None,
) -> Check:
    """Forecasts the cases of an item or organ (or all) at `days`, or at `count` past ones, as the house knew them then."""

    def wanted(course: Course) -> bool:
        return item_id in (None, course.item_id) and organ_id in (None, course.organ_id)

    days = days or origins([course for course in learnt if wanted(course)], until, count)
    rolled = rolling(learnt, days, until, calendar.current(), wanted=wanted, moved=moved)
    return Check(rolled, measure(rolled.tested), tuple(days), until)


# --- pages ---


@dataclass(frozen=True, slots=True)
class ForecastPage:
    rows: Sequence[CaseForecast]
    after: str


def likely_late(
    *,
    organ_ids: Collection[int] | None = None,
    item_id: int | None = None,
    over: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> ForecastPage:
    """Undecided cases, the likeliest to be late first; `over`: those past their promise instead. Keyset pages."""
    rows = _undecided(organ_ids, item_id).filter(over=over)
    chance, _, pk = after.partition("~")
    if chance.isdecimal() and len(chance) < 5 and pk.isdecimal() and len(pk) < 19:
        position = int(chance)
        rows = rows.filter(Q(late_per_mille__lt=position) | Q(late_per_mille=position, pk__gt=int(pk)))
    found = list(
        rows.select_related("case", "case__holder", "case__organ", "case__item")
        .defer("case__contact_phone", "case__applicant_id")
        .order_by("-late_per_mille", "pk")[: limit + 1]
    )
    more = len(found) > limit
    found = found[:limit]
    return ForecastPage(found, f"{found[-1].late_per_mille}~{found[-1].pk}" if more else "")


@dataclass(frozen=True, slots=True)
class Totals:
    """`expected`: the sum of the chances, the number of cases that will be late if the forecast is right."""

    cases: int
    over: int
    expected: float
    likely: int  # more likely late than not


def totals(*, organ_ids: Collection[int] | None = None, item_id: int | None = None) -> Totals:
    running = Q(over=False)
    found = _undecided(organ_ids, item_id).aggregate(
        cases=Count("pk"),
        late=Count("pk", filter=Q(over=True)),
        chances=Sum("late_per_mille", filter=running),
        likely=Count("pk", filter=running & Q(late_per_mille__gte=500)),
    )
    return Totals(found["cases"], found["late"], (found["chances"] or 0) / 1000, found["likely"])


def _undecided(organ_ids: Collection[int] | None, item_id: int | None) -> QuerySet[CaseForecast]:
    rows = CaseForecast.objects.filter(case__state__in=_UNDECIDED)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=sorted(organ_ids))
    return rows if item_id is None else rows.filter(item_id=item_id)


def fit_of(scope: str, scope_id: int = 0) -> Fit | None:
    return Fit.objects.filter(scope=scope, scope_id=scope_id).first()


@dataclass(frozen=True, slots=True)
class Judged:
    """An organ or an item whose forecasts have been judged."""

    scope: str
    pk: int
    code: str
    name: str
    name_en: str
    base: int


def judged(organ_ids: Collection[int] | None = None) -> list[Judged]:
    """Organs first, then items, most ended cases first. Three queries."""
    rows = list(
        Fit.objects.filter(calibration__isnull=False).exclude(scope=HOUSE).values_list("scope", "scope_id", "base")
    )
    organs = Organ.objects.filter(pk__in=[key for scope, key, _ in rows if scope == ORGAN])
    items = Item.objects.filter(pk__in=[key for scope, key, _ in rows if scope == ITEM])
    if organ_ids is not None:
        organs, items = organs.filter(pk__in=sorted(organ_ids)), items.filter(organ_id__in=sorted(organ_ids))
    named = {(ORGAN, one.pk): (one.code, one.name, one.name_en) for one in organs}
    named |= {(ITEM, one.pk): (one.item_code, one.name, one.name_en) for one in items}
    found = [Judged(scope, key, *named[scope, key], base) for scope, key, base in rows if (scope, key) in named]
    return sorted(found, key=lambda one: (one.scope != ORGAN, -one.base, one.code))


def with_recalibration(model: Model, rolled: Rolled) -> Model:
    return replace(model, slope=rolled.slope, shift=rolled.shift)
