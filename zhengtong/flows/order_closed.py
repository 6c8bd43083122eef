"""How an order ends; the applicant who urged or complained reads the outcome in plain words (件件有回音)."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_applicant, to_organ
from zhengtong.flows.order_opened import opened_order
from zhengtong.rules.clock import local_date


@transaction.atomic
def close_order(number: str, *, outcome: str, seen: int | None, by: Acting, at: datetime) -> Order:
    order = opened_order(number, seen, by)
    actions.close(order, outcome=outcome, by=by, at=at)
    queue(
        *to_organ("order.closed", order, on=local_date(at), at=at),
        *to_applicant("case.order_closed", order, at=at, outcome=order.outcome),
    )
    return order


@transaction.atomic
def withdraw_order(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Order:
    order = opened_order(number, seen, by)
    actions.withdraw(order, reason=reason, by=by, at=at)
    queue(
        *to_organ("order.withdrawn", order, on=local_date(at), at=at, reason=reason),
        *to_applicant("case.order_withdrawn", order, at=at, outcome=order.outcome),
    )
    return order
