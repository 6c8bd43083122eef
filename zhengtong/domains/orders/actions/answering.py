"""What the organ does with an order: receive it, answer it with its evidence, ask once for more time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.names import safe_name
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.orders.actions.steps import allow, event, subject
from zhengtong.domains.orders.models import Attachment, Extension, Order, Reply
from zhengtong.domains.orders.queries import running_term
from zhengtong.rules.clock import local_date
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.orders import OrderKind, OrderState, OrderStep
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import require_text


def receive(order: Order, *, by: Acting, at: datetime) -> None:
    """签收: somebody of the organ has taken it up. The term runs on."""
    move = allow(order, OrderStep.RECEIVE, by)
    journal.commit(
        order, event(move.kind, order, by), by=by, at=at,
        state=OrderState.RECEIVED.value, state_since=at, received_at=at, received_by_id=by.officer_id,
    )  # fmt: skip


@transaction.atomic
def reply(order: Order, *, text: str, files: Sequence[tuple[StoredFile, str]] = (), by: Acting, at: datetime) -> Reply:
    """回复: ends the running term, met or missed. A request for more time that nobody decided ends with it."""
    move = allow(order, OrderStep.REPLY, by)
    words = require_text(text, 2000, "text")
    late = order.due_at is not None and at > order.due_at
    journal.commit(
        order,
        event(move.kind, order, by, term=order.term, late=late or None, files=[file.sha256 for file, _ in files]),
        by=by, at=at, state=OrderState.REPLIED.value, state_since=at, escalate_at=None,
    )  # fmt: skip
    deadlines.close(subject(order), [DeadlineKind.ORDER], at=at)
    Extension.objects.filter(order=order, granted__isnull=True).update(granted=False, decided_at=at)
    row = Reply.objects.create(order=order, term=order.term, text=words, replied_at=at, replied_by_id=by.officer_id)
    Attachment.objects.bulk_create([Attachment(reply=row, file=file, name=safe_name(name)) for file, name in files])
    return row


@transaction.atomic
def ask_extension(order: Order, *, days: int, reason: str, by: Acting, at: datetime) -> Extension:
    """申请延期: a complex order, once, before its term ends, with a reason (domain-rules §5.7)."""
    move = allow(order, OrderStep.ASK_EXTENSION, by)
    check_extendable(order, days, at)
    if Extension.objects.filter(order=order).exclude(granted=False).exists():
        raise Refusal(RefusalCode.ORDER_EXTENSION_TWICE)
    words = require_text(reason, 500, "reason")
    journal.commit(order, event(move.kind, order, by, days=days, reason=words), by=by, at=at)
    try:
        with transaction.atomic():
            return Extension.objects.create(
                order=order, days=days, reason=words, asked_at=at, asked_by_id=by.officer_id
            )
    except IntegrityError:
        raise Refusal(RefusalCode.ORDER_EXTENSION_TWICE) from None


def check_extendable(order: Order, days: int, at: datetime) -> None:
    if order.kind != OrderKind.COMPLEX.value:
        raise Refusal(RefusalCode.ORDER_NOT_EXTENDABLE, kind=order.kind)
    most = current_law().value("order.extension.days", local_date(at))
    if not 1 <= days <= most:
        raise Refusal(RefusalCode.ORDER_EXTENSION_DAYS, most=most)
    term = running_term(order)
    if term is None or term.due_at is None or at > term.due_at:
        raise Refusal(RefusalCode.ORDER_EXTENSION_LATE)
    if order.extended:
        raise Refusal(RefusalCode.ORDER_EXTENSION_TWICE)
