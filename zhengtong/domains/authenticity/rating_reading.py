"""What the detectors of brushed ratings compare, read from ratings: keyed hashes, times and levels, nobody's name."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Min, Q, QuerySet

from zhengtong.base.journal.models import Entry
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.registry.models import Officer
from zhengtong.rules.authenticity.ratings import Given
from zhengtong.rules.kinds import Kind
from zhengtong.rules.ratings import BY_CLERK, BY_DEVICE

DEVICES = frozenset(one.value for one in BY_DEVICE)
TYPED = frozenset(one.value for one in BY_CLERK)
Key = tuple[str, str]
# What makes a service of a case: before that there is nothing to rate (E-3). Of anything else, its first act.
ACTS: dict[str, tuple[str, ...]] = {
    "acceptance": (
        Kind.CASE_ACCEPTED.value,
        Kind.CASE_DEEMED_ACCEPTED.value,
        Kind.CASE_ACCEPTANCE_REFUSED.value,
    ),
    "finish": (Kind.CASE_FINISHED.value,),
}


def staff_phones() -> dict[str, int]:
    """Phone hash → organ, of all who serve now: the phone they sign in with and the one on record."""
    found: dict[str, int] = {}
    rows = Officer.objects.filter(left_on__isnull=True).values_list("organ_id", "phone_hash", "account__phone_hash")
    for organ_id, *phones in rows:
        found |= {phone: organ_id for phone in phones if phone}
    return found


def ratings_where(wanted: Q, since: datetime, until: datetime) -> "QuerySet[Rating]":
    """Ratings of a stretch of time that meet a condition, oldest first."""
    rows = Rating.objects.select_related("node", "account").filter(wanted, given_at__gte=since, given_at__lte=until)
    return rows.order_by("given_at", "pk")


def ratings_by_numbers(numbers: Iterable[str]) -> list[Rating]:
    return list(Rating.objects.select_related("node", "account").filter(number__in=list(numbers)))


def happened(ratings: Iterable[Rating]) -> dict[Key, datetime]:
    """(kind of node, key of its subject) → when that service happened, by the subject's own journal."""
    by_kind: dict[tuple[str, str], set[str]] = {}
    for one in ratings:
        by_kind.setdefault((one.node.kind, one.node.subject_kind), set()).add(one.node.subject_key)
    found: dict[Key, datetime] = {}
    for (node_kind, subject_kind), keys in by_kind.items():
        rows = Entry.objects.filter(subject_kind=subject_kind, subject_key__in=keys)
        if node_kind in ACTS:
            rows = rows.filter(kind__in=ACTS[node_kind])
        for key, first in rows.order_by().values_list("subject_key").annotate(first=Min("at")):
            found[node_kind, key] = first
    return found


def given(one: Rating, staff: Mapping[str, int], times: Mapping[Key, datetime] | None = None) -> Given:
    """`times` as `happened` found them; without it the rule E-3 is not asked."""
    node, typed = one.node, one.channel in TYPED
    counter = one.channel in DEVICES
    own = one.account.phone_hash if one.account is not None else ""
    phone = "" if counter else own or node.phone_hash
    return Given(
        number=one.number, at=one.given_at, level=one.level, seconds=one.seconds, organ_id=one.organ_id,
        section_id=node.section_id, officer_id=node.officer_id, window_id=node.window_id, counter=counter,
        entered_by=one.entered_by_id if typed else None, device=one.device_hash, ip=one.ip_hash, phone=phone,
        staff_organ=staff.get(phone) if phone else None, opened_at=node.opened_at, closes_at=node.closes_at,
        subject_at=times.get((node.kind, node.subject_key)) if times is not None else node.opened_at,
        follow_level=one.follow_level,
    )  # fmt: skip
