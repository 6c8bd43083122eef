"""The papers of an order: 督办通知书 (F-15 of domain-rules §3.2) and 催办通知书 (§5.7). Frozen as data, printed later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import limit_of
from zhengtong.base.papers import render
from zhengtong.domains.cases.papers import Contacts, Content, LimitLine
from zhengtong.domains.orders.models import Escalation, Order
from zhengtong.rules.clock import local_date
from zhengtong.rules.orders import OrderSource

SEAL = "政务效能监督专用章"
KINDS = {"URGENT": "特急", "NORMAL": "一般", "COMPLEX": "复杂"}
SOURCES = {
    OrderSource.CARD: "监察牌",
    OrderSource.LEAD: "数据真实性核查",
    OrderSource.URGING: "申请人催办",
    OrderSource.COMPLAINT: "投诉",
    OrderSource.INSTRUCTION: "领导批示",
    OrderSource.FINDING: "监察发现",
}
STEPS = {1: "逾期未回复", 2: "催办后仍未说明", 3: "经两次催办仍未回复"}


@dataclass(frozen=True, kw_only=True)
class OrderNotice(Content):
    """督办通知书: what is asked, of whom, until when, and how to answer."""

    form: ClassVar = "F-15"
    paper: ClassVar = "order_notice"
    word: ClassVar = "督"
    needs = ("order_no", "to", "title", "content", "kind", "source", "limit", "issuer")

    order_no: str
    to: str
    title: str
    content: str
    kind: str
    source: str
    limit: LimitLine
    issuer: str
    case_no: str = ""
    item: str = ""
    rule_code: str = ""
    parent_no: str = ""
    seal: str = SEAL


@dataclass(frozen=True, kw_only=True)
class UrgingNotice(Content):
    """催办通知书: the step of the ladder, the order it is about, and how long it has been overdue."""

    form: ClassVar = "F-15"
    paper: ClassVar = "urging_notice"
    word: ClassVar = "催"
    needs = ("order_no", "order_paper", "to", "title", "issued_before", "due_on", "why", "depth", "head_days")

    order_no: str
    order_paper: str
    to: str
    copies: str = ""
    title: str
    issued_before: date
    due_on: date
    why: str
    depth: int
    head_days: int  # working days after the term, when the head of the organ is told
    seal: str = SEAL


def head(order: Order, number: str, at: datetime) -> dict[str, Any]:
    organ = order.issuing_organ
    return {
        "organ": organ.name,
        "organ_en": organ.name_en,
        "number": number,
        "issued_on": local_date(at),
        "demo": settings.ZHENGTONG_DEMO,
        "contacts": Contacts(consult=organ.consult_phone or "12345", complaint=organ.complaint_phone or "12345"),
    }


def to_whom(order: Order) -> str:
    return f"{order.organ.name}{order.section.name}" if order.section else order.organ.name


def order_notice(order: Order, term: Deadline, *, at: datetime) -> OrderNotice:
    limit = limit_of(term)
    return OrderNotice(
        **head(order, order.paper_no, at),
        order_no=order.number,
        to=to_whom(order),
        title=order.title,
        content=order.content,
        kind=KINDS[order.kind],
        source=SOURCES[OrderSource(order.source_kind)],
        limit=LimitLine(amount=limit.amount, unit=limit.unit.value, due_on=term.due_on, provisional=term.provisional),
        issuer=order.issuer.name if order.issuer else "电子监察系统",
        case_no=order.case_no,
        item=order.case.item_name if order.case else "",
        rule_code=order.rule_code,
        parent_no=order.parent.number if order.parent else "",
    )


def urging_notice(order: Order, step: Escalation, number: str, *, head_days: int, at: datetime) -> UrgingNotice:
    if order.due_on is None:
        raise ValueError("an order without a term cannot be overdue")
    return UrgingNotice(
        **head(order, number, at),
        order_no=order.number,
        order_paper=order.paper_no,
        to=step.addressed,
        copies=to_whom(order) if step.depth > 1 else "",
        title=order.title,
        issued_before=local_date(order.issued_at),
        due_on=order.due_on,
        why=STEPS[step.depth],
        depth=step.depth,
        head_days=head_days,
    )


def pdf(content: Mapping[str, Any]) -> bytes:
    """The PDF of a frozen content, as `to_json()` gave it. The same content prints the same bytes."""
    return render(f"domains/orders/papers/{content['paper']}.typ", content)
