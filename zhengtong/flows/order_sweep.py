"""The clock above the orders: whoever does not answer is urged, then reported upward, one step after another."""

from datetime import datetime

from zhengtong.base.law import current_law
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.orders import queries
from zhengtong.flows.order_escalated import escalate_order
from zhengtong.rules.orders import DEEPEST
from zhengtong.rules.refusal import Refusal, RefusalCode

QUICKER = (RefusalCode.STALE, RefusalCode.ORDER_WRONG_STATE)  # somebody acted meanwhile: nothing is left to do


def sweep_orders(*, at: datetime, limit: int = 200) -> int:
    """Takes every step of 催办 that is due; returns how many. Run again at once it takes none. Costs what is due."""
    numbers = queries.due_for_escalation(at=at, limit=limit)
    if not numbers:
        return 0
    law, taken = current_law(), 0
    for order in queries.orders_by_numbers(numbers).values():
        try:
            # After a stop of the worker several steps may be due: each is taken, in its order, with its own paper.
            while order.depth <= DEEPEST and escalate_order(order, law=law, by=SYSTEM, at=at):
                taken += 1
        except Refusal as refusal:
            if refusal.code not in QUICKER:
                raise
    return taken
