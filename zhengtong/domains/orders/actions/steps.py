"""What every step of an order shares: who may take it, and the term that runs."""

from datetime import datetime
from typing import Any

from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import Event
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.orders.models import Order
from zhengtong.domains.orders.queries import ANSWERING, answers_for
from zhengtong.rules.clock import local_date, start_of
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.orders import DEEPEST, OrderMove, OrderState, OrderStep, check_order_step, step_due
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


def subject(order: Order) -> tuple[str, str]:
    return (order.journal_kind, order.number)


def allow(order: Order, step: OrderStep, by: Acting) -> OrderMove:
    """The move. Refuses a wrong state first, then the wrong side of the table or the wrong organ."""
    move = check_order_step(step, OrderState(order.state))
    if not move.by_organ:
        if by.kind is not ActorKind.SYSTEM:
            by.check(Ability.SUPERVISE)
    elif not answers_for(by, order):
        raise Refusal(RefusalCode.ORDER_OTHER_ORGAN, organ=order.organ.name)
    return move


def post_of(order: Order, by: Acting) -> str:
    """The label of the post a step is taken in: the answering one in the organ, else that of supervision."""
    own = [post.label for post in by.posts if post.role in ANSWERING and post.organ_id == order.organ_id]
    return (own or [post.label for post in by.posts] or [""])[0]


def event(kind: Kind, order: Order, by: Acting, **facts: Any) -> Event:
    """Empty facts are left out, so that an entry says only what is so."""
    kept = {name: value for name, value in facts.items() if value not in (None, "", [])}
    return Event(kind, kept, post_of(order, by))


def new_term(order: Order, law: Law, at: datetime, *, ordinal: int = 1) -> Deadline:
    """The limit of one of the order's terms, from the parameter of its kind (domain-rules §5.7)."""
    on = local_date(at)
    return plan.planned(
        subject(order),
        DeadlineKind.ORDER,
        on,
        law.days(f"order.{order.kind.lower()}.days", on),
        law.calendar,
        organ_id=order.organ_id,
        ordinal=ordinal,
    )


def dated(row: Deadline, law: Law, depth: int = 1) -> dict[str, Any]:
    """What the order copies from its running term: the due date, and when the sweep looks for this step of the ladder.

    A 暂定 date is watched too: the notice of its year comes before it, or the sweep waits another day.
    """
    return {
        "due_on": row.due_on,
        "due_at": row.due_at,
        "provisional": row.provisional,
        "escalate_at": watched_from(row, law, depth),
    }


def watched_from(row: Deadline, law: Law, depth: int) -> datetime | None:
    if row.due_on is None or depth > DEEPEST:
        return None
    after = (
        law.value("order.escalate.head.days", row.started_on),
        law.value("order.escalate.above.days", row.started_on),
    )
    return start_of(step_due(depth, row.due_on, after, law.calendar))
