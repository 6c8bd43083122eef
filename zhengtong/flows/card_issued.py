"""发牌, and what it sets off. Doors and other flows raise cards here, so that a red one always brings its order."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.law import Law, current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.models import Card, RuleVersion
from zhengtong.flows.card_escalated import follow_red
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.supervision.findings import Finding


@transaction.atomic
def raise_card(
    finding: Finding, *, by: Acting, at: datetime, law: Law | None = None, version: RuleVersion | None = None
) -> Card | None:
    """As `supervision.actions.raise_card`, and the order a red card opens."""
    card = actions.raise_card(finding, by=by, at=at, law=law, version=version)
    follow_red(card, at=at)
    return card


@transaction.atomic
def issue(number: str, *, seen: int | None = None, by: Acting, at: datetime) -> Card:
    """A person confirms a draft (待发)."""
    card = queries.card_for(by, number)
    queries.check_seen(card, seen)
    actions.issue(card, law=current_law(), by=by, at=at)
    follow_red(card, at=at)
    return card


def issue_many(numbers: Sequence[str], *, by: Acting, at: datetime) -> tuple[list[str], list[tuple[str, Refusal]]]:
    """Drafts ticked on one page, each for itself: (issued, refused with the reason)."""
    issued: list[str] = []
    refused: list[tuple[str, Refusal]] = []
    for number in numbers:
        try:
            issue(number, by=by, at=at)
        except Refusal as refusal:
            refused.append((number, refusal))
        else:
            issued.append(number)
    return issued, refused
