"""Whom an order tells: the officers who must act, and the applicant who urged or complained."""

from collections.abc import Iterable
from datetime import date, datetime

from zhengtong.base.outbox.actions import message
from zhengtong.base.outbox.models import Message
from zhengtong.domains.orders import queries
from zhengtong.domains.orders.models import Order
from zhengtong.flows.notices import notice
from zhengtong.rules.orders import OrderSource

# People who wait for an answer: they brought the matter themselves, or urged the case the order is about.
BROUGHT = (OrderSource.URGING.value, OrderSource.COMPLAINT.value)


def to_officers(
    kind: str, order: Order, accounts: Iterable[int | None], *, at: datetime, **facts: object
) -> list[Message]:
    """One unsaved in-app message each. The key holds the order's version: a step repeated tells nobody twice."""
    payload = {"order_no": order.number, "title": order.title, **{k: str(v) for k, v in facts.items() if v}}
    return [
        message(
            kind,
            key=f"{kind}:{order.number}:{order.version}:{account}",
            at=at,
            account_id=account,
            subject=(order.journal_kind, order.number),
            payload=payload,
        )
        for account in sorted({a for a in accounts if a is not None})
    ]


def to_organ(kind: str, order: Order, *, on: date, at: datetime, **facts: object) -> list[Message]:
    """To those who answer first: the section and its leader."""
    link = queries.chain(order, on)[0]
    return to_officers(kind, order, [post.officer.account_id for post in link.people], at=at, due=order.due_on, **facts)


def to_issuer(kind: str, order: Order, *, at: datetime, **facts: object) -> list[Message]:
    """To the supervisor who issued it; an order of the system has nobody to tell, it waits in the list."""
    issuer = order.issuer
    return to_officers(kind, order, [issuer.account_id], at=at, **facts) if issuer is not None else []


def to_applicant(kind: str, order: Order, *, at: datetime, **facts: object) -> list[Message]:
    """To the applicant of the case, where they urged or complained; to nobody else: an order is an inner act."""
    case = order.case
    if case is None or not (order.source_kind in BROUGHT or case.urged_at is not None):
        return []
    told = notice(kind, case, at=at, organ=order.organ.name, **facts)
    for one in told:
        one.key = f"{kind}:{order.number}"  # once for each order, whatever happens to the case meanwhile
    return told
