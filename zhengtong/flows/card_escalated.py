"""转督办: what a card leads to when it is red, when its answer does not come, or when supervision says so."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.orders.models import Order
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.models import Card
from zhengtong.flows.order_issued import issue_order
from zhengtong.rules.clock import Level
from zhengtong.rules.orders import OrderKind, OrderSource
from zhengtong.rules.supervision.procedure import CARD_MOVES, CardState, CardStep
from zhengtong.rules.text import require_text

RED, UNANSWERED = "red", "unanswered"  # why, where nobody says it in words
_WHY = {RED: "红牌", UNANSWERED: "逾期未答复监察牌"}
_LEVELS = {"yellow": "黄牌", "red": "红牌", "warn": "预警", "remind": "提醒"}


@transaction.atomic
def escalate(
    card: Card, *, reason: str, order_kind: OrderKind = OrderKind.NORMAL, by: Acting, at: datetime
) -> Order | None:
    """An order to the card's section follows it; the card says so. None when it has one, or its state has passed by.

    A card about an order brings no further one: the order climbs its own ladder (§5.7).
    """
    may = CardState(card.state) in CARD_MOVES[CardStep.ESCALATE].start
    if card.order_no or card.subject_kind == "order" or (by is SYSTEM and not may):
        return None
    rule = card.rule_version
    said = _WHY.get(reason, reason)
    order = issue_order(
        (OrderSource.CARD.value, card.number),
        card.organ_id,
        card.section_id,
        f"关于{_LEVELS[card.level]}{card.number}（{rule.name}）的督办",
        f"{queries.message(card)}督办事由：{said}。请查明原因、整改并在期限内书面反馈。",
        order_kind,
        case_no=card.subject_key if card.subject_kind == "case" else "",
        rule_code=card.rule_code,
        by=by,
        at=at,
    )
    actions.escalate(card, order_no=order.number, reason=reason, by=by, at=at)
    return order


def follow_red(card: Card | None, *, at: datetime) -> None:
    """§5.2: a red card opens an order, as soon as it is out."""
    if card is not None and card.level == Level.RED.value and card.state == CardState.ISSUED.value:
        escalate(card, reason=RED, by=SYSTEM, at=at)


@transaction.atomic
def escalate_by_hand(
    number: str, *, reason: str, order_kind: OrderKind, seen: int | None = None, by: Acting, at: datetime
) -> Card:
    """转督办 by supervision, with its reason."""
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    escalate(card, reason=require_text(reason, 500, "reason"), order_kind=order_kind, by=by, at=at)
    return card
