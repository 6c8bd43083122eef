"""The newest signals of supervision in one list: cards, leads, orders, whatever their domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.domains.authenticity import queries as leads
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.clock import Level
from zhengtong.rules.rectifications import RectState
from zhengtong.web.desk import card_words, order_words
from zhengtong.web.desk.rectifications import words as rectification_words
from zhengtong.web.frame.dates import in_english

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Signal:
    """`css` is the name of the light it is shown as."""

    at: datetime
    word: str | Promise
    css: str
    text: str
    organ: Any
    url: str


def newest(organ_ids: Sequence[int] | None, *, limit: int = SHOWN) -> list[Signal]:
    """Leads are shown to those who see everything: a suspicion is nobody's mark yet."""
    found = [card_signal(card) for card in supervision.newest_cards(limit, organ_ids=organ_ids)]
    if organ_ids is None:
        found += [order_signal(order) for order in orders.newest_orders(limit)]
        found += lead_signals(leads.newest_leads(limit))
    else:
        found += [order_signal(order) for order in orders.open_orders(organ_ids=organ_ids, limit=limit)]
    return sorted(found, key=lambda signal: signal.at, reverse=True)[:limit]


def card_signal(card: Any) -> Signal:
    level = Level(card.level)
    return Signal(
        card.issued_at or card.raised_at,
        card_words.LEVELS.get(level, card.level),
        card_words.LAMPS.get(level, "ok"),
        f"{card.rule_code} {tongue(card.rule_version.name, card.rule_version.name_en)}",
        card.organ,
        way("watch:card", card.number),
    )


def lead_signals(found: Sequence[Any]) -> list[Signal]:
    """One query for the names of their rules."""
    rules = supervision.rules_in_force(timezone.localdate()) if found else {}
    signals = []
    for lead in found:
        rule = rules.get(lead.rule_code)
        text = f"{lead.rule_code} {tongue(rule.name, rule.name_en)}" if rule else lead.rule_code
        signals.append(Signal(lead.found_at, _("线索"), "wait", text, lead.organ, way("watch:lead", lead.number)))
    return signals


def order_signal(order: Any) -> Signal:
    return Signal(
        order.state_since, _("督办"), "late" if order.closed_at is None else "done",
        f"{order.number} {order_words.STATES[order.state]}", order.organ, way("watch:order", order.number),
    )  # fmt: skip


def rectification_signal(row: Any) -> Signal:
    """`at` is its limit: what passed it longest ago presses most."""
    return Signal(
        row.due_at, pgettext("signal", "差评"), "late", f"{row.number} {rectification_words.STATES[RectState(row.state)]}", row.organ,
        way("desk:rectification", row.number),
    )  # fmt: skip


def way(route: str, *parts: str) -> str:
    """The address of a page another room keeps; "" while it has none."""
    try:
        return reverse(route, args=parts)
    except NoReverseMatch:
        return ""


def tongue(chinese: str, english: str) -> str:
    return english if in_english() and english else chinese
