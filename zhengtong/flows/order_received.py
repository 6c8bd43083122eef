from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_issuer
from zhengtong.flows.order_opened import opened_order


@transaction.atomic
def receive_order(number: str, *, seen: int | None, by: Acting, at: datetime) -> Order:
    """签收; whoever issued it sees that it has arrived."""
    order = opened_order(number, seen, by)
    actions.receive(order, by=by, at=at)
    queue(*to_issuer("order.received", order, at=at, who=by.name))
    return order
