from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.cases.models import Case
from zhengtong.domains.orders.actions.paper import issue_order_paper
from zhengtong.domains.orders.actions.steps import dated, event, new_term
from zhengtong.domains.orders.models import Order
from zhengtong.domains.orders.queries import issuing_organ, order_of_source
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.numbers import paper_no
from zhengtong.rules.orders import ONCE, OrderKind, OrderSource, order_no
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_line, require_text

LEVEL_ORDER = 4  # 监察预警类型代码 of a 督办 (domain-rules §5.2)
OF_A_CASE = (OrderSource.URGING, OrderSource.COMPLAINT)


@transaction.atomic
def issue(
    source: tuple[str, str],
    organ_id: int,
    section_id: int | None,
    title: str,
    content: str,
    order_kind: OrderKind,
    *,
    parent: Order | None = None,
    level: int = LEVEL_ORDER,
    case_no: str = "",
    rule_code: str = "",
    by: Acting,
    at: datetime,
) -> Order:
    """下达督办单: a numbered order with its term, journal entry, limit and 督办通知书.

    `source` is an OrderSource and the key there (card number, lead number, case number of an urging; "" for an own
    finding). A card or a lead brings one order: Refusal(ORDER_EXISTS) names it. `case_no` names the case a card or
    lead is about. The people concerned are told by `flows.order_issued.issue_order`, which doors and flows call.
    """
    if by.kind is not ActorKind.SYSTEM:
        by.check(Ability.SUPERVISE)
    origin, key = OrderSource(source[0]), source[1]
    if origin in ONCE and parent is None and (known := order_of_source(origin, key)) is not None:
        raise Refusal(RefusalCode.ORDER_EXISTS, number=known.number)
    case = _case(case_no or (key if origin in OF_A_CASE else ""))
    law, on, organ = current_law(), local_date(at), registry.organ_for(organ_id)
    section = registry.section_for(section_id) if section_id is not None else None
    if section is not None and section.organ_id != organ.pk:
        raise Refusal(RefusalCode.SECTION_OF_OTHER_ORGAN)
    issuing = issuing_organ(by, organ, on)
    order = Order(
        number=order_no(on.year, next_serial(f"order:{on.year}")),
        paper_no=paper_no(issuing.short_name, "督", on.year, next_serial(f"paper:{issuing.pk}:督:{on.year}")),
        title=require_line(title, 200, "title"),
        content=require_text(content, 1000, "content"),
        kind=OrderKind(order_kind).value,
        level=level,
        source_kind=origin.value,
        source_key=key,
        case=case,
        case_no=case.number if case else case_no,
        item_type=case.item.item_type if case else "",
        rule_code=rule_code,
        issuing_organ=issuing,
        issuer_id=by.id if by.is_officer else None,
        organ=organ,
        section=section,
        parent=parent,
        issued_at=at,
        state_since=at,
    )
    term = new_term(order, law, at)
    for name, value in dated(term, law).items():
        setattr(order, name, value)
    try:
        with transaction.atomic():  # a savepoint: the constraint may say that another was quicker
            journal.insert(
                order,
                event(Kind.ORDER_ISSUED, order, by, paper=order.paper_no, title=order.title, due=order.due_on),
                by=by,
                at=at,
            )
    except IntegrityError:
        known = order_of_source(origin, key)
        if origin in ONCE and known is not None:
            raise Refusal(RefusalCode.ORDER_EXISTS, number=known.number) from None
        raise
    deadlines.write([term])
    issue_order_paper(order, term, at=at)
    return order


def _case(number: str) -> Case | None:
    return cases.cases_by_numbers([number]).get(number) if number else None
