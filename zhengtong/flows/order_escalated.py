from datetime import datetime

from django.db import transaction

from zhengtong.base.law import Law
from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_officers


@transaction.atomic
def escalate_order(order: Order, *, law: Law, by: Acting, at: datetime) -> bool:
    """One step of 催办, if it is due: its paper, and a message to everybody the step names."""
    taken = actions.escalate(order, law=law, by=by, at=at)
    if taken is None:
        return False
    step, link = taken
    accounts = [post.officer.account_id for post in link.people]
    queue(*to_officers("order.escalated", order, accounts, at=at, due=order.due_on, depth=step.depth))
    return True
