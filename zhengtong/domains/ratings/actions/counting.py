"""Facts follow the nodes: what changed is taken out as it was counted and put in as it stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction

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
    standing: dict[str, list[int]] = defaultdict(list)
    for node in nodes:
        now = counts_as(node)
        if node.counted:
            sums.add(node, node.counted, -1)
        sums.add(node, now)
        standing[now].append(node.pk)
    for now, keys in standing.items():  # a few dozen ways to stand, whatever the number of nodes
        Node.objects.filter(pk__in=keys).update(counted=now, uncounted=False)
    _add(sums)
    return len(nodes)


def _add(sums: Sums) -> None:
    """Adds by difference. Rows are locked in one order, so that two counters wait for each other and never cross."""
    for slice_ in batched(sorted(sums.rows().items())):
        rows = dict(slice_)
        empty = [
            Fact(id=r.id, grain=r.grain, day=r.day, cut=r.cut, organ_id=r.organ_id, key=r.key) for r in rows.values()
        ]
        Fact.objects.bulk_create(empty, ignore_conflicts=True)
        stored = list(Fact.objects.select_for_update().filter(pk__in=list(rows)).order_by("pk"))
        for row in stored:
            for name in MEASURES:
                setattr(row, name, getattr(row, name) + getattr(rows[row.pk], name))
        Fact.objects.bulk_create(stored, update_conflicts=True, unique_fields=["id"], update_fields=list(MEASURES))


def batched(rows: Sequence[tuple[str, Fact]], size: int = 500) -> Iterator[Sequence[tuple[str, Fact]]]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


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
