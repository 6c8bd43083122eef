"""请评价: a clerk asks for a rating by hand, for a service that had no ticket or when the visitor missed the question."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.devices import actions
from zhengtong.domains.devices import queries as devices
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.ratings import actions as rating_actions
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.ratings import NodeKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


@transaction.atomic
def ask_for_rating(window_id: int, *, key: UUID, by: Acting, at: datetime) -> None:
    """The window's rating devices ask now: about the service just given, else about one without a ticket (`key`).

    Whoever sits at the window gave it; where nobody has opened the window, it is who asks. The act stands in the
    machine's journal, so that services named by hand can be told from those of the queue. Refusals:
    DEVICE_NONE_AT_WINDOW, DEVICE_ASKED (once a minute).
    """
    by.check(Ability.CALL_TICKETS, Ability.KEEP_HALL)
    window = registry.window_for(window_id)
    found = devices.rating_devices_at(window_id)
    if not found:
        raise Refusal(RefusalCode.DEVICE_NONE_AT_WINDOW, window=window.number)
    for device in found:
        actions.wake(device, by=by, at=at)
    if ratings.node_for_device(window_id, at) is not None:
        return
    sitting = hall.sitting_of(window_id)
    officer = sitting.officer if sitting is not None else registry.officer_by_id(by.officer_id)
    rating_actions.open_node(
        NodeKind.TICKET.value,
        ("visit", str(key)),
        organ_id=window.organ_id or officer.organ_id,
        officer_id=officer.pk,
        window_id=window.pk,
        hall_code=window.hall.code,
        item_name=window.name,
        opened_at=at,
        by=by,
        at=at,
    )
