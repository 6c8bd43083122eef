"""Every change of an article. Words are written by one person and published by another; a published edition is closed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.journal import Event
from zhengtong.base.law import Law, current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.knowledge import finding, queries
from zhengtong.domains.knowledge.models import Article, ArticleItem, Edition, Verdict
from zhengtong.rules.canonical import canonical
from zhengtong.rules.clock import Unit, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.knowledge import ArticleKind, ArticleState, EditionState, Topic, Unhelped, gives_away
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line, clean_text, require_line, require_text

KEEP = Ability.KEEP_KNOWLEDGE
QUESTION_LENGTH, ANSWER_LENGTH, NOTE_LENGTH = 200, 8_000, 500
MOST_ALIASES, MOST_SOURCES, MOST_ITEMS = 30, 20, 20


@dataclass(frozen=True, slots=True)
class Wording:
    """What an edition says. `sources`: mappings of name, article, url."""

    question: str
    answer: str
    question_en: str = ""
    answer_en: str = ""
    aliases: Sequence[str] = ()
    sources: Sequence[Mapping[str, str]] = ()
    items: Sequence[str] = ()
    category: str = ""
    note: str = field(default="", compare=False)


def cleaned(wording: Wording) -> dict[str, Any]:
    """The columns of an edition; refuses what is empty, too long, half English, or gives somebody away."""
    values: dict[str, Any] = {
        "question": require_line(wording.question, QUESTION_LENGTH, "question"),
        "answer": require_text(wording.answer, ANSWER_LENGTH, "answer"),
        "question_en": clean_line(wording.question_en, 300, "question_en"),
        "answer_en": clean_text(wording.answer_en, ANSWER_LENGTH, "answer_en"),
        "aliases": list(dict.fromkeys(a for one in wording.aliases if (a := clean_line(one, 60, "aliases")))),
        "sources": [s for one in wording.sources if (s := _source(one))["name"]],
        "items": list(dict.fromkeys(i for one in wording.items if (i := clean_line(one, 50, "items")))),
        "category": clean_line(wording.category, 40, "category"),
        "note": clean_line(wording.note, NOTE_LENGTH, "note"),
    }
    for name, most in (("aliases", MOST_ALIASES), ("sources", MOST_SOURCES), ("items", MOST_ITEMS)):
        if len(values[name]) > most:
            raise Refusal(RefusalCode.FORM_TOO_MANY_ROWS, section=name, most=most)
    if bool(values["question_en"]) != bool(values["answer_en"]):
        raise Refusal(RefusalCode.ARTICLE_ENGLISH_HALF)
    spoken = " ".join([values[n] for n in ("question", "answer", "question_en", "answer_en")] + values["aliases"])
    if found := gives_away(spoken):
        raise Refusal(RefusalCode.ARTICLE_PERSONAL_DATA, found="、".join(found[:3]))
    return values


def _source(given: Mapping[str, str]) -> dict[str, str]:
    source = {name: clean_line(str(given.get(name, "")), 300, "sources") for name in ("name", "article", "url")}
    if source["url"] and not source["url"].startswith(("https://", "http://")):
        source["url"] = ""
    return source


def digest(edition: Edition) -> str:
    """SHA-256 over the words: who has a printed page can hold it against the journal."""
    words = {name: getattr(edition, name) for name in ("question", "answer", "question_en", "answer_en", "sources")}
    return hashlib.sha256(canonical(words).encode()).hexdigest()


# --- writing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft(
    key: str,
    kind: ArticleKind,
    topic: Topic,
    wording: Wording,
    *,
    organ_id: int,
    section_id: int | None = None,
    owner_id: int | None = None,
    letter_no: str = "",
    event: Kind = Kind.ARTICLE_DRAFTED,
    by: Acting,
    at: datetime,
) -> Article:
    """A new article with its first edition; nobody outside sees it. `key` stands in the public address for ever."""
    by.check(KEEP, Ability.ANSWER_LETTERS)
    values = cleaned(wording)
    writer = by.id if by.is_officer else None
    article = Article(
        key=require_line(key, 40, "key"), kind=ArticleKind(kind).value, topic=Topic(topic).value, organ_id=organ_id,
        section_id=section_id, owner_id=owner_id or writer, letter_no=letter_no,
    )  # fmt: skip
    try:
        with transaction.atomic():
            journal.insert(article, Event(event), by=by, at=at)
    except IntegrityError:
        raise Refusal(RefusalCode.ARTICLE_EXISTS, key=key) from None
    Edition.objects.create(
        article=article, number=1, drafted_by_id=writer, drafted_at=at, editors=[writer] if writer else [], **values
    )
    return article


@transaction.atomic
def edit(article: Article, wording: Wording, *, topic: Topic | None = None, by: Acting, at: datetime) -> Edition:
    """Rewrites the open edition; without one, a revision of the published words is opened. Sent back to draft."""
    by.check(KEEP)
    values = cleaned(wording)
    if article.state == ArticleState.WITHDRAWN.value:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=article.state)
    edition, writer = queries.open_edition(article), by.officer_id
    changes: dict[str, Any] = {"topic": Topic(topic).value} if topic else {}
    if edition is None:
        number = article.current_number + 1
        taken = Edition.objects.filter(article=article).order_by("-number").values_list("number", flat=True).first()
        number = max(number, (taken or 0) + 1)
        event = Event(Kind.ARTICLE_REVISION_OPENED, {"number": number, "note": values["note"]})
        journal.commit(article, event, by=by, at=at, **changes)
        return Edition.objects.create(
            article=article, number=number, drafted_by_id=writer, drafted_at=at, editors=[writer], **values
        )
    editors = sorted({*edition.editors, writer})
    journal.commit(article, Event(Kind.ARTICLE_EDITED, {"number": edition.number}), by=by, at=at, **changes)
    for name, value in (values | {"editors": editors, "state": EditionState.DRAFT.value}).items():
        setattr(edition, name, value)
    edition.save()
    return edition


def _opened(article: Article, *states: EditionState) -> Edition:
    edition = queries.open_edition(article)
    if edition is None or edition.state not in {state.value for state in states}:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=edition.state if edition else article.state)
    return edition


@transaction.atomic
def send_to_check(article: Article, *, by: Acting, at: datetime) -> Article:
    by.check(KEEP)
    edition = _opened(article, EditionState.DRAFT)
    journal.commit(article, Event(Kind.ARTICLE_SENT_TO_CHECK, {"number": edition.number}), by=by, at=at)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.CHECKING.value)
    return article


@transaction.atomic
def send_back(article: Article, *, reason: str, by: Acting, at: datetime) -> Article:
    by.check(KEEP)
    edition = _opened(article, EditionState.CHECKING)
    told = require_text(reason, NOTE_LENGTH, "reason")
    event = Event(Kind.ARTICLE_SENT_BACK, {"number": edition.number, "reason": told})
    journal.commit(article, event, by=by, at=at)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.DRAFT.value, note=told)
    return article


@transaction.atomic
def drop_revision(article: Article, *, by: Acting, at: datetime) -> Article:
    """The open edition is given up; what is published stays."""
    by.check(KEEP)
    edition = _opened(article, EditionState.DRAFT, EditionState.CHECKING)
    if article.current_id is None:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=article.state)
    journal.commit(article, Event(Kind.ARTICLE_REVISION_DROPPED, {"number": edition.number}), by=by, at=at)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.DROPPED.value)
    return article


# --- publishing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(article: Article, *, by: Acting, at: datetime, law: Law | None = None) -> Article:
    """Checked by another than all who wrote in it, and shown to everybody from now on; the review term begins anew."""
    by.check(KEEP)
    edition = _opened(article, EditionState.CHECKING)
    if by.is_officer and by.id in edition.editors:
        raise Refusal(RefusalCode.ARTICLE_OWN_WORDS)
    edition.digest = digest(edition)
    review_on = _plan_review(article, law or current_law(), at)
    Edition.objects.filter(article=article, state=EditionState.PUBLISHED.value).update(
        state=EditionState.SUPERSEDED.value
    )
    facts = {"number": edition.number, "digest": edition.digest}
    checker = by.id if by.is_officer else None
    edition.state, edition.checked_by_id, edition.checked_at = EditionState.PUBLISHED.value, checker, at
    edition.save(update_fields=["state", "checked_by", "checked_at", "digest"])
    journal.commit(
        article, Event(Kind.ARTICLE_PUBLISHED, facts), by=by, at=at, state=ArticleState.PUBLISHED.value,
        current_id=edition.pk, current_number=edition.number, published_at=at, review_on=review_on,
    )  # fmt: skip
    ArticleItem.objects.filter(article=article).delete()
    ArticleItem.objects.bulk_create(ArticleItem(article=article, item_code=code) for code in edition.items)
    finding.index(article, edition)
    return article


def _plan_review(article: Article, law: Law, at: datetime) -> Any:
    """知识库复核周期: natural days from the publication or the last review; its number is the journal's next."""
    today, subject = local_date(at), (Article.journal_kind, article.key)
    deadlines.close(subject, [DeadlineKind.REVIEW], at=at)
    limit = law.days("knowledge.review.days", today, Unit.CALENDAR_DAY)
    row = plan.planned(
        subject, DeadlineKind.REVIEW, today, limit, law.calendar, organ_id=article.organ_id, ordinal=article.version
    )
    deadlines.write([row])
    return row.due_on


@transaction.atomic
def confirm(article: Article, *, note: str = "", by: Acting, at: datetime) -> Article:
    """复核: somebody looked, and it still holds. The next review is counted from today."""
    by.check(KEEP)
    if article.state != ArticleState.PUBLISHED.value:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=article.state)
    review_on = _plan_review(article, current_law(), at)
    facts = {"number": article.current_number, "note": clean_line(note, NOTE_LENGTH, "note")}
    journal.commit(article, Event(Kind.ARTICLE_REVIEWED, facts), by=by, at=at, review_on=review_on)
    return article


@transaction.atomic
def follow_moved_review(
    article: Article, deadline: plan.Deadline, *, old: date | None, reason: str, by: Acting, at: datetime
) -> None:
    """A holiday notice moved the day of the review."""
    facts = {"was": old, "due": deadline.due_on, "reason": reason}
    journal.commit(article, Event(Kind.ARTICLE_REVIEW_MOVED, facts), by=by, at=at, review_on=deadline.due_on)


@transaction.atomic
def withdraw(article: Article, *, reason: str, by: Acting, at: datetime) -> Article:
    """No longer shown; its address says so and why."""
    by.check(KEEP)
    told = require_line(reason, NOTE_LENGTH, "reason")
    if article.state == ArticleState.WITHDRAWN.value:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=article.state)
    deadlines.close((Article.journal_kind, article.key), [DeadlineKind.REVIEW], at=at, void=True)
    journal.commit(
        article, Event(Kind.ARTICLE_WITHDRAWN, {"reason": told}), by=by, at=at, where=Q(state=article.state),
        state=ArticleState.WITHDRAWN.value, withdrawn_reason=told, review_on=None,
    )  # fmt: skip
    Edition.objects.filter(article=article, state__in=queries.OPEN).update(state=EditionState.DROPPED.value)
    ArticleItem.objects.filter(article=article).delete()
    finding.forget(article)
    return article


@transaction.atomic
def hand_to(article: Article, owner_id: int, *, by: Acting, at: datetime) -> Article:
    """Another officer answers for it from now on."""
    by.check(KEEP)
    owner = queries.possible_owner(owner_id)
    journal.commit(
        article, Event(Kind.ARTICLE_OWNER_CHANGED, {"owner": owner.name}), by=by, at=at, owner_id=owner.pk,
        organ_id=owner.organ_id,
    )  # fmt: skip
    return article


# --- what readers say ---------------------------------------------------------------------------------------------


def judge(
    article: Article,
    *,
    visitor: str,
    helped: bool,
    reason: str = "",
    text: str = "",
    at: datetime,
) -> Verdict:
    """「有没有帮到您」. One voice a visitor and edition: whoever answers again changes the own answer, and is not counted
    twice. Not journalled: it changes nothing about the article."""
    if article.state != ArticleState.PUBLISHED.value:
        raise Refusal(RefusalCode.NOT_FOUND)
    why = Unhelped(reason).value if reason and not helped else ""
    said = "" if helped else clean_text(text, 500, "text")
    verdict, _made = Verdict.objects.update_or_create(
        article=article, number=article.current_number, visitor=visitor,
        defaults={"helped": helped, "reason": why, "text": said, "at": at},
    )  # fmt: skip
    return verdict
