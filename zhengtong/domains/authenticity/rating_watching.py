"""The reader of sealed ratings: puts each beside what was rated at the same counter, by the same clerk, from the same
source, as it is sealed; and at night looks at whole months. Its own cursor: it may be played again by itself."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from zhengtong.base.seal.consumers import consume
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.domains.authenticity import rating_reading as reading
from zhengtong.domains.authenticity.actions import find
from zhengtong.domains.authenticity.models import AskedRating
from zhengtong.domains.authenticity.rulebook import RuleBook, rule_book
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.rules.authenticity import ratings as rules
from zhengtong.rules.authenticity.months import month_of
from zhengtong.rules.authenticity.ratings import GOOD, Given
from zhengtong.rules.authenticity.suspicion import Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.clock import end_of, local_date, start_of
from zhengtong.rules.kinds import Kind
from zhengtong.rules.ratings import NodeState

NAME = "authenticity-ratings"
# Windows of a month's services stay open for days after it: only then is silence silence (E-7).
SETTLING = timedelta(days=10)
MOST = 5_000  # ratings of one officer's month that are looked at one by one
HOUR = timedelta(hours=1)


def watch_ratings(*, at: datetime, limit: int = 500) -> int:
    """The next slice of sealed entries; how many. Leads and the cursor stand or fall together."""
    return consume(NAME, lambda entries: _slice(entries, at=at), limit=limit)


def _slice(entries: Sequence[SealedEntry], *, at: datetime) -> None:
    numbers = {e.subject_key for _, e in entries if e.subject_kind == "rating" and e.kind == Kind.RATING_GIVEN.value}
    if not numbers:
        return
    book = rule_book(local_date(at))
    if found := list(_of_new(reading.ratings_by_numbers(numbers), book)):
        find(found, levels=book.levels, at=at)


def _of_new(new: Sequence[Rating], book: RuleBook) -> Iterator[Suspicion]:
    staff = reading.staff_phones()
    own = [reading.given(one, staff, reading.happened(new)) for one in new]
    if not own:
        return
    first, last = min(one.at for one in own), max(one.at for one in own)
    since, until = start_of(local_date(first)), end_of(local_date(last))
    if book.of("E-3") is not None:
        for one in own:
            if (found := rules.without_service(one)) is not None:
                yield found
    if (limits := book.of("E-1")) is not None:
        windows = {one.window_id for one in own if one.counter}
        yield from rules.seconds_in_runs(
            _beside(Q(node__window__in=windows, channel__in=reading.DEVICES), windows, since, until), limits
        )
    if (limits := book.of("E-2")) is not None:
        yield from rules.one_source(_same_source(own, first - HOUR, last + HOUR), limits)
    if (limits := book.of("E-4")) is not None:
        clerks = {one.entered_by for one in own} - {None}
        yield from rules.typed_in_late(
            _beside(Q(entered_by__in=clerks, channel__in=reading.TYPED), clerks, since, until), limits
        )
    if (limits := book.of("E-6")) is not None:
        yield from rules.from_staff(_of_staff(own, staff, since.replace(day=1), until), limits)


def _beside(wanted: Q, keys: set[int | None], since: datetime, until: datetime) -> list[Given]:
    if not keys:
        return []
    return [reading.given(one, {}) for one in reading.ratings_where(wanted, since, until)]


def _same_source(own: Sequence[Given], since: datetime, until: datetime) -> list[Given]:
    """Ratings around these that share a device, an address or a phone with one of them."""
    away = [one for one in own if not one.counter]
    if not away:
        return []
    phones = {one.phone for one in away} - {""}
    wanted = Q(device_hash__in={one.device for one in away} - {""}) | Q(ip_hash__in={one.ip for one in away} - {""})
    wanted |= Q(account__phone_hash__in=phones) | Q(node__phone_hash__in=phones)
    wanted &= ~Q(channel__in=reading.DEVICES)
    return [reading.given(one, {}) for one in reading.ratings_where(wanted, since, until)]


def _of_staff(own: Sequence[Given], staff: dict[str, int], since: datetime, until: datetime) -> list[Given]:
    near = [one for one in own if one.staff_organ is not None]
    phones = {one.phone for one in near if one.staff_organ != one.organ_id}
    if not phones:
        return near
    wanted = (Q(account__phone_hash__in=phones) | Q(node__phone_hash__in=phones)) & ~Q(channel__in=reading.DEVICES)
    others = [reading.given(one, staff) for one in reading.ratings_where(wanted, since, until)]
    known = {one.number for one in others}
    return [*others, *(one for one in near if one.number not in known)]


# --- months ---


def look_at_rating_months(*, at: datetime) -> int:
    """E-5 for this month and the last while it settles, E-7 once a month has settled; how many new leads."""
    on = local_date(at)
    book = rule_book(on)
    found = [one for month in sorted({month_of(on), month_of(on - SETTLING)}) for one in _of_month(month, on, book)]
    return len(find(found, levels=book.levels, at=at))


def _of_month(month: str, on: date, book: RuleBook) -> Iterator[Suspicion]:
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if (limits := book.of("E-5")) is not None:
        yield from _perfect(month, first, last, limits)
    if (limits := book.of("E-7")) is not None and on - last >= timedelta(days=8):
        yield from _active(month, first, last, limits)


def _perfect(month: str, first: date, last: date, limits: Thresholds) -> Iterator[Suspicion]:
    rows = Rating.objects.filter(given_at__gte=start_of(first), given_at__lte=end_of(last), node__officer__isnull=False)
    best = Q(level=1) | Q(level=2, channel__in=reading.DEVICES)
    counted = rows.order_by().values_list("node__officer").annotate(n=Count("pk"), best=Count("pk", filter=best))
    for officer, n, perfect in counted:
        if n < limits.rating_perfect_least or n != perfect:
            continue
        own = list(rows.filter(node__officer=officer).select_related("node", "account").order_by("given_at")[:MOST])
        told = AskedRating.objects.filter(
            rating_number__in=[one.number for one in own], result__in=[AskedRating.WORSE, AskedRating.NOT_MINE]
        )
        unlike = sorted(
            {one.number for one in own if one.follow_level is not None and one.follow_level >= GOOD}
            | set(told.values_list("rating_number", flat=True))
        )
        found = rules.all_stars(month, officer, [reading.given(one, {}) for one in own], unlike, limits)
        if found is not None:
            yield found


def _active(month: str, first: date, last: date, limits: Thresholds) -> Iterator[Suspicion]:
    nodes = Node.objects.filter(opened_on__gte=first, opened_on__lte=last).exclude(state=NodeState.OPEN.value)
    counted = (
        nodes.order_by()
        .values_list("organ")
        .annotate(n=Count("pk"), rated=Count("pk", filter=Q(state=NodeState.RATED.value)))
    )
    for organ, n, rated in counted:
        if (found := rules.too_active(month, organ, n, rated, limits)) is not None:
            yield found
