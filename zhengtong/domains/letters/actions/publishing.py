"""公开典型来信: a text of its own beside the original, free of personal data, proposed by one and approved by another."""

from datetime import datetime

from django.db import transaction

from zhengtong.base import journal, search
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.base.search import Texts
from zhengtong.domains.letters.models import Letter, Publication
from zhengtong.domains.letters.queries import PUBLISHED, publication_of, sides
from zhengtong.rules.kinds import Kind
from zhengtong.rules.knowledge import gives_away
from zhengtong.rules.letters import ANSWERED, LetterKind, LetterState, Side
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_line, require_text


@transaction.atomic
def propose(letter: Letter, *, title: str, question: str, answer: str, by: Acting, at: datetime) -> Publication:
    """A text for the public. Refuses what still names or numbers somebody; a hidden author's letter is never shown."""
    _keeper(letter, by)
    if LetterState(letter.state) not in ANSWERED or letter.confidential or letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_NOT_PUBLISHABLE)
    said = {
        "title": require_line(title, 200, "title"),
        "question": require_text(question, 5000, "question"),
        "answer": require_text(answer, 10_000, "answer"),
    }
    _check_personal(letter, " ".join(said.values()))
    publication, _ = Publication.objects.update_or_create(
        letter=letter,
        defaults={
            **said, "state": Publication.PROPOSED, "category": letter.category, "organ": letter.organ,
            "agreed": letter.may_publish, "proposed_at": at, "proposed_by_id": by.officer_id,
            "judged_at": None, "judged_by": None, "judgement": "", "published_at": None,
        },
    )  # fmt: skip
    search.remove(PUBLISHED, publication.pk)
    _record(letter, Kind.LETTER_PUBLICATION_PROPOSED, by, at, agreed=letter.may_publish)
    return publication


@transaction.atomic
def publish(letter: Letter, *, by: Acting, at: datetime) -> Publication:
    """批准公开, by another than who prepared the text."""
    row = _waiting(letter, by)
    row.state, row.judged_at, row.judged_by_id, row.published_at = Publication.PUBLISHED, at, by.officer_id, at
    row.save(update_fields=["state", "judged_at", "judged_by", "published_at"])
    search.index(PUBLISHED, row.pk, Texts(name=[row.title], body=[row.question[:400], row.answer[:400]]))
    _record(letter, Kind.LETTER_PUBLISHED, by, at)
    return row


@transaction.atomic
def decline(letter: Letter, *, reason: str, by: Acting, at: datetime) -> Publication:
    row = _waiting(letter, by)
    row.state, row.judged_at, row.judged_by_id = Publication.DECLINED, at, by.officer_id
    row.judgement = require_text(reason, 500, "reason")
    row.save(update_fields=["state", "judged_at", "judged_by", "judgement"])
    _record(letter, Kind.LETTER_PUBLICATION_DECLINED, by, at)
    return row


@transaction.atomic
def unpublish(letter: Letter, *, reason: str, by: Acting, at: datetime) -> Publication:
    """撤下: gone from the portal and its search at once."""
    _keeper(letter, by)
    row = publication_of(letter)
    if row is None or row.state != Publication.PUBLISHED:
        raise Refusal(RefusalCode.LETTER_PUBLICATION_NONE)
    row.state, row.judgement = Publication.WITHDRAWN, clean_text(reason, 500, "reason")
    row.save(update_fields=["state", "judgement"])
    search.remove(PUBLISHED, row.pk)
    _record(letter, Kind.LETTER_UNPUBLISHED, by, at)
    return row


@transaction.atomic
def take_down(letter: Letter, *, code_shown: bool = False, by: Acting, at: datetime) -> Publication:
    """撤下 by the author, who may at any time and need not say why; a text that waits for approval is given up as well."""
    if not code_shown and Side.AUTHOR not in sides(by, letter):
        raise Refusal(RefusalCode.LETTER_NOT_YOURS, side=Side.AUTHOR.value)
    row = publication_of(letter)
    if row is None or row.state not in (Publication.PUBLISHED, Publication.PROPOSED):
        raise Refusal(RefusalCode.LETTER_PUBLICATION_NONE)
    row.state, row.agreed = Publication.WITHDRAWN, False
    row.save(update_fields=["state", "agreed"])
    search.remove(PUBLISHED, row.pk)
    journal.commit(letter, Event(Kind.LETTER_UNPUBLISHED), by=by, at=at, may_publish=False)
    return row


def _keeper(letter: Letter, by: Acting) -> None:
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_TIP_ONLY)
    if Side.KEEPER not in sides(by, letter):
        raise Refusal(RefusalCode.LETTER_NOT_YOURS, side=Side.KEEPER.value)


def _waiting(letter: Letter, by: Acting) -> Publication:
    if sides(by, letter).isdisjoint({Side.KEEPER, Side.APPROVER}):
        raise Refusal(RefusalCode.LETTER_NOT_YOURS, side=Side.APPROVER.value)
    row = publication_of(letter)
    if row is None or row.state != Publication.PROPOSED:
        raise Refusal(RefusalCode.LETTER_PUBLICATION_NONE)
    if row.proposed_by_id == by.officer_id:
        raise Refusal(RefusalCode.LETTER_PUBLISH_OWN)
    return row


def _check_personal(letter: Letter, text: str) -> None:
    found = list(gives_away(text))
    found += [one for one in (letter.name, letter.phone, letter.email) if len(one) > 1 and one in text]
    if found:
        raise Refusal(RefusalCode.LETTER_PUBLISH_PERSONAL, found="、".join(dict.fromkeys(found)))


def _record(letter: Letter, kind: Kind, by: Acting, at: datetime, **facts: object) -> None:
    label = by.posts[0].label if by.posts else ""
    journal.commit(letter, Event(kind, {n: v for n, v in facts.items() if v}, label), by=by, at=at)
