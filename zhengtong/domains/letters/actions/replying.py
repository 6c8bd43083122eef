"""答复: written, approved by another where it must be, sent; more time asked before the limit ends."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.files.names import safe_name
from zhengtong.base.journal import Event
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.letters.actions.receiving import Files
from zhengtong.domains.letters.actions.steps import allow, dated, event, in_hand, post_of, remark, subject
from zhengtong.domains.letters.models import Attachment, Extension, Letter, Reply
from zhengtong.domains.letters.queries import draft_of, extension_of, running_limit, took_part
from zhengtong.rules.clock import local_date
from zhengtong.rules.letters import (
    JUDGED,
    MOVES,
    Finding,
    LetterKind,
    LetterMove,
    LetterState,
    LetterStep,
    Mailbox,
    Side,
    answer_days,
    check_letter_step,
    check_reply_mode,
    needs_approval,
)
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_text


@transaction.atomic
def draft(
    letter: Letter, *, text: str, mode: str, finding: str = "", files: Files = (), by: Acting, at: datetime
) -> Reply:
    """起草 and submit for approval."""
    move = allow(letter, LetterStep.DRAFT, by)
    reply = _written(letter, text=text, mode=mode, finding=finding, files=files, by=by, at=at)
    journal.commit(
        letter, event(move, letter, by, mode=mode, files=[f.sha256 for f, _ in files]), by=by, at=at,
        state=LetterState.DRAFTED.value,
    )  # fmt: skip
    return reply


@transaction.atomic
def send(
    letter: Letter, *, text: str, mode: str, finding: str = "", files: Files = (), by: Acting, at: datetime
) -> Reply:
    """答复 at once, where no leader must approve it."""
    move = allow(letter, LetterStep.SEND, by)
    if needs_approval(LetterKind(letter.kind), Mailbox(letter.mailbox), letter.round):
        raise Refusal(RefusalCode.LETTER_NEEDS_APPROVAL)
    reply = _written(letter, text=text, mode=mode, finding=finding, files=files, by=by, at=at)
    _sent(letter, reply, move, by=by, at=at)
    return reply


@transaction.atomic
def approve(letter: Letter, *, judgement: str = "", by: Acting, at: datetime) -> Reply:
    """批准 by somebody who did not write it; of a reopened letter by somebody who did not approve the first reply either."""
    move = allow(letter, LetterStep.APPROVE, by)
    reply = _judged(letter, by)
    if letter.round > 1 and by.officer_id in took_part(letter):
        raise Refusal(RefusalCode.LETTER_LEVEL_UP)
    reply.approver_id, reply.judged_at = by.officer_id, at
    reply.judgement = clean_text(judgement, 500, "judgement")
    _sent(letter, reply, move, by=by, at=at)
    return reply


@transaction.atomic
def send_back(letter: Letter, *, judgement: str, by: Acting, at: datetime) -> Reply:
    """退回重写, with the reason."""
    move = allow(letter, LetterStep.SEND_BACK, by)
    reply = _judged(letter, by)
    journal.commit(letter, event(move, letter, by), by=by, at=at, state=LetterState.ANSWERING.value)
    words = remark(letter, judgement, most=500)
    reply.state, reply.judged_at, reply.judgement, reply.approver_id = Reply.BACK, at, words, by.officer_id
    reply.save(update_fields=["state", "judged_at", "judgement", "approver"])
    return reply


@transaction.atomic
def recall(letter: Letter, *, by: Acting, at: datetime) -> Reply:
    """撤回送审 by who wrote it, as long as nobody has judged it; the limit runs on."""
    move = check_letter_step(LetterStep.SEND_BACK, LetterState(letter.state))
    reply = draft_of(letter)
    if reply is None or reply.writer_id not in by.principals():
        raise Refusal(RefusalCode.LETTER_NOT_YOURS, side=Side.ANSWERER.value)
    writing = post_of(letter, by, MOVES[LetterStep.DRAFT])
    journal.commit(
        letter, Event(move.kind, {"recalled": True}, writing), by=by, at=at, state=LetterState.ANSWERING.value
    )
    reply.state = Reply.BACK
    reply.save(update_fields=["state"])
    return reply


def _written(letter: Letter, *, text: str, mode: str, finding: str, files: Files, by: Acting, at: datetime) -> Reply:
    in_hand(letter, by)
    check_reply_mode(came_orally=letter.oral, mode=mode)
    if LetterKind(letter.kind) in JUDGED and finding not in {one.value for one in Finding}:
        raise Refusal(RefusalCode.LETTER_FINDING_MISSING)
    reply = Reply.objects.create(
        letter=letter, round=letter.round, mode=mode, text=require_text(text, 10_000, "text"),
        finding=finding if LetterKind(letter.kind) in JUDGED else "", writer_id=by.officer_id, written_at=at,
    )  # fmt: skip
    Attachment.objects.bulk_create(
        [Attachment(letter=letter, reply=reply, file=file, name=safe_name(name)) for file, name in files]
    )
    return reply


def _judged(letter: Letter, by: Acting) -> Reply:
    reply = draft_of(letter)
    if reply is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    if reply.writer_id == by.officer_id:
        raise Refusal(RefusalCode.LETTER_OWN_DRAFT)
    return reply


def _sent(letter: Letter, reply: Reply, move: LetterMove, *, by: Acting, at: datetime) -> None:
    """The reply leaves: the limit ends, met or missed; reports count the first one."""
    late = letter.due_at is not None and at > letter.due_at and not letter.provisional
    changes: dict[str, Any] = {"state": LetterState.SENT.value, "satisfaction": ""}
    if letter.replied_at is None:
        days = answer_days(letter.received_on, local_date(at), current_law().calendar)
        changes |= {"replied_at": at, "answer_days": days, "replied_late": late}
    if reply.finding:
        changes["finding"] = reply.finding
    journal.commit(
        letter, event(move, letter, by, mode=reply.mode, round=letter.round, late=late), by=by, at=at, **changes
    )
    reply.state, reply.sent_at = Reply.SENT, at
    reply.save(update_fields=["state", "sent_at", "approver", "judged_at", "judgement"])
    deadlines.close(subject(letter), [DeadlineKind.REPLY, DeadlineKind.ROUTE], at=at)
    Extension.objects.filter(letter=letter, granted__isnull=True).update(granted=False, decided_at=at)


# --- more time ---


@transaction.atomic
def ask_extension(letter: Letter, *, days: int, reason: str, by: Acting, at: datetime) -> Extension:
    """申请延期: once, before the limit ends, with a reason."""
    move = allow(letter, LetterStep.ASK_EXTENSION, by)
    in_hand(letter, by)
    check_extendable(letter, days, at)
    if extension_of(letter) is not None:
        raise Refusal(RefusalCode.LETTER_EXTENSION_TWICE)
    words = require_text(reason, 500, "reason")
    journal.commit(letter, event(move, letter, by, days=days), by=by, at=at)
    try:
        with transaction.atomic():
            return Extension.objects.create(
                letter=letter, days=days, reason=words, asked_at=at, asked_by_id=by.officer_id
            )
    except IntegrityError:
        raise Refusal(RefusalCode.LETTER_EXTENSION_TWICE) from None


@transaction.atomic
def extend(letter: Letter, *, answer: str = "", by: Acting, at: datetime) -> Extension:
    """批准延期 by another: the same start with a larger amount."""
    move = allow(letter, LetterStep.EXTEND, by)
    asked = _asked(letter, by)
    check_extendable(letter, asked.days, at)
    row = running_limit(letter)
    if row is None:
        raise Refusal(RefusalCode.LETTER_EXTENSION_LATE)
    was = row.due_on
    plan.extend(row, asked.days, current_law().calendar)
    journal.commit(
        letter, event(move, letter, by, days=asked.days, was=was, due=row.due_on), by=by, at=at,
        extended=True, **dated(row),
    )  # fmt: skip
    deadlines.write([row])
    _decide(asked, True, clean_text(answer, 500, "answer"), by, at)
    return asked


@transaction.atomic
def decline_extension(letter: Letter, *, answer: str, by: Acting, at: datetime) -> Extension:
    """不予延期, with the reason. The limit stays as it was."""
    move = allow(letter, LetterStep.DECLINE_EXTENSION, by)
    asked = _asked(letter, by)
    words = require_text(answer, 500, "answer")
    journal.commit(letter, event(move, letter, by, days=asked.days), by=by, at=at)
    _decide(asked, False, words, by, at)
    return asked


def check_extendable(letter: Letter, days: int, at: datetime) -> None:
    most = current_law().value("letter.extension.days", local_date(at))
    if not 1 <= days <= most:
        raise Refusal(RefusalCode.LETTER_EXTENSION_DAYS, most=most)
    if letter.due_at is None or at > letter.due_at:
        raise Refusal(RefusalCode.LETTER_EXTENSION_LATE)
    if letter.extended:
        raise Refusal(RefusalCode.LETTER_EXTENSION_TWICE)


def _asked(letter: Letter, by: Acting) -> Extension:
    asked = extension_of(letter)
    if asked is None or asked.granted is not None:
        raise Refusal(RefusalCode.LETTER_EXTENSION_NONE)
    if asked.asked_by_id == by.officer_id:
        raise Refusal(RefusalCode.LETTER_EXTENSION_OWN)
    return asked


def _decide(asked: Extension, granted: bool, words: str, by: Acting, at: datetime) -> None:
    asked.granted, asked.answer, asked.decided_at, asked.decided_by_id = granted, words, at, by.officer_id
    asked.save(update_fields=["granted", "answer", "decided_at", "decided_by"])
