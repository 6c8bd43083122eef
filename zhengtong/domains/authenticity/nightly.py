"""What only the sums of a month can show. Runs at night over the months that may still change."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Sum

from zhengtong.domains.authenticity.actions import find
from zhengtong.domains.authenticity.models import ClerkDay, MonthFigures, Trace
from zhengtong.domains.authenticity.rulebook import RuleBook, rule_book
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.registry.models import Officer
from zhengtong.rules.authenticity import figures, months
from zhengtong.rules.authenticity.months import OrganMonth, month_before, month_of
from zhengtong.rules.authenticity.suspicion import Scope, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.clock import local_date

SETTLING = 3  # days after a month's end in which its sums are still looked at
SHOWN = 50  # cases that stand under the figures of a month


def look_at_months(*, at: datetime) -> int:
    """D-08, D-10 to D-14 for this month, and for the last while it settles; how many new leads."""
    on = local_date(at)
    wanted = {month_of(on), month_of(on - timedelta(days=SETTLING))}
    book = rule_book(on)
    found = [one for month in sorted(wanted) for one in suspicions_of(month, book)]
    return len(find(found, levels=book.levels, at=at))


def suspicions_of(month: str, book: RuleBook) -> Iterator[Suspicion]:
    """All that a month's sums show. A few queries, whatever the number of cases."""
    rows = {row.organ_id: row for row in MonthFigures.objects.filter(month=month)}
    days = _clerk_days(month)
    for organ_id, row in rows.items():
        sums = _sums(row, days.get(organ_id, 0))
        if (limits := book.of("D-08")) is not None:
            yield from _some(months.deadline_gaming(sums, limits), "gamed", month)
        if (limits := book.of("D-13")) is not None:
            yield from _some(months.deletions(sums, limits), "deleted", month)
        if (limits := book.of("D-11")) is not None and row.digits:
            yield from _if(figures.digit_anomaly(organ_id, month, row.digits, limits))
    if (limits := book.of("D-10")) is not None:
        yield from _volumes(rows, days, month, limits)
    if (limits := book.of("D-12")) is not None:
        yield from _perfect(month, limits)
    if (limits := book.of("D-14")) is not None:
        yield from _burdens(month, limits)


def _if(found: Suspicion | None) -> Iterator[Suspicion]:
    if found is not None:
        yield found


def _some(found: Suspicion | None, what: str, month: str) -> Iterator[Suspicion]:
    """With the cases the figures count, read only where there is something to show."""
    if found is None or found.organ_id is None:
        return
    rows = Trace.objects.filter(organ_id=found.organ_id)
    rows = rows.filter(gamed=True, finished_month=month) if what == "gamed" else rows.filter(voided_month=month)
    yield months.with_cases(found, f"{what}_case", rows.order_by("pk").values_list("case_no", flat=True)[:SHOWN])


def _sums(row: MonthFigures, clerk_days: int) -> OrganMonth:
    return OrganMonth(
        row.organ_id, row.month, received=row.received, finished=row.finished, in_time=row.in_time, flawed=row.flawed,
        promised=row.promised, gamed=row.gamed, voided=row.voided, accepted=row.accepted, clerk_days=clerk_days,
    )  # fmt: skip


def _span(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _clerk_days(month: str) -> dict[int, int]:
    worked = ClerkDay.objects.filter(on__range=_span(month), accepted__gt=0)
    rows = worked.order_by().values("organ_id").annotate(n=Count("pk"))
    return {row["organ_id"]: row["n"] for row in rows}


def _volumes(
    rows: Mapping[int, MonthFigures], days: Mapping[int, int], month: str, limits: Thresholds
) -> Iterator[Suspicion]:
    """An organ among the organs, and one account among all accounts: a pile is often typed by one hand."""
    rates = {organ: row.accepted / days[organ] for organ, row in rows.items() if days.get(organ, 0)}
    for organ, row in rows.items():
        peers = [rate for other, rate in rates.items() if other != organ]
        yield from _if(months.implausible_volume(_sums(row, days.get(organ, 0)), peers, limits))
    worked = (
        ClerkDay.objects.filter(on__range=_span(month))
        .filter(accepted__gt=0)
        .order_by()
        .values("officer_id")
        .annotate(accepted=Sum("accepted"), days=Count("on", distinct=True))
    )
    clerks = {row["officer_id"]: (row["accepted"], row["days"]) for row in worked if row["days"] >= limits.volume_days}
    seen = _at_windows(month)
    homes = dict(Officer.objects.filter(pk__in=clerks.keys() | seen.keys()).values_list("pk", "organ_id"))
    for officer, home in homes.items():
        peers = [a / d for other, (a, d) in clerks.items() if other != officer]
        accepted, spent = clerks.get(officer, (0, 0))
        taken_in, visitors = seen.get(officer, (0, None))
        own = OrganMonth(home, month, received=taken_in, accepted=accepted, clerk_days=spent, visitors=visitors)
        yield from _if(months.implausible_volume(own, peers, limits, of=Scope.OFFICER, key=str(officer)))


def _at_windows(month: str) -> dict[int, tuple[int, int]]:
    """officer → (cases taken in, people served by ticket), on the days they sat at a window that calls tickets."""
    since, until = _span(month)
    came = hall.served_by_day(since, until)
    taken = dict.fromkeys(came, 0)
    rows = ClerkDay.objects.filter(on__range=(since, until), officer_id__in=came, taken_in__gt=0)
    for officer, on, count in rows.values_list("officer_id", "on", "taken_in"):
        taken[officer] += count if on in came[officer] else 0
    return {officer: (taken[officer], sum(days.values())) for officer, days in came.items()}


def _perfect(month: str, limits: Thresholds) -> Iterator[Suspicion]:
    wanted = [month_before(month, back) for back in range(limits.perfect_months)]
    by_organ: dict[int, list[OrganMonth]] = {}
    unhappy = {(organ, one): count for one in wanted for organ, count in _unhappy(one)}
    for row in MonthFigures.objects.filter(month__in=wanted).order_by("organ_id", "month"):
        sums = replace(_sums(row, 0), unhappy=unhappy.get((row.organ_id, row.month), 0))
        by_organ.setdefault(row.organ_id, []).append(sums)
    for rows in by_organ.values():
        if rows[-1].month == month:
            yield from _if(months.too_perfect(rows, limits))


def _unhappy(month: str) -> Iterator[tuple[int, int]]:
    for (organ,), counts in ratings.figures(*_span(month)).items():
        yield int(organ), counts.rated - counts.satisfaction.numerator


def _burdens(month: str, limits: Thresholds) -> Iterator[Suspicion]:
    wanted = sorted(month_before(month, back) for back in range(limits.burden_months))
    rows = (
        Trace.objects.filter(finished_month__in=wanted)
        .order_by("organ_id", "item_id", "finished_month")
        .values("organ_id", "item_id", "finished_month", "granted")
        .annotate(n=Count("pk"), asked=Sum("asked"))
    )
    by_item: dict[tuple[int, int], dict[str, figures.Burden]] = {}
    for row in rows:
        own = by_item.setdefault((row["organ_id"], row["item_id"]), {})
        old = own.get(row["finished_month"], figures.Burden(row["finished_month"], 0, 0, 0))
        granted = old.granted + (row["n"] if row["granted"] else 0)
        own[old.month] = figures.Burden(old.month, old.cases + row["n"], old.asked + row["asked"], granted)
    for (organ, item), found in by_item.items():
        yield from _if(figures.burden_trend(organ, item, [found[m] for m in wanted if m in found], limits))
