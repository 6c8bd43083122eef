"""What supervision made of a case, as its clerk sees it in lists and on the case: the highest card that still stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from zhengtong.base.permission import Acting
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.clock import Level
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import card_words as words
from zhengtong.web.desk.card_page import message
from zhengtong.web.frame.dates import in_english


@dataclass(frozen=True, slots=True)
class Mark:
    number: str
    rule: str
    level: Any
    pressing: bool  # yellow and above


def card_marks(case_numbers: Sequence[str]) -> dict[str, Mark]:
    """By case; none for a case without a card, or with a reminder only. One query for a page, none for an empty one."""
    if not case_numbers:
        return {}
    marks: dict[str, Mark] = {}
    for number, cards in supervision.cards_of("case", case_numbers).items():
        highest = max(cards, key=lambda card: card.rank)
        if highest.rank >= Level.WARN.rank:
            level = Level(highest.level)
            marks[number] = Mark(
                highest.number, highest.rule_code, words.LEVELS[level], highest.rank >= Level.YELLOW.rank
            )
    return marks


@dataclass(frozen=True, slots=True)
class CaseCard:
    lamp: str
    level: Any
    message: str
    url: str  # "" for who does not answer for it


def case_cards(by: Acting, case_number: str) -> list[CaseCard]:
    """Every card that stands about a case, newest first, for its own page."""
    return [
        CaseCard(
            words.LAMPS[Level(card.level)],
            words.LEVELS[Level(card.level)],
            message(card, english=in_english()),
            _url(by, card),
        )
        for card in supervision.cards_of("case", [case_number]).get(case_number, [])
        if card.rank >= Level.WARN.rank
    ]


def _url(by: Acting, card: supervision.Card) -> str:
    if supervision.answers_for(card, by):
        return reverse("desk:card", args=[card.number])
    return reverse("watch:card", args=[card.number]) if by.can(Ability.SEE_ALL) else ""
