"""Every change of an order, and of the register of accountability. Flows say what follows what."""

from zhengtong.domains.orders.actions.issuing import LEVEL_ORDER, issue
from zhengtong.domains.orders.actions.paper import keep_order_drawing

__all__ = ["LEVEL_ORDER", "issue", "keep_order_drawing"]
