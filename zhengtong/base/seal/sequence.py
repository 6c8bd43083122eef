"""How far below nothing can appear any more: where the two engines differ in the order of their commits."""

from typing import NamedTuple

from django.db import connection

from zhengtong.base.seal.models import Sequencer

ONLY = 1  # the sequencer's row


def locked() -> Sequencer:
    """The sequencer, ours until the transaction ends: one seals or publishes, others wait."""
    Sequencer.objects.get_or_create(pk=ONLY)
    return Sequencer.objects.select_for_update().get(pk=ONLY)


class Look(NamedTuple):
    newest: int  # id of the newest entry visible
    oldest_in_flight: int
    next_transaction: int


def look() -> Look | None:
    """What stands and who is still writing, in one snapshot; None on SQLite, where ids are given in commit order."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM base_entry"
        )
        return Look(*cursor.fetchone())


def settle(sequencer: Sequencer, seen: Look | None, last: int, *, complete: bool) -> None:
    """Moves the mark after a slice: `last` is the highest id that was given a place, `complete` when no more waited.

    An entry takes its id after its transaction has written the subject's row (journal.record), so by then the
    transaction has a number and stands in every snapshot until it ends. Once all below `fence` have ended,
    whatever is committed up to `seen` is visible, and nothing else can come there.
    """
    if seen is None:
        sequencer.settled = sequencer.seen = max(sequencer.settled, last)
        return
    if sequencer.fence > seen.next_transaction:  # restored into another cluster, which counts anew
        sequencer.seen = sequencer.settled
    ended = seen.oldest_in_flight >= sequencer.fence
    if sequencer.seen > sequencer.settled and ended and (complete or last > sequencer.seen):
        sequencer.settled = sequencer.seen
    if sequencer.seen <= sequencer.settled:
        sequencer.seen, sequencer.fence = seen.newest, seen.next_transaction
