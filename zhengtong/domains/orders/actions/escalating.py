"""逐级催办: what the clock brings about when nobody answers. Each step of the ladder once in each term."""

from datetime import datetime, timedelta

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.orders.actions.paper import issue_urging_paper
from zhengtong.domains.orders.actions.steps import dated, event, watched_from
from zhengtong.domains.orders.models import Escalation, Order
from zhengtong.domains.orders.queries import Link, chain, escalations, running_term
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.numbers import paper_no
from zhengtong.rules.orders import DEEPEST, OrderState, OrderStep, check_order_step


@transaction.atomic
def escalate(order: Order, *, law: Law, by: Acting, at: datetime) -> tuple[Escalation, Link] | None:
    """The next step of the ladder, if it is due; None if not. Where the term was moved meanwhile, the sweep is told
    when to look again. On a 暂定 date nobody is urged (domain-rules §2.3): the sweep comes back tomorrow."""
    check_order_step(OrderStep.ESCALATE, OrderState(order.state))
    term = running_term(order)
    if term is None:
        return None
    taken = escalations(order)
    depth = 1 + sum(step.term == order.term for step in taken)
    due = watched_from(term, law, depth)
    if term.provisional or due is None or at < due:
        _look_again(order, at + timedelta(days=1) if term.provisional else due)
        return None
    on = local_date(at)
    link = chain(order, on)[depth - 1]
    issuing = order.issuing_organ
    number = paper_no(issuing.short_name, "催", on.year, next_serial(f"paper:{issuing.pk}:催:{on.year}"))
    parent = taken[-1] if taken else None
    # The guarded row first: of two workers one is told STALE there, before a rung could be written twice.
    journal.commit(
        order,
        event(
            Kind.ORDER_ESCALATED, order, by, depth=depth, to=link.name, paper=number, due=order.due_on,
            parent=parent.depth if parent else None, officers=[p.officer_id for p in link.people],
        ),
        by=by,
        at=at,
        depth=max(order.depth, depth),
        escalate_at=watched_from(term, law, depth + 1) if depth < DEEPEST else None,
    )  # fmt: skip
    step = Escalation.objects.create(
        order=order,
        term=order.term,
        depth=depth,
        parent=parent,
        at=at,
        addressed=link.name,
        people=[{"officer": p.officer_id, "name": p.officer.name, "role": p.role} for p in link.people],
    )
    issue_urging_paper(order, step, number, head_days=law.value("order.escalate.head.days", on), at=at)
    return step, link


def follow_moved_term(
    order: Order, row: Deadline, *, law: Law, old: object, reason: str, by: Acting, at: datetime
) -> None:
    """A holiday notice moved the running term: the row follows and the journal says why."""
    depth = 1 + sum(step.term == order.term for step in escalations(order))
    facts = {"was": old, "due": row.due_on, "provisional": row.provisional or None, "reason": reason}
    journal.commit(order, event(Kind.ORDER_DEADLINE_MOVED, order, by, **facts), by=by, at=at, **dated(row, law, depth))


def _look_again(order: Order, at: datetime | None) -> None:
    """Not an act: when the sweep looks is no fact of the order."""
    Order.objects.filter(pk=order.pk, version=order.version).update(escalate_at=at)
