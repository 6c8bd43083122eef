"""Every change of an order, and of the register of accountability. Flows say what follows what."""

from zhengtong.domains.orders.actions.accountability import answer_objection, lift, object_to, record_admonition
from zhengtong.domains.orders.actions.answering import ask_extension, receive, reply
from zhengtong.domains.orders.actions.escalating import escalate, follow_moved_term
from zhengtong.domains.orders.actions.issuing import LEVEL_ORDER, issue
from zhengtong.domains.orders.actions.judging import close, decline_extension, extend, reject, verify, withdraw
from zhengtong.domains.orders.actions.paper import keep_order_drawing

__all__ = [
    "LEVEL_ORDER",
    "answer_objection",
    "ask_extension",
    "close",
    "decline_extension",
    "escalate",
    "extend",
    "follow_moved_term",
    "issue",
    "keep_order_drawing",
    "lift",
    "object_to",
    "receive",
    "record_admonition",
    "reject",
    "reply",
    "verify",
    "withdraw",
]
