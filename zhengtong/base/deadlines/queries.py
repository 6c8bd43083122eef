from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge

from django.db.models import Count, Q

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import compute
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.period import end_of


def deadlines_of(subject_kind: str, subject_key: str) -> list[Deadline]:
    """All limits of one subject, ended ones included, in the order they began."""
    return list(
        Deadline.objects.filter(subject_kind=subject_kind, subject_key=subject_key).order_by("started_on", "id")
    )


def open_deadlines(subject_kind: str, subject_keys: Iterable[str]) -> dict[str, dict[str, Deadline]]:
    """Open limits by subject and kind, for the rows of one page: one query whatever their number."""
    found: dict[str, dict[str, Deadline]] = {}
    rows = Deadline.objects.filter(
        subject_kind=subject_kind, subject_key__in=list(subject_keys), outcome=Deadline.OPEN
    ).order_by("ordinal")
    for row in rows:
        found.setdefault(row.subject_key, {})[row.kind] = row
    return found


def overdue(kind: DeadlineKind, *, at: datetime, limit: int = 500) -> list[Deadline]:
    """Open limits of a kind that have passed, longest first: what a sweep must act on. On a 暂定 date none does."""
    return list(
        Deadline.objects.filter(kind=kind.value, outcome=Deadline.OPEN, due_at__lt=at, provisional=False).order_by(
            "due_at", "id"
        )[:limit]
    )


def due_between(
    kind: DeadlineKind, *, since: datetime, until: datetime, after: int = 0, limit: int = 500
) -> list[Deadline]:
    """Open limits of a kind that end in a span, by id: what is reminded of before it is late."""
    rows = Deadline.objects.filter(kind=kind.value, outcome=Deadline.OPEN, due_at__gt=since, due_at__lte=until)
    return list(rows.filter(pk__gt=after).order_by("pk")[:limit])


def moved_by(changed_days: Sequence[date], calendar: Calendar, *, most: int) -> tuple[int, int | None]:
    """(open limits whose span holds a changed day, how many of them would move), by reading only.

    The first stops at `most` + 1; then the second is None, because counting on would keep the page waiting.
    """
    if not changed_days:
        return 0, 0
    first, last = min(changed_days), max(changed_days)
    rows = Deadline.objects.filter(outcome=Deadline.OPEN, started_on__lt=last).exclude(unit="moment")
    touched = list(rows.filter(Q(due_on__gte=first) | Q(due_on__isnull=True)).order_by("pk")[: most + 1])
    if len(touched) > most:
        return len(touched), None
    moved = 0
    for row in touched:
        old = (row.due_on, row.provisional)
        compute(row, calendar)
        moved += old != (row.due_on, row.provisional)
    return len(touched), moved


# --- supervision: every running limit of the house, by organ -----------------------------------------------------

# What runs against an organ: one of these at a time for each case (before acceptance, until decision, until delivery).
RUNNING = (DeadlineKind.NOTICE, DeadlineKind.PROMISE, DeadlineKind.DELIVERY)
LIGHTS = ("over_legal", "late", "soon", "ok", "wait")


@dataclass(frozen=True, slots=True)
class OrganLights:
    """Open limits of an organ by light; `over_legal` counts the legal limits that have passed, also counted as late."""

    organ_id: int
    open: int
    late: int
    over_legal: int
    soon: int
    wait: int

    @property
    def ok(self) -> int:
        return self.open - self.late - self.soon - self.wait


def _light(name: str, at: datetime, soon_until: date) -> Q:
    """A provisional date never shows as late, only as soon (domain-rules §2.3)."""
    over = Q(due_at__lt=at)
    return {
        "late": over & Q(provisional=False),
        "over_legal": over & Q(provisional=False),
        "soon": (over & Q(provisional=True)) | Q(due_at__gte=at, due_on__lte=soon_until),
        "ok": Q(due_at__gte=at) & (Q(due_on__gt=soon_until) | Q(due_on__isnull=True)),
        "wait": Q(due_at__isnull=True),
        "open": Q(),
    }[name]


def lights_by_organ(*, at: datetime, soon_until: date) -> list[OrganLights]:
    """Counts all open limits and looks at those alone that press; the answer is still kept for a while by its caller.

    Along one index that holds every column asked for. Limits that no organ answers for are left out.
    """
    running = [kind.value for kind in RUNNING]
    rows = Deadline.objects.filter(outcome=Deadline.OPEN, organ_id__isnull=False).order_by()
    total = dict(rows.filter(kind__in=running).values_list("organ_id").annotate(n=Count("organ_id")))
    organs = rows.filter(organ_id__in=sorted(total))  # named one by one, each is a range of the index
    still = Q(kind__in=running)
    pressing = organs.filter(kind__in=[*running, DeadlineKind.LEGAL.value], due_at__lte=end_of(soon_until))
    counted = {
        row["organ_id"]: row
        for row in pressing.values("organ_id").annotate(
            late=Count("organ_id", filter=still & _light("late", at, soon_until)),
            soon=Count("organ_id", filter=still & _light("soon", at, soon_until)),
            over_legal=Count("organ_id", filter=~still & _light("over_legal", at, soon_until)),
        )
    }
    waiting = dict(organs.filter(still, due_at__isnull=True).values_list("organ_id").annotate(n=Count("organ_id")))
    none = dict.fromkeys(("late", "soon", "over_legal"), 0)
    return [
        OrganLights(
            organ_id=organ_id,
            open=number,
            late=(row := counted.get(organ_id, none))["late"],
            over_legal=row["over_legal"],
            soon=row["soon"],
            wait=waiting.get(organ_id, 0),
        )
        for organ_id, number in sorted(total.items())
    ]


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def running_limits(
    light: str,
    *,
    organ_ids: Sequence[int] | None,
    at: datetime,
    soon_until: date,
    after: str = "",
    limit: int = 50,
) -> tuple[list[Deadline], str]:
    """The limits behind a figure of the board, longest overdue first, and what asks for the next page ("": none).

    `organ_ids` None: every organ. Each kind is read along its own index and the heads are merged.
    """
    kinds = (DeadlineKind.LEGAL,) if light == "over_legal" else RUNNING
    instant, _tilde, number = after.partition("~")
    position = int(number) if number.isdecimal() and len(number) < 19 else 0
    since = _instant(instant)
    heads = []
    for kind in kinds:
        rows = Deadline.objects.filter(_light(light, at, soon_until), kind=kind.value, outcome=Deadline.OPEN)
        if organ_ids is not None:
            rows = rows.filter(organ_id__in=organ_ids)
        dated = rows.filter(due_at__isnull=False)
        if since is not None:
            dated = dated.filter(Q(due_at__gt=since) | Q(due_at=since, pk__gt=position))
        found = [] if instant == "-" else list(dated.order_by("due_at", "pk")[: limit + 1])
        if light in ("wait", "open") and len(found) <= limit:
            paused = rows.filter(due_at__isnull=True, pk__gt=position if instant == "-" else 0)
            found += list(paused.order_by("pk")[: limit + 1])
        heads.append(found)
    merged = list(merge(*heads, key=lambda row: (row.due_at is None, row.due_at or at, row.pk)))
    shown = merged[:limit]
    if len(merged) <= limit:
        return shown, ""
    last = shown[-1]
    return shown, f"{last.due_at.isoformat() if last.due_at else '-'}~{last.pk}"


# --- supervision: what has come to speak up -----------------------------------------------------------------------


def signals_due(*, at: datetime, limit: int = 500, kinds: Sequence[DeadlineKind] | None = None) -> list[Deadline]:
    """Open limits whose next signal has come, longest waiting first: an index scan of what is due, not of what exists."""
    rows = Deadline.objects.filter(outcome=Deadline.OPEN, next_signal_at__isnull=False, next_signal_at__lte=at)
    if kinds is not None:
        rows = rows.filter(kind__in=[kind.value for kind in kinds])
    return list(rows.order_by("next_signal_at", "id")[:limit])
