"""请评价: a clerk asks for a rating by hand, once, when the visitor missed the device's own question."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.devices import actions
from zhengtong.domains.devices import queries as devices
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.ratings import actions as rating_actions
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.ratings import NodeKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


@transaction.atomic
def ask_for_rating(window_id: int, *, by: Acting, at: datetime) -> Ticket:
    """The window's rating devices ask again about the visit that ended last in the present sitting. Returns its ticket.

    Only what the queue has recorded can be rated: who could ask about a visit of their own naming could also rate it.
    By whoever sits at the window, or keeps the hall. Refusals: DEVICE_NONE_AT_WINDOW, WINDOW_SHUT,
    RATING_NOBODY_SERVED, RATING_GIVEN, RATING_ASKED.
    """
    by.check(Ability.CALL_TICKETS, Ability.KEEP_HALL)
    window, sitting = registry.window_for(window_id), hall.sitting_of(window_id)
    found = devices.rating_devices_at(window_id)
    if not found:
        raise Refusal(RefusalCode.DEVICE_NONE_AT_WINDOW, window=window.number)
    if sitting is None:
        raise Refusal(RefusalCode.WINDOW_SHUT)
    if sitting.officer_id not in by.principals():
        by.check(Ability.KEEP_HALL)
    ticket = hall.served_last(sitting)
    if ticket is None:
        raise Refusal(RefusalCode.RATING_NOBODY_SERVED)
    (node,) = ratings.nodes_of([(NodeKind.TICKET.value, ticket.journal_kind, ticket.journal_key)])
    rating_actions.ask_again(node, at=at)
    for device in found:
        actions.wake(device, ticket=ticket.label, by=by, at=at)
    return ticket
