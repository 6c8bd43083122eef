"""The evidence of one subject, for whoever it concerns: its entries, their places, and what signs them.

An inner act is given by its hash alone. The chain then still holds through it, because the next act shown carries that
hash, and its inclusion proves that it existed when; what it says stays inside.
"""

from collections.abc import Collection
from typing import Any

from django.conf import settings

from zhengtong.base.journal.chain import entry_body
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.seal import keys, tree
from zhengtong.base.seal.models import Sealed
from zhengtong.base.seal.queries import last_checkpoint
from zhengtong.rules.merkle import inclusion_proof
from zhengtong.rules.refusal import Refusal, RefusalCode

FORMAT = "zhengtong-evidence/1"


def evidence(subject_kind: str, subject_key: str, *, shown: Collection[str] | None) -> dict[str, Any]:
    """All entries of a subject with their proofs against the last checkpoint; `shown` kinds whole, None: all kinds.

    Refuses while no checkpoint covers the first of them: the worker signs one each minute.
    """
    last = last_checkpoint()
    entries = list(entries_of(subject_kind, subject_key))
    places = _places(entries, last.size if last else 0)
    if last is None or not places:
        raise Refusal(RefusalCode.SEAL_WAITING)
    return {
        "format": FORMAT,
        "subject": [subject_kind, subject_key],
        "log": f"{settings.PUBLIC_URL}/log",
        "keys": _keys(),
        "checkpoint": last.note,
        "entries": [_link(entry, places.get(entry.pk), last.size, shown) for entry in entries],
    }


def _keys() -> list[dict[str, Any]]:
    """Oldest first, each with the note by which the one before handed over to it."""
    rows = keys.public_keys()
    return [
        {
            "key": keys.verifier(row),
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            "handover": keys.handover(rows[place - 1], row) if place else "",
        }
        for place, row in enumerate(rows)
    ]


def _places(entries: list[Entry], size: int) -> dict[int, int]:
    rows = Sealed.objects.filter(entry_id__in=[entry.pk for entry in entries], position__lt=size)
    return dict(rows.values_list("entry_id", "position"))


def _link(entry: Entry, position: int | None, size: int, shown: Collection[str] | None) -> dict[str, Any]:
    link: dict[str, Any] = {"seq": entry.seq, "hash": entry.hash, "position": position, "proof": []}
    if position is not None:
        link["proof"] = [part.hex() for part in inclusion_proof(position, size, tree.nodes(size))]
    if shown is None or entry.kind in shown:
        link["body"] = entry_body(entry)
    return link
