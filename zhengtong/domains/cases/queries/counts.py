"""Counts of cases and acts, for pages that show figures of a day or of an imported log."""

import json
from datetime import date, datetime

from django.db.models import Count, Max

from zhengtong.base.journal.models import Entry
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries.lists import PAGE
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind


def recent_durations(item_id: int, since: datetime, limit: int = 500) -> list[tuple[date, date]]:
    """(accepted, finished) of an item's latest finished cases: the item page's real median time."""
    rows = Case.objects.filter(
        item_id=item_id, finished_at__gte=since, accepted_on__isnull=False, imported=False
    ).order_by("-finished_at")
    return [(a, local_date(f)) for a, f in rows.values_list("accepted_on", "finished_at")[:limit] if a and f]


def day_counts(day_start: datetime, day_end: datetime) -> dict[str, int]:
    """The live line on the portal: accepted and finished since midnight, from the journal's index by kind and time."""
    rows = (
        Entry.objects.filter(
            kind__in=["case.submitted", "case.accepted", "case.decided"], at__gte=day_start, at__lt=day_end
        )
        .values("kind")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["kind"]: row["n"] for row in rows}


def received_counts(since: datetime) -> dict[int, int]:
    """Cases received per item since a moment, imported ones left out. For the nightly count, not for a page."""
    rows = (
        Case.objects.filter(received_at__gte=since, imported=False).values("item_id").annotate(n=Count("pk")).order_by()
    )
    return {row["item_id"]: row["n"] for row in rows}


def imported_counts() -> dict[int, int]:
    """Organ → its imported cases."""
    rows = Case.objects.filter(imported=True).order_by().values_list("organ_id").annotate(n=Count("pk"))
    return dict(rows)


def recorded_acts(
    organ_id: int, *, activity: str = "", person: int | None = None, after: int = 0, limit: int = PAGE
) -> list[Entry]:
    """Acts that came with imported cases of an organ, in the order they were stored; keyset by id."""
    numbers = Case.objects.filter(organ_id=organ_id, imported=True).values("number")
    rows = Entry.objects.filter(
        subject_kind="case", kind=Kind.CASE_ACT_RECORDED.value, subject_key__in=numbers, pk__gt=after
    )
    if activity:
        rows = rows.filter(facts__contains=f'"activity":{json.dumps(activity, ensure_ascii=False)}')
    if person is not None:
        rows = rows.filter(actor_id=person)
    return list(rows.order_by("pk")[:limit])


def acting_people(organ_id: int) -> list[tuple[int | None, str, int]]:
    """(officer, name, acts) of everybody who acts in an organ's imported cases, most acts first."""
    numbers = Case.objects.filter(organ_id=organ_id, imported=True).values("number")
    rows = Entry.objects.filter(subject_kind="case", kind=Kind.CASE_ACT_RECORDED.value, subject_key__in=numbers)
    counted = rows.order_by().values_list("actor_id").annotate(name=Max("actor_name"), n=Count("pk"))
    return sorted(counted, key=lambda row: (-row[2], row[1]))
