from datetime import datetime

from django.db import transaction

from zhengtong.base.seal import publication, tree
from zhengtong.base.seal.models import Sealed
from zhengtong.base.seal.queries import nothing_new, size, unsealed
from zhengtong.base.seal.sequence import locked, look, settle


def seal(*, at: datetime, limit: int = 10_000) -> int:
    """Gives the next committed entries their positions; how many. One sealer works at a time, others wait.

    Ids are not given in the order of commits (PostgreSQL): an entry may appear below one already sealed.
    So the search goes over everything above `settled`, which moves only past what can no longer change.
    """
    if nothing_new():
        return 0
    with transaction.atomic():
        return _seal(at, limit)


def _seal(at: datetime, limit: int) -> int:
    sequencer = locked()
    seen = look()
    found = list(unsealed().order_by("pk").values_list("pk", "hash")[:limit])
    if found:
        position = size()
        Sealed.objects.bulk_create(
            [Sealed(position=position + index, entry_id=pk, leaf=leaf) for index, (pk, leaf) in enumerate(found)]
        )
        sequencer.at = at
    settle(sequencer, seen, found[-1][0] if found else 0, complete=len(found) < limit)
    sequencer.save()
    return len(found)


def seal_and_publish(*, at: datetime) -> int:
    """Seals what waits and publishes a checkpoint over it; how many entries came into the public log."""
    while seal(at=at):
        pass
    return publication.publish(at=at)


def clear_partial_tiles(*, at: datetime) -> int:
    """Removes partial tiles whose full tile is published, as C2SP tlog-tiles allows; how many."""
    with tree.one_writer():
        return tree.clear_partials()
