"""Figures of any period, from the daily and monthly facts; the backlog of any day; the rows behind every figure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import add
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zhengtong.base.seal.models import Cursor
from zhengtong.base.seal.queries import size
from zhengtong.domains.cases.models import Case
from zhengtong.domains.statistics.models import CaseFact, CaseSpan, Fact, Flow
from zhengtong.domains.statistics.sums import DAY, MEASURES, MONTH, STOCKS
from zhengtong.rules.tally import Measure, Span, percentile

# What figures can be grouped by: the name asked for, and the cut of the facts it is read from.
GROUPS = {
    "organ_id": "organ",
    "section_id": "section",
    "item_id": "item",
    "channel": "channel",
    "kind": "kind",
    "person_id": "person",
}
# Numerator and base (分母) of each rate, domain-rules §2.6. Withdrawn and void cases are in neither.
RATES: dict[str, tuple[str, str]] = {
    "in_time": ("in_time", "timed"),  # 按期办结率: over what is finished, never over what is open
    "early": ("early", "promised"),  # 提前办结率: over finished 承诺件 and the like, without 即办件
    "early_over_all": ("early", "timed"),
    "immediate": ("immediate", "finished"),  # 即办率
    "over_promise": ("over_promise", "timed"),
    "over_legal": ("over_legal", "timed"),
    "granted": ("granted", "finished"),
    "refused": ("refused", "finished"),
    "supplements": ("supplements", "received"),
    "declined": ("declined", "received"),
}
CURSOR = "statistics"  # the name of the reader of the sealed journal
_AT_END = tuple(f"{stock}_at_end" for stock in STOCKS)
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Figures:
    """One group's figures of a period. `keys`: what was grouped by. The stocks are those of the end of its last day.

    `days` are working days from acceptance to decision of the cases finished in the period: {days: cases}; `spans`
    the same for every Span (waited, paused, the stages).
    """

    keys: dict[str, Any]
    received: int = 0
    accepted: int = 0
    declined: int = 0
    supplements: int = 0
    second_notices: int = 0
    lapsed: int = 0
    finished: int = 0
    granted: int = 0
    refused: int = 0
    withdrawn: int = 0
    voided: int = 0
    timed: int = 0
    in_time: int = 0
    promised: int = 0
    early: int = 0
    immediate: int = 0
    over_promise: int = 0
    over_legal: int = 0
    open_at_end: int = 0
    suspended_at_end: int = 0
    soon_at_end: int = 0
    overdue_at_end: int = 0
    spans: dict[str, dict[int, int]] = field(default_factory=dict)

    @property
    def days(self) -> Mapping[int, int]:
        return self.spans.get(Span.USED.value, {})

    def rate(self, name: str) -> tuple[int, int]:
        """(numerator, base) of a rate of RATES; a base of 0 means there is no rate."""
        numerator, base = RATES[name]
        return getattr(self, numerator), getattr(self, base)

    def percentile(self, share: float, span: str = Span.USED.value) -> int | None:
        """Working days within which this share (0–1) of the finished cases lie, nearest rank; None without any."""
        return percentile(self.spans.get(span, {}), share)

    def add(self, other: "Figures") -> None:
        """Takes another group in: a total line. Stocks are added too, so both must end on the same day."""
        for name in (*MEASURES, *_AT_END):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _add_spans(self.spans, other.spans)


def figures(
    since: date, until: date, *, by: tuple[str, ...] = ("organ_id",), organ_ids: Sequence[int] | None = None
) -> list[Figures]:
    """The figures from `since` to `until`, both days included, grouped by names of GROUPS.

    `organ_id` may stand beside one other name; () is one line for all. `organ_ids` None: every organ. A day ahead
    counts as overdue what will be if nothing is done. Three queries whatever the period; groups in order of keys.
    """
    cut, names = _cut(by)
    counts: dict[tuple[Any, ...], list[int]] = {}
    spans: dict[tuple[Any, ...], dict[str, dict[str, int]]] = {}
    nothing, no_stock = [0] * len(MEASURES), [0] * len(STOCKS)
    for organ_id, key, told, *values in _rows(Fact, cut, since, until, organ_ids).values_list(
        "organ_id", "key", "spans", *MEASURES
    ):
        group = _group(names, organ_id, key)
        counts[group] = list(map(add, counts.get(group, nothing), values))
        _add_spans(spans.setdefault(group, {}), told)
    stocks: dict[tuple[Any, ...], list[int]] = {}
    for row in _stocks(cut, until, organ_ids):
        group = _group(names, row["organ_id"], row["key"])
        stocks[group] = list(map(add, stocks.get(group, no_stock), (row[f"sum_{name}"] for name in STOCKS)))
    return [
        Figures(
            dict(zip(names, group, strict=True)),
            **dict(zip(MEASURES, counts.get(group, nothing), strict=True)),
            **dict(zip(_AT_END, stocks.get(group, no_stock), strict=True)),
            spans={span: {int(day): n for day, n in days.items()} for span, days in spans.get(group, {}).items()},
        )
        for group in sorted(counts.keys() | stocks.keys(), key=_order)
    ]


def _group(names: tuple[str, ...], organ_id: int, key: str) -> tuple[Any, ...]:
    return tuple(organ_id if name == "organ_id" else _key(name, key) for name in names)


def _order(group: tuple[Any, ...]) -> tuple[Any, ...]:
    """By the keys' own order; nobody and no section at the end."""
    return tuple((one is None, 0 if one is None else one) for one in group)


def total(since: date, until: date, *, organ_ids: Sequence[int] | None = None) -> Figures:
    """One line for all organs, or for these."""
    lines = figures(since, until, by=(), organ_ids=organ_ids)
    return lines[0] if lines else Figures({})


def by_day(since: date, until: date, *, organ_ids: Sequence[int] | None = None) -> dict[date, dict[str, int]]:
    """Every measure on every day of the period, days without any included; for lines and for the live board."""
    days = {since + _DAY * n: dict.fromkeys(MEASURES, 0) for n in range((until - since).days + 1)}
    rows = _of(Fact.objects.filter(cut="organ", grain=DAY, day__range=(since, until)), organ_ids)
    for row in rows.values("day").annotate(**{f"n_{name}": Sum(name) for name in MEASURES}).order_by():
        days[row["day"]] = {name: row[f"n_{name}"] for name in MEASURES}
    return days


def backlog(
    since: date, until: date, *, organ_ids: Sequence[int] | None = None, by_organ: bool = False
) -> dict[tuple[date, int], dict[str, int]]:
    """Open, suspended, nearly due and overdue cases at the end of every day, by (day, organ); 0 unless `by_organ`."""
    stock: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STOCKS, 0))
    for row in _stocks("organ", since - _DAY, organ_ids):
        for name in STOCKS:
            stock[row["organ_id"] if by_organ else 0][name] += row[f"sum_{name}"]
    changes: dict[date, list[tuple[int, dict[str, int]]]] = defaultdict(list)
    rows = _of(Flow.objects.filter(cut="organ", grain=DAY, day__range=(since, until)), organ_ids)
    for row in rows.values("day", "organ_id", *STOCKS):
        changes[row["day"]].append((row["organ_id"] if by_organ else 0, row))
    found: dict[tuple[date, int], dict[str, int]] = {}
    if not by_organ:
        stock[0]  # also of a house without any case
    for n in range((until - since).days + 1):
        day = since + _DAY * n
        for organ_id, row in changes[day]:
            for name in STOCKS:
                stock[organ_id][name] += row[name]
        found |= {(day, organ_id): dict(one) for organ_id, one in stock.items()}
    return found


def open_by_stage(*, organ_ids: Sequence[int] | None = None) -> dict[str, int]:
    """Open cases by the stage they stand in now, and those that only wait to be handed over (DELIVERY)."""
    rows = _of(CaseFact.objects.exclude(stage=""), organ_ids).order_by()
    return dict(rows.values_list("stage").annotate(Count("pk")))


def first_day() -> date | None:
    """The earliest day anything is counted on."""
    return Fact.objects.filter(cut="organ", grain=MONTH).order_by("day").values_list("day", flat=True).first()


def behind() -> int:
    """Sealed entries not counted yet: the facts are that far behind the seal."""
    position = Cursor.objects.filter(name=CURSOR).values_list("position", flat=True).first()
    return size() - (0 if position is None else position + 1)


def counted_organs() -> list[int]:
    """Organs with cases, and organs with facts though they may have none: what a recount walks."""
    having = set(Case.objects.order_by().values_list("organ_id", flat=True).distinct())
    for model in (Fact, Flow):
        having |= set(model._default_manager.order_by().values_list("organ_id", flat=True).distinct())
    return sorted(having)


def case_count(organ_ids: Sequence[int]) -> int:
    """How many cases a recount of these organs will read."""
    return Case.objects.filter(organ_id__in=list(organ_ids)).count()


# --- the rows behind a figure ---

_ON = {
    Measure.RECEIVED: "received_on",
    Measure.ACCEPTED: "accepted_on",
    Measure.DECLINED: "declined_on",
    Measure.SUPPLEMENTS: "supplement_on",
    Measure.SECOND_NOTICES: "second_notice_on",
    Measure.LAPSED: "lapsed_on",
    Measure.WITHDRAWN: "withdrawn_on",
    Measure.VOIDED: "voided_on",
}
_OF_THE_FINISH: dict[Measure, Q] = {
    Measure.FINISHED: Q(),
    Measure.GRANTED: Q(granted=True),
    Measure.REFUSED: Q(refused=True),
    Measure.TIMED: ~Q(timeliness=""),
    Measure.IN_TIME: Q(timeliness__in=["IMMEDIATE_OK", "EARLY", "ON_TIME"]),
    Measure.PROMISED: ~Q(timeliness="") & Q(immediate_kind=False),
    Measure.EARLY: Q(timeliness="EARLY"),
    Measure.IMMEDIATE: Q(timeliness="IMMEDIATE_OK"),
    Measure.OVER_PROMISE: Q(timeliness="OVER_PROMISE"),
    Measure.OVER_LEGAL: Q(timeliness="OVER_LEGAL"),
}
ROWS = (*MEASURES, *_AT_END)


def rows(
    measure: str,
    since: date,
    until: date,
    *,
    organ_ids: Sequence[int] | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 50,
    **keys: Any,
) -> list[tuple[CaseFact, date]]:
    """The cases a figure counts, newest first, each with the day it is counted on. `after`: the last one seen.

    `keys` are names of GROUPS with the group's value (None: nobody, no section).
    """
    found, day = _counted(measure, since, until)
    for name, value in keys.items():
        found = found.filter(**{f"{name}__isnull": True} if value is None else {name: value})
    found = _of(found, organ_ids)
    if after is not None:
        found = found.filter(Q(**{f"{day}__lt": after[0]}) | Q(**{day: after[0]}, case__lt=after[1]))
    page = found.select_related("case__item", "case__organ", "case__holder").order_by(f"-{day}", "-case")[:limit]
    return [(fact, getattr(fact, day)) for fact in page]


def row_count(measure: str, since: date, until: date, *, organ_ids: Sequence[int] | None = None, **keys: Any) -> int:
    """How many cases `rows` would list in all: the figure, counted on the rows themselves."""
    found, _ = _counted(measure, since, until)
    for name, value in keys.items():
        found = found.filter(**{f"{name}__isnull": True} if value is None else {name: value})
    return _of(found, organ_ids).count()


def _counted(measure: str, since: date, until: date) -> tuple[QuerySet[CaseFact], str]:
    if measure == "open_at_end":
        still = Q(closed_on__isnull=True) | Q(closed_on__gt=until)
        return CaseFact.objects.filter(still, received_on__lte=until), "received_on"
    kind = measure.removesuffix("_at_end")
    if kind in (CaseSpan.SUSPENDED, CaseSpan.SOON, CaseSpan.OVERDUE):
        still = Q(until__isnull=True) | Q(until__gt=until)
        spans = CaseSpan.objects.filter(still, kind=kind, since__lte=until)
        return CaseFact.objects.filter(pk__in=spans.values("fact")), "received_on"
    known = Measure(measure)
    day = _ON.get(known, "finished_on")
    found = CaseFact.objects.filter(**{f"{day}__range": (since, until)})
    return found.filter(_OF_THE_FINISH[known]) if known in _OF_THE_FINISH else found, day


# --- reading ---


def _cut(by: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    unknown = [name for name in by if name not in GROUPS]
    others = [name for name in by if name != "organ_id"]
    if unknown or len(others) > 1:
        raise ValueError(f"figures are grouped by organ_id and at most one of {sorted(GROUPS)}: {by}")
    return (GROUPS[others[0]] if others else "organ"), by


def _key(name: str, key: str) -> Any:
    if name in ("channel", "kind"):
        return key
    return int(key) or None


def _of(rows: QuerySet[Any], organ_ids: Sequence[int] | None) -> QuerySet[Any]:
    return rows if organ_ids is None else rows.filter(organ_id__in=list(organ_ids))


def _rows(model: type[Fact], cut: str, since: date, until: date, organ_ids: Sequence[int] | None) -> QuerySet[Any]:
    """Whole months by their own rows, what is left over at either end by its days."""
    pieces = Q(pk__in=[])
    for grain, first, last in pieces_of(since, until):
        pieces |= Q(grain=grain, day__range=(first, last))
    return _of(model.objects.filter(pieces, cut=cut), organ_ids).order_by()


def pieces_of(since: date, until: date) -> Iterator[tuple[str, date, date]]:
    """(grain, first, last): days to the end of a month begun, whole months, days of a month not ended."""
    if until < since:
        return
    begin = since if since.day == 1 else _next_month(since)
    end = until if (until + _DAY).day == 1 else until.replace(day=1) - _DAY
    if end < begin:
        yield DAY, since, until
        return
    if since < begin:
        yield DAY, since, begin - _DAY
    yield MONTH, begin, end.replace(day=1)
    if end < until:
        yield DAY, end + _DAY, until


def _next_month(day: date) -> date:
    return (day.replace(day=28) + _DAY * 4).replace(day=1)


def _stocks(cut: str, on: date, organ_ids: Sequence[int] | None) -> QuerySet[Any]:
    """Where the backlog stood at the end of `on`: all months before, and the days of its own."""
    month = on.replace(day=1)
    past = Q(grain=MONTH, day__lt=month) | Q(grain=DAY, day__range=(month, on))
    rows = _of(Flow.objects.filter(past, cut=cut), organ_ids).order_by()
    return rows.values("organ_id", "key").annotate(**{f"sum_{name}": Sum(name) for name in STOCKS})


def _add_spans(into: dict[Any, dict[Any, int]], more: Mapping[Any, Mapping[Any, int]]) -> None:
    for span, days in more.items():
        own = into.setdefault(span, {})
        for day, number in days.items():
            own[day] = own.get(day, 0) + number
