"""A circular is drafted from the figures, edited, approved by somebody else, published, and then closed for ever."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.bulletins import queries
from zhengtong.domains.bulletins.contents import SECTIONS, gather
from zhengtong.domains.bulletins.drafting import drafted_texts
from zhengtong.domains.bulletins.models import Bulletin, BulletinCopy
from zhengtong.rules.canonical import canonical
from zhengtong.rules.kinds import Kind
from zhengtong.rules.period import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.text import clean_text, require_text

TEXT_LENGTH, REASON_LENGTH = 4000, 1000


def digest(contents: dict[str, Any], texts: dict[str, str]) -> str:
    """SHA-256 over figures and words: who has the paper can hold it against the journal."""
    return hashlib.sha256(canonical({"contents": contents, "texts": texts}).encode()).hexdigest()


def _in_state(bulletin: Bulletin, *states: str) -> None:
    if bulletin.state not in states:
        raise Refusal(RefusalCode.BULLETIN_WRONG_STATE, state=bulletin.state)


@transaction.atomic
def draft(month: Month, *, reason: str = "", by: Acting, at: datetime) -> Bulletin:
    """The circular of a month that has ended; with a `reason`, the correction of one already out."""
    by.check(Ability.SUPERVISE)
    if local_date(at) <= month.until:
        raise Refusal(RefusalCode.SCORE_LOCK_TOO_EARLY, on=month.next().since)
    last = queries.latest(month)
    if last is not None and (last.state != Bulletin.PUBLISHED or not reason.strip()):
        raise Refusal(RefusalCode.BULLETIN_EXISTS, month=str(month))
    contents = gather(month)
    texts = drafted_texts(contents)
    row = Bulletin(
        month=month.since, revision=last.revision + 1 if last else 1, organ=queries.issuing_organ(by),
        correction_reason=require_text(reason, REASON_LENGTH, "reason") if last else "", contents=contents,
        texts=texts, digest=digest(contents, texts), counted_at=at, drafted_by_id=by.officer_id, drafted_at=at,
        editors=[by.officer_id],
    )  # fmt: skip
    facts = {"month": str(month), "corrects": last.journal_key if last else ""}
    try:
        with transaction.atomic():
            journal.insert(row, Event(Kind.BULLETIN_DRAFTED, facts), by=by, at=at)
    except IntegrityError:
        raise Refusal(RefusalCode.BULLETIN_EXISTS, month=str(month)) from None
    return row


@transaction.atomic
def edit(bulletin: Bulletin, section: str, text: str, *, by: Acting, at: datetime) -> Bulletin:
    """The words of one section. Tables cannot be typed."""
    by.check(Ability.SUPERVISE)
    _in_state(bulletin, Bulletin.DRAFT)
    if section not in SECTIONS:
        raise Refusal(RefusalCode.NOT_FOUND)
    cleaned = clean_text(text, TEXT_LENGTH, "text")
    if cleaned == bulletin.texts.get(section, ""):
        return bulletin
    texts = bulletin.texts | {section: cleaned}
    _rewrite(bulletin, Kind.BULLETIN_EDITED, {"section": section}, bulletin.contents, texts, by=by, at=at)
    return bulletin


@transaction.atomic
def refresh(bulletin: Bulletin, *, by: Acting, at: datetime) -> Bulletin:
    """Takes the figures anew. Words nobody has touched follow them; edited ones stay."""
    by.check(Ability.SUPERVISE)
    _in_state(bulletin, Bulletin.DRAFT)
    contents = gather(Month(bulletin.month.year, bulletin.month.month))
    old, new = drafted_texts(bulletin.contents), drafted_texts(contents)
    texts = {code: new[code] if bulletin.texts[code] == old[code] else bulletin.texts[code] for code in SECTIONS}
    _rewrite(bulletin, Kind.BULLETIN_REFRESHED, {}, contents, texts, by=by, at=at, counted_at=at)
    return bulletin


def _rewrite(
    bulletin: Bulletin,
    kind: Kind,
    facts: dict[str, Any],
    contents: dict[str, Any],
    texts: dict[str, str],
    *,
    by: Acting,
    at: datetime,
    **changes: Any,
) -> None:
    editors = sorted({*bulletin.editors, by.officer_id})
    journal.commit(
        bulletin, Event(kind, facts), by=by, at=at, where=Q(state=Bulletin.DRAFT), contents=contents, texts=texts,
        digest=digest(contents, texts), editors=editors, **changes,
    )  # fmt: skip


@transaction.atomic
def approve(bulletin: Bulletin, *, by: Acting, at: datetime) -> Bulletin:
    """By another person than all who wrote in it (§5.8: approval before issue)."""
    by.check(Ability.PUBLISH_REPORTS)
    _in_state(bulletin, Bulletin.DRAFT)
    if by.officer_id in bulletin.editors:
        raise Refusal(RefusalCode.BULLETIN_OWN_DRAFT)
    facts = {"digest": bulletin.digest}
    journal.commit(
        bulletin, Event(Kind.BULLETIN_APPROVED, facts), by=by, at=at, state=Bulletin.APPROVED,
        approved_by_id=by.officer_id, approved_at=at,
    )  # fmt: skip
    return bulletin


@transaction.atomic
def send_back(bulletin: Bulletin, *, reason: str, by: Acting, at: datetime) -> Bulletin:
    """Back to the drafter, with what is to be changed. An approval given before is taken away."""
    by.check(Ability.PUBLISH_REPORTS)
    _in_state(bulletin, Bulletin.DRAFT, Bulletin.APPROVED)
    told = require_text(reason, REASON_LENGTH, "reason")
    journal.commit(
        bulletin, Event(Kind.BULLETIN_SENT_BACK, {"reason": told}), by=by, at=at, state=Bulletin.DRAFT,
        approved_by_id=None, approved_at=None,
    )  # fmt: skip
    return bulletin


@transaction.atomic
def publish(bulletin: Bulletin, *, by: Acting, at: datetime) -> Bulletin:
    """Gives it its number, notes a copy for every dispatching unit, and closes it: from here on only a correction."""
    by.check(Ability.PUBLISH_REPORTS)
    _in_state(bulletin, Bulletin.APPROVED)
    year = local_date(at).year
    issued = Bulletin.objects.filter(organ=bulletin.organ_id, number__contains=f"〔{year}〕").count()
    number = f"{bulletin.organ.short_name}督通〔{year}〕{issued + 1}号"
    journal.commit(
        bulletin, Event(Kind.BULLETIN_PUBLISHED, {"number": number}), by=by, at=at, state=Bulletin.PUBLISHED,
        number=number, published_by_id=by.officer_id, published_at=at,
    )  # fmt: skip
    BulletinCopy.objects.bulk_create(
        BulletinCopy(bulletin=bulletin, organ=organ, sent_at=at) for organ in queries.dispatching_organs()
    )
    return bulletin
