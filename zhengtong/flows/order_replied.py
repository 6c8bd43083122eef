from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.files.models import StoredFile
from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_issuer
from zhengtong.flows.order_opened import opened_order


@transaction.atomic
def reply_to_order(
    number: str,
    *,
    text: str,
    files: Sequence[tuple[StoredFile, str]] = (),
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Order:
    """回复 with its evidence: the term ends, and supervision is told that something waits to be verified."""
    order = opened_order(number, seen, by)
    actions.reply(order, text=text, files=files, by=by, at=at)
    queue(*to_issuer("order.replied", order, at=at, who=by.name))
    return order
