"""What the tests of the seal share: entries, a log, and the hand of someone who has the database and the disk."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.people import AT
from zhengtong.base.journal.chain import entry_hash, salt_for
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import actions, sequence
from zhengtong.base.seal.actions import seal_and_publish

GUARDED = ("base_entry", "base_sealed", "base_checkpoint")


def made(key: str, seq: int, prev: str) -> Entry:
    """An act, hashed as the journal hashes it, not stored yet."""
    entry = Entry(
        subject_kind="case", subject_key=key, seq=seq, kind="case.noted", actor_kind="system", actor_name="",
        at=AT + timedelta(seconds=seq), facts=f'{{"n":{seq}}}', salt=salt_for("case", key, seq), prev=prev,
    )  # fmt: skip
    entry.hash = entry_hash(entry)
    return entry


def write(key: str, count: int = 1) -> list[Entry]:
    """The next acts on a subject, chained as the journal chains them."""
    last = Entry.objects.filter(subject_key=key).order_by("-seq").first()
    prev, seq = (last.hash, last.seq) if last else ("", 0)
    entries: list[Entry] = []
    for step in range(1, count + 1):
        entries.append(made(key, seq + step, prev))
        prev = entries[-1].hash
    return Entry.objects.bulk_create(entries)


def log(*sizes: int) -> None:
    """A log with a checkpoint at each size; the entry at place n is the only act on k<n>."""
    have = Entry.objects.count()
    for minute, size in enumerate(sizes):
        Entry.objects.bulk_create([made(f"k{number}", 1, "") for number in range(have, size)])
        have = max(have, size)
        seal_and_publish(at=AT + timedelta(minutes=minute))


def lift_guards() -> None:
    """Whoever owns the database can take its triggers away; rolled back with the test."""
    with connection.cursor() as cursor:
        for table in GUARDED:
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                for act in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{act}")


def files() -> dict[str, tuple[str, int]]:
    """Every published file with its hash and the time it was written."""
    root = Path(settings.SEAL_DIR)
    return {
        str(path.relative_to(root)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def nobody_else_writes(monkeypatch):
    """Transactions are counted by the cluster: beside this test others write to databases of their own."""
    seen = sequence.look

    def alone():
        found = seen()
        return found and found._replace(oldest_in_flight=found.next_transaction)

    monkeypatch.setattr(actions, "look", alone)
