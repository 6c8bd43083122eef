"""What supervision does with an answer: verify or reject it, close or withdraw the order, grant or decline more time."""

from datetime import datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.orders.actions.answering import check_extendable
from zhengtong.domains.orders.actions.steps import allow, dated, event, new_term, subject
from zhengtong.domains.orders.models import Extension, Order, Reply
from zhengtong.domains.orders.queries import running_term
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.orders import OrderResult, OrderState, OrderStep
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import require_text


@transaction.atomic
def verify(order: Order, *, text: str, by: Acting, at: datetime) -> None:
    """核实: a supervisor who did not write the reply has looked whether what it says is so."""
    move = allow(order, OrderStep.VERIFY, by)
    answer = _answer_by_another(order, by)
    words = require_text(text, 1000, "text")
    journal.commit(
        order, event(move.kind, order, by, text=words), by=by, at=at,
        state=OrderState.VERIFIED.value, state_since=at, verifier_id=by.officer_id, verified_at=at,
    )  # fmt: skip
    _judge(answer, Reply.VERIFIED, words, by, at)


@transaction.atomic
def reject(order: Order, *, reason: str, by: Acting, at: datetime) -> None:
    """退回重办: back to the organ with the reason and a new term of the same length, counted from today."""
    move = allow(order, OrderStep.REJECT, by)
    answer = _answer_by_another(order, by)
    words = require_text(reason, 1000, "reason")
    law = current_law()
    term = new_term(order, law, at, ordinal=order.term + 1)
    journal.commit(
        order, event(move.kind, order, by, reason=words, due=term.due_on), by=by, at=at,
        state=OrderState.REJECTED.value, state_since=at, term=order.term + 1, **dated(term, law),
    )  # fmt: skip
    deadlines.write([term])
    _judge(answer, Reply.REJECTED, words, by, at)


def close(order: Order, *, outcome: str, by: Acting, at: datetime) -> None:
    """办结, with the outcome in words that may be told to the applicant (监察结果描述)."""
    move = allow(order, OrderStep.CLOSE, by)
    words = require_text(outcome, 1000, "outcome")
    journal.commit(
        order, event(move.kind, order, by, outcome=words), by=by, at=at,
        state=OrderState.CLOSED.value, state_since=at, closed_at=at, result=OrderResult.DONE.value, outcome=words,
    )  # fmt: skip


@transaction.atomic
def withdraw(order: Order, *, reason: str, by: Acting, at: datetime) -> None:
    """撤销: issued in error, or its ground has gone. The running term is void and counts against nobody."""
    move = allow(order, OrderStep.WITHDRAW, by)
    words = require_text(reason, 1000, "reason")
    journal.commit(
        order, event(move.kind, order, by, reason=words), by=by, at=at,
        state=OrderState.CLOSED.value, state_since=at, closed_at=at, escalate_at=None,
        result=OrderResult.WITHDRAWN.value, outcome=words,
    )  # fmt: skip
    deadlines.close(subject(order), [DeadlineKind.ORDER], at=at, void=True)
    Extension.objects.filter(order=order, granted__isnull=True).update(granted=False, decided_at=at)


@transaction.atomic
def extend(order: Order, *, answer: str = "", by: Acting, at: datetime) -> Extension:
    """批准延期, by whoever issued the order, before the term ends: the same start with a larger amount."""
    move = allow(order, OrderStep.EXTEND, by)
    asked = _asked(order, by)
    check_extendable(order, asked.days, at)
    law, term = current_law(), running_term(order)
    if term is None:
        raise Refusal(RefusalCode.ORDER_EXTENSION_LATE)
    was = term.due_on
    plan.extend(term, asked.days, law.calendar)
    journal.commit(
        order, event(move.kind, order, by, days=asked.days, was=was, due=term.due_on), by=by, at=at,
        extended=True, **dated(term, law),
    )  # fmt: skip
    deadlines.write([term])
    _decide(asked, True, answer, by, at)
    return asked


@transaction.atomic
def decline_extension(order: Order, *, answer: str, by: Acting, at: datetime) -> Extension:
    """不予延期, with the reason. The term stays as it was."""
    move = allow(order, OrderStep.DECLINE_EXTENSION, by)
    asked = _asked(order, by)
    words = require_text(answer, 500, "reason")
    journal.commit(order, event(move.kind, order, by, days=asked.days, reason=words), by=by, at=at)
    _decide(asked, False, words, by, at)
    return asked


def _answer_by_another(order: Order, by: Acting) -> Reply:
    answer = Reply.objects.get(order=order, term=order.term)
    if answer.replied_by_id == by.officer_id:
        raise Refusal(RefusalCode.ORDER_OWN_REPLY)
    return answer


def _judge(answer: Reply, verdict: str, words: str, by: Acting, at: datetime) -> None:
    Reply.objects.filter(pk=answer.pk).update(
        verdict=verdict, verdict_text=words, judged_at=at, judged_by_id=by.officer_id
    )


def _asked(order: Order, by: Acting) -> Extension:
    asked = Extension.objects.filter(order=order, granted__isnull=True).first()
    if asked is None:
        raise Refusal(RefusalCode.ORDER_EXTENSION_NONE)
    # The issuer, or who stands in for them; an order of the system, or of one who has left, by any supervisor.
    issuer = order.issuer
    if issuer is not None and issuer.left_on is None and issuer.pk not in by.principals():
        raise Refusal(RefusalCode.ORDER_EXTENSION_BY_ISSUER, issuer=issuer.name)
    return asked


def _decide(asked: Extension, granted: bool, words: str, by: Acting, at: datetime) -> None:
    asked.granted, asked.answer, asked.decided_at, asked.decided_by_id = granted, words, at, by.officer_id
    asked.save(update_fields=["granted", "answer", "decided_at", "decided_by"])
