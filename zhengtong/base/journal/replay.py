import json
from collections.abc import Iterable
from typing import Any

from zhengtong.base.journal.chain import check_chain
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.subject import Subject
from zhengtong.rules.canonical import plain


def rebuilt_row(entries: Iterable[Entry]) -> dict[str, Any]:
    """The journalled columns as the entries leave them."""
    row: dict[str, Any] = {}
    for entry in entries:
        row.update(json.loads(entry.facts).get("row", {}))
    return row


def check_subject(subject: Subject, entries: list[Entry]) -> list[str]:
    """Chain and row of one subject, in words; empty when the journal and the row agree."""
    faults = check_chain(entries, subject.journal_head, subject.version)
    row = rebuilt_row(entries)
    for name in subject.journal_fields:
        stored = plain(getattr(subject, name))
        if row.get(name) != stored:
            faults.append(f"{name}: the row says {stored!r}, the journal {row.get(name)!r}")
    return faults
