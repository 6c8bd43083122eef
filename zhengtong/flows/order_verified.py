from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_organ
from zhengtong.flows.order_opened import opened_order
from zhengtong.rules.clock import local_date


@transaction.atomic
def verify_order(number: str, *, text: str, seen: int | None, by: Acting, at: datetime) -> Order:
    """核实 by somebody who did not reply; the organ is told that its answer holds."""
    order = opened_order(number, seen, by)
    actions.verify(order, text=text, by=by, at=at)
    queue(*to_organ("order.verified", order, on=local_date(at), at=at))
    return order
