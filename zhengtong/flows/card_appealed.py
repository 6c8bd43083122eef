"""申诉、裁决、取消. A card taken back gives its points back and takes its order with it."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.orders.actions import withdraw
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.actions.moving import Files
from zhengtong.domains.supervision.models import Card
from zhengtong.rules.orders import UNFINISHED, OrderState
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.procedure import CardState


@transaction.atomic
def appeal(number: str, *, reasons: str, files: Files = (), seen: int | None = None, by: Acting, at: datetime) -> Card:
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    actions.appeal(card, reasons=reasons, files=files, law=current_law(), by=by, at=at)
    return card


@transaction.atomic
def decide(number: str, *, revoke: bool, reasons: str, seen: int | None = None, by: Acting, at: datetime) -> Card:
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    actions.decide_appeal(card, revoke=revoke, reasons=reasons, law=current_law(), by=by, at=at)
    if revoke:
        _withdraw_order(card, by=by, at=at)
    return card


@transaction.atomic
def cancel(number: str, *, reason: str, seen: int | None = None, by: Acting, at: datetime) -> Card:
    """取消: the data were wrong, or a draft is dismissed."""
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    actions.cancel(card, reason=reason, by=by, at=at)
    _withdraw_order(card, by=by, at=at)
    return card


def _withdraw_order(card: Card, *, by: Acting, at: datetime) -> None:
    """An order whose ground has gone is withdrawn with it, where the decider may; else supervision is left to do so."""
    order = orders.orders_by_numbers([card.order_no]).get(card.order_no) if card.order_no else None
    if order is not None and OrderState(order.state) in UNFINISHED and by.can(Ability.SUPERVISE):
        withdraw(order, reason=f"监察牌{card.number}已{_GONE[card.state]}，督办依据不复存在。", by=by, at=at)


_GONE = {CardState.REVOKED.value: "撤销", CardState.CANCELLED.value: "取消"}
