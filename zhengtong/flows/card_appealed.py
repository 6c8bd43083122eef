"""申诉与裁决. A revoked card gives its points back; an order that already follows it is supervision's to withdraw."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.actions.moving import Files
from zhengtong.domains.supervision.models import Card


@transaction.atomic
def appeal(number: str, *, reasons: str, files: Files = (), by: Acting, at: datetime) -> Card:
    card = queries.card_for(by, number)
    actions.appeal(card, reasons=reasons, files=files, law=current_law(), by=by, at=at)
    return card


@transaction.atomic
def decide(number: str, *, revoke: bool, reasons: str, by: Acting, at: datetime) -> Card:
    card = queries.card_for(by, number)
    actions.decide_appeal(card, revoke=revoke, reasons=reasons, law=current_law(), by=by, at=at)
    return card


@transaction.atomic
def cancel(number: str, *, reason: str, by: Acting, at: datetime) -> Card:
    """取消: the data were wrong, or a draft is dismissed."""
    card = queries.card_for(by, number)
    actions.cancel(card, reason=reason, by=by, at=at)
    return card
