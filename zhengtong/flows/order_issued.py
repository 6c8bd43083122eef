from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import Order
from zhengtong.flows.order_notices import to_applicant, to_organ
from zhengtong.rules.clock import local_date
from zhengtong.rules.orders import OrderKind


@transaction.atomic
def issue_order(
    source: tuple[str, str],
    organ_id: int,
    section_id: int | None,
    title: str,
    content: str,
    order_kind: OrderKind,
    *,
    parent: Order | None = None,
    level: int = actions.LEVEL_ORDER,
    case_no: str = "",
    rule_code: str = "",
    by: Acting,
    at: datetime,
) -> Order:
    """下达督办: the order with its notice; its section and leader are told, and the applicant who urged or complained."""
    order = actions.issue(
        source, organ_id, section_id, title, content, order_kind,
        parent=parent, level=level, case_no=case_no, rule_code=rule_code, by=by, at=at,
    )  # fmt: skip
    queue(
        *to_organ("order.issued", order, on=local_date(at), at=at),
        *to_applicant("case.order_issued", order, at=at, due=order.due_on),
    )
    return order
