"""How every step of an order begins: the order with permission, as the page showed it."""

from zhengtong.base.permission import Acting
from zhengtong.domains.orders import queries
from zhengtong.domains.orders.models import Order


def opened_order(number: str, seen: int | None, by: Acting) -> Order:
    """Refuses what is not this person's (NOT_FOUND) and a page that has grown old (STALE)."""
    order = queries.order_for(by, number)
    queries.check_seen(order, seen)
    return order
