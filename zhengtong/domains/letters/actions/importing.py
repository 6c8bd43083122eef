"""Letters of another system, with what happened to them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhengtong.base import calendar, journal, search
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.letters.actions.receiving import new_number
from zhengtong.domains.letters.actions.steps import kind_mark, searchable, texts
from zhengtong.domains.letters.models import Category, Letter, Remark, Reply
from zhengtong.domains.letters.queries import KIND
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import WRITTEN, LetterState, Mailbox, answer_days, hides_author
from zhengtong.rules.letters_import import ImportedLetter, ImportOutcome


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """`name` is the source's: with its number it says whether a letter is here already."""

    name: str
    organ: Organ | None
    region: Region | None


@transaction.atomic
def import_letters(
    target: ImportTarget, letters: Sequence[ImportedLetter], *, by: Acting, at: datetime
) -> list[tuple[str, ImportOutcome]]:
    """New ones are stored together, in a handful of statements; known ones are continued or left as they are."""
    known = {
        row.external_key: row
        for row in Letter.objects.filter(external_key__in=[_key(target, letter) for letter in letters])
    }
    outcomes: dict[str, ImportOutcome] = {}
    fresh: list[ImportedLetter] = []
    days = calendar.current()
    for letter in letters:
        row = known.get(_key(target, letter))
        if row is None:
            fresh.append(letter)
            outcomes[letter.number] = ImportOutcome.TAKEN
        else:
            outcomes[letter.number] = _again(row, letter, days, by=by, at=at)
    _store(target, fresh, days, by=by, at=at)
    return [(letter.number, outcomes[letter.number]) for letter in letters]


def _key(target: ImportTarget, letter: ImportedLetter) -> str:
    return f"{target.name}:{letter.number}"


def _store(target: ImportTarget, fresh: Sequence[ImportedLetter], days: Calendar, *, by: Acting, at: datetime) -> None:
    categories = {one.name: one for one in Category.objects.filter(name__in={x.category for x in fresh if x.category})}
    rows = [_row(target, letter, categories.get(letter.category), days) for letter in fresh]
    journal.insert_all([(row, [_event(target, row)]) for row in rows], by=by, at=at)
    replies = [_reply(row, x) for row, x in zip(rows, fresh, strict=True) if x.replied_at is not None or x.reply]
    Reply.objects.bulk_create(replies)
    Remark.objects.bulk_create(
        [
            Remark(letter=row, seq=1, text=x.subject_original)
            for row, x in zip(rows, fresh, strict=True)
            if x.subject_original and x.subject_original != x.subject
        ]
    )
    search.index_many(KIND, [(row.pk, texts(row), 1.0) for row in rows if searchable(row)])


def _row(target: ImportTarget, letter: ImportedLetter, category: Category | None, days: Calendar) -> Letter:
    key = _key(target, letter)
    number = new_number(letter.received_at, "import", key)
    received_on = local_date(letter.received_at)
    row = Letter(
        number=number, kind=letter.kind.value, kind_mark=kind_mark(number, letter.kind.value),
        mailbox=Mailbox.IMPORT.value, state=LetterState.RECEIVED.value,
        confidential=hides_author(letter.kind, asked=False), subject_line=letter.subject, text=letter.text,
        moderated=letter.readable, name=letter.user,
        author_hash=lookup_hash(f"{target.name}:{letter.user}") if letter.user else "",
        category=category, region=target.region, organ=target.organ, external_key=key, source_mark=_mark(letter),
        received_at=letter.received_at, received_on=received_on,
    )  # fmt: skip
    if letter.replied_at is not None:
        row.state, row.closed_at, row.replied_at = LetterState.CLOSED.value, letter.replied_at, letter.replied_at
        row.answer_days = answer_days(received_on, local_date(letter.replied_at), days)
    return row


def _event(target: ImportTarget, row: Letter) -> Event:
    return Event(Kind.LETTER_IMPORTED, {"log": target.name, "received": row.received_at, "replied": row.replied_at})


def _reply(row: Letter, letter: ImportedLetter) -> Reply:
    """As it stands in the file; without a time it is kept as a draft and counts as no answer."""
    sent = letter.replied_at
    return Reply(
        letter=row, state=Reply.SENT if sent is not None else Reply.BACK, mode=WRITTEN, text=letter.reply,
        written_at=sent or letter.received_at, sent_at=sent,
    )  # fmt: skip


def _again(row: Letter, letter: ImportedLetter, days: Calendar, *, by: Acting, at: datetime) -> ImportOutcome:
    if row.source_mark != _mark(letter):
        return ImportOutcome.CHANGED
    if row.replied_at == letter.replied_at:
        return ImportOutcome.UNCHANGED
    if row.replied_at is not None or letter.replied_at is None:
        return ImportOutcome.CHANGED
    if row.version > 1:
        return ImportOutcome.HANDLED
    replied = letter.replied_at
    journal.commit(
        row, Event(Kind.LETTER_IMPORTED, {"replied": replied}), by=by, at=at, state=LetterState.CLOSED.value,
        closed_at=replied, replied_at=replied, answer_days=answer_days(row.received_on, local_date(replied), days),
    )  # fmt: skip
    Reply.objects.filter(letter=row).delete()
    _reply(row, letter).save()
    return ImportOutcome.CONTINUED


def _mark(letter: ImportedLetter) -> str:
    """What was written and when: a letter that comes again must be the same."""
    return lookup_hash(f"{letter.subject_original}\x1f{letter.text}\x1f{letter.received_at.isoformat()}")
