import hashlib
from datetime import datetime

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.files.models import StoredFile
from zhengtong.base.keys import hidden_uuid
from zhengtong.domains.cases.papers import Content
from zhengtong.domains.orders import papers
from zhengtong.domains.orders.models import Escalation, Order, OrderPaper
from zhengtong.rules.canonical import canonical


def issue_order_paper(order: Order, term: Deadline, *, at: datetime) -> OrderPaper:
    """督办通知书 (F-15), frozen with the order."""
    return _freeze(order, None, papers.order_notice(order, term, at=at), at)


def issue_urging_paper(order: Order, step: Escalation, number: str, *, head_days: int, at: datetime) -> OrderPaper:
    """催办通知书, one to each step of the ladder."""
    return _freeze(order, step, papers.urging_notice(order, step, number, head_days=head_days, at=at), at)


def _freeze(order: Order, step: Escalation | None, content: Content, at: datetime) -> OrderPaper:
    text = canonical(content.to_json())
    return OrderPaper.objects.create(
        uid=hidden_uuid("order-paper", order.number, content.number),
        order=order,
        escalation=step,
        number=content.number,
        content=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        issued_at=at,
    )


def keep_order_drawing(paper: OrderPaper, file: StoredFile) -> None:
    """Remembers the PDF drawn from a frozen content; the first one stays."""
    OrderPaper.objects.filter(pk=paper.pk, file__isnull=True).update(file=file)
    paper.file = file
