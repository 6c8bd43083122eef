"""Facts follow the nodes: what changed is taken out as it was counted and put in as it stands."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from zhengtong.domains.ratings.models import Fact, Node
from zhengtong.domains.ratings.sums import MEASURES, Sums, counts_as

# What a count reads of a node, and nothing of whose service it was.
_READ = (
    "organ_id", "section_id", "officer_id", "window_id", "hall_code", "platform", "item_id", "opened_on", "state",
    "level", "channel", "excluded", "counted",
)  # fmt: skip


@transaction.atomic
def count_ratings(*, at: datetime, limit: int = 1000) -> int:
    """Counts the nodes that changed since they were counted, a bounded piece; returns how many. Costs what changed."""
    waiting = Node.objects.filter(uncounted=True).order_by("pk")
    if not waiting.exists():  # asked every two seconds: an idle counter takes no lock
        return 0
    locked = waiting.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    nodes = list(locked.only(*_READ)[:limit])
    sums = Sums()
    for node in nodes:
        now = counts_as(node)
        if node.counted:
            sums.add(node, node.counted, -1)
        sums.add(node, now)
        node.counted, node.uncounted = now, False
    Node.objects.bulk_update(nodes, ["counted", "uncounted"], batch_size=500)
    _add(sums)
    return len(nodes)


def _add(sums: Sums) -> None:
    """Adds by difference, in one order, so that two counters wait for each other and never cross."""
    rows = dict(sorted(sums.rows().items()))
    known = set(Fact.objects.filter(pk__in=list(rows)).values_list("pk", flat=True))
    new = [Fact(id=r.id, grain=r.grain, day=r.day, cut=r.cut, organ_id=r.organ_id, key=r.key) for r in rows.values()
           if r.id not in known]  # fmt: skip
    Fact.objects.bulk_create(new, ignore_conflicts=True)
    for row in rows.values():
        Fact.objects.filter(pk=row.id).update(
            **{name: F(name) + value for name in MEASURES if (value := getattr(row, name))}
        )


@transaction.atomic
def recount(*, repair: bool = False) -> list[str]:
    """Facts against a full count of the nodes as they were counted: ids of the rows that differ. Locks the facts."""
    sums = Sums()
    for node in Node.objects.exclude(counted="").only(*_READ).iterator(chunk_size=2000):
        sums.add(node, node.counted)
    right = sums.rows()
    stored = {row.pk: row for row in Fact.objects.iterator()}
    wrong = [
        key
        for key in sorted(right.keys() | stored.keys())
        if any(getattr(right.get(key), name, 0) != getattr(stored.get(key), name, 0) for name in MEASURES)
    ]
    if repair:
        Fact.objects.filter(pk__in=wrong).delete()
        Fact.objects.bulk_create([right[key] for key in wrong if key in right])
    return wrong
