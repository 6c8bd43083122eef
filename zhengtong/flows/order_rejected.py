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
def reject_reply(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Order:
    """退回重办: the organ reads why, and until when it must answer again."""
    order = opened_order(number, seen, by)
    actions.reject(order, reason=reason, by=by, at=at)
    queue(*to_organ("order.rejected", order, on=local_date(at), at=at, reason=reason))
    return order
