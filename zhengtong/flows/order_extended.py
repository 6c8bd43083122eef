"""延期: asked by the organ before the term ends, decided by whoever issued the order."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_issuer, to_organ
from zhengtong.flows.order_opened import opened_order
from zhengtong.rules.clock import local_date


@transaction.atomic
def ask_extension(number: str, *, days: int, reason: str, seen: int | None, by: Acting, at: datetime) -> Order:
    order = opened_order(number, seen, by)
    actions.ask_extension(order, days=days, reason=reason, by=by, at=at)
    queue(*to_issuer("order.extension_asked", order, at=at, who=by.name, days=days))
    return order


@transaction.atomic
def extend_order(number: str, *, answer: str = "", seen: int | None, by: Acting, at: datetime) -> Order:
    order = opened_order(number, seen, by)
    actions.extend(order, answer=answer, by=by, at=at)
    queue(*to_organ("order.extended", order, on=local_date(at), at=at))
    return order


@transaction.atomic
def decline_extension(number: str, *, answer: str, seen: int | None, by: Acting, at: datetime) -> Order:
    order = opened_order(number, seen, by)
    actions.decline_extension(order, answer=answer, by=by, at=at)
    queue(*to_organ("order.extension_declined", order, on=local_date(at), at=at, reason=answer))
    return order
