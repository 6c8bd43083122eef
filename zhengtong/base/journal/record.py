from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from zhengtong.base.journal.chain import entry_hash, salt_for
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.subject import Subject
from zhengtong.base.permission import Acting
from zhengtong.rules.canonical import canonical, plain
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, before it is written. `facts` holds no personal data: they are sealed and kept for ever.

    `by` and `at` are set only for an act that happened elsewhere (an imported log); else they are the step's.
    """

    kind: Kind
    facts: dict[str, Any] = field(default_factory=dict)
    post: str = ""
    by: Acting | None = None
    at: datetime | None = None


def _row_facts(subject: Subject, changes: dict[str, Any]) -> dict[str, Any]:
    kept = set(subject.journal_fields)
    return {name: plain(value) for name, value in changes.items() if name in kept}


def _chain(
    subject: Subject, events: Sequence[Event], row: dict[str, Any], by: Acting, at: datetime
) -> tuple[list[Entry], int, str]:
    entries: list[Entry] = []
    version, head = subject.version, subject.journal_head
    for index, event in enumerate(events):
        version += 1
        facts = dict(event.facts)
        if row and index == len(events) - 1:
            facts["row"] = row  # the last entry of a step carries the row as it left it
        actor = event.by or by
        entry = Entry(
            subject_kind=subject.journal_kind,
            subject_key=subject.journal_key,
            seq=version,
            kind=event.kind.value,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            actor_name=actor.name,
            post=event.post,
            at=event.at or at,
            facts=canonical(facts),
            salt=salt_for(subject.journal_kind, subject.journal_key, version),
            prev=head,
        )
        entry.hash = head = entry_hash(entry)
        entries.append(entry)
    return entries, version, head


def insert(subject: Subject, *events: Event, by: Acting, at: datetime) -> None:
    """Stores a new subject together with its first entries. Two statements, in the caller's transaction."""
    row = _row_facts(subject, {name: getattr(subject, name) for name in subject.journal_fields})
    entries, subject.version, subject.journal_head = _chain(subject, events, row, by, at)
    subject.save(force_insert=True)
    Entry.objects.bulk_create(entries)


def insert_all(histories: Sequence[tuple[Subject, Sequence[Event]]], *, by: Acting, at: datetime) -> None:
    """Stores new subjects of one kind together with all that happened to them: two statements for the lot."""
    entries: list[Entry] = []
    for subject, events in histories:
        row = _row_facts(subject, {name: getattr(subject, name) for name in subject.journal_fields})
        chained, subject.version, subject.journal_head = _chain(subject, events, row, by, at)
        entries += chained
    if histories:
        type(histories[0][0])._default_manager.bulk_create([subject for subject, _ in histories])
        Entry.objects.bulk_create(entries)


def commit(
    subject: Subject,
    *events: Event,
    by: Acting,
    at: datetime,
    where: models.Q | None = None,
    **changes: Any,
) -> None:
    """Changes a subject's row and appends its entries: one guarded UPDATE and one INSERT, in the caller's transaction.

    The guard is the version this instance was read at. When another step came between, nothing is written and
    Refusal(STALE) names what happened meanwhile. `where` adds conditions of the law ("still in this state").
    """
    entries, version, head = _chain(subject, events, _row_facts(subject, changes), by, at)
    rows = type(subject)._default_manager.filter(pk=subject.pk, version=subject.version)
    if where is not None:
        rows = rows.filter(where)
    if not rows.update(version=version, journal_head=head, **changes):
        raise Refusal(RefusalCode.STALE, **_meanwhile(subject))
    Entry.objects.bulk_create(entries)
    subject.version, subject.journal_head = version, head
    for name, value in changes.items():
        setattr(subject, name, value)


def _meanwhile(subject: Subject) -> dict[str, Any]:
    latest = (
        Entry.objects.filter(
            subject_kind=subject.journal_kind, subject_key=subject.journal_key, seq__gt=subject.version
        )
        .order_by("-seq")
        .first()
    )
    if latest is None:
        return {"kind": "", "actor": "", "at": ""}
    return {"kind": latest.kind, "actor": latest.actor_name, "at": latest.at}
