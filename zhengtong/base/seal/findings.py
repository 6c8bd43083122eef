"""What a check of the seal can find. The sentences stand at the doors."""

from enum import StrEnum
from typing import Any, NamedTuple


class Tampering(StrEnum):
    ENTRY_CHANGED = "entry.changed"  # the entry is not what was sealed at its place
    ENTRY_MISSING = "entry.missing"  # its place is kept, it is gone
    ENTRY_REORDERED = "entry.reordered"  # it stands where another was sealed
    ENTRY_UNSEALED = "entry.unsealed"  # it appeared behind the sealer's back
    PLACE_CHANGED = "place.changed"  # the table of places says another hash than the signed log
    PLACE_MISSING = "place.missing"
    TAIL_CUT = "log.cut"  # more was signed than is there
    LOG_FORKED = "log.forked"  # signed with our key, and not the log we have
    TILE_REWRITTEN = "tile.rewritten"
    TILE_MISSING = "tile.missing"
    CHECKPOINT_FORGED = "checkpoint.forged"  # no key of ours signed it
    CHECKPOINT_LOST = "checkpoint.lost"  # published, and gone from the table; or the other way round
    KEY_UNKNOWN = "key.unknown"  # nobody handed the log over to this key


class Finding(NamedTuple):
    code: Tampering
    facts: dict[str, Any]
