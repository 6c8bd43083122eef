import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from zhengtong.base.journal.models import Entry
from zhengtong.rules.canonical import canonical


def salt_for(subject_kind: str, subject_key: str, seq: int) -> str:
    """A salt nobody outside can guess and a replay makes again: no chance below the doors.

    It keeps a published leaf from being guessed back to its few plausible facts.
    """
    message = f"{subject_kind}|{subject_key}|{seq}".encode()
    return hmac.new(settings.JOURNAL_SALT_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


def entry_body(entry: Entry) -> str:
    """The entry in canonical form, as it is hashed. `facts` enters as its own text, so that it is hashed as stored."""
    return canonical(
        {
            "v": 1,
            "subject": [entry.subject_kind, entry.subject_key],
            "seq": entry.seq,
            "kind": entry.kind,
            "actor": [entry.actor_kind, entry.actor_id, entry.actor_name, entry.post],
            "at": int(entry.at.timestamp() * 1_000_000 + 0.5),  # microseconds: both databases keep exactly these
            "facts": entry.facts,
            "salt": entry.salt,
            "prev": entry.prev,
        }
    )


def entry_hash(entry: Entry) -> str:
    """SHA-256 of the entry's body: what chains it, and what is sealed of it."""
    return hashlib.sha256(entry_body(entry).encode()).hexdigest()


def check_chain(entries: Iterable[Entry], head: str, version: int) -> list[str]:
    """What is wrong with one subject's entries, oldest first, against its row's head. Empty when all holds."""
    faults: list[str] = []
    prev, expected = "", 1
    for entry in entries:
        if entry.seq != expected:
            faults.append(f"entry {expected} is missing (found {entry.seq})")
            expected = entry.seq
        if entry.prev != prev:
            faults.append(f"entry {entry.seq} does not follow its predecessor")
        if entry_hash(entry) != entry.hash:
            faults.append(f"entry {entry.seq} ({entry.kind}) was altered")
        prev, expected = entry.hash, expected + 1
    if expected - 1 != version:
        faults.append(f"the row says {version} entries, the journal holds {expected - 1}")
    if prev != head:
        faults.append("the row's head is not the last entry's hash")
    return faults
