"""The register of accountability: recorded, told to the person, objected to, answered, lifted."""

from datetime import date, datetime

from django.db import transaction

from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import actions, queries
from zhengtong.domains.orders.models import Admonition
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.orders import Measure


@transaction.atomic
def record_admonition(
    *,
    staff_no: str,
    measure: Measure,
    reason: str,
    decided_by: str,
    decided_on: date,
    document_no: str = "",
    order_no: str = "",
    card_key: str = "",
    tolerance_note: str,
    tolerated: bool = False,
    by: Acting,
    at: datetime,
) -> Admonition:
    """登记, and the person is told that it is there and that they may object."""
    officer = registry.officer_for(staff_no.strip())
    order = queries.order_for(by, order_no.strip().upper()) if order_no.strip() else None
    row = actions.record_admonition(
        officer_id=officer.pk, measure=measure, reason=reason, decided_by=decided_by, decided_on=decided_on,
        document_no=document_no, order=order, card_key=card_key, tolerance_note=tolerance_note, tolerated=tolerated,
        by=by, at=at,
    )  # fmt: skip
    _tell("admonition.decided", row, at=at)
    return row


@transaction.atomic
def object_to_admonition(number: str, *, text: str, by: Acting, at: datetime) -> Admonition:
    row = queries.admonition_for(by, number)
    actions.object_to(row, text=text, by=by, at=at)
    return row


@transaction.atomic
def answer_objection(number: str, *, upheld: bool, text: str, by: Acting, at: datetime) -> Admonition:
    row = queries.admonition_for(by, number)
    actions.answer_objection(row, upheld=upheld, text=text, by=by, at=at)
    _tell("admonition.upheld" if upheld else "admonition.revoked", row, at=at)
    return row


@transaction.atomic
def lift_admonition(number: str, *, reason: str, by: Acting, at: datetime) -> Admonition:
    row = queries.admonition_for(by, number)
    actions.lift(row, reason=reason, by=by, at=at)
    _tell("admonition.lifted", row, at=at)
    return row


def _tell(kind: str, row: Admonition, *, at: datetime) -> None:
    account = row.officer.account_id
    if account is not None:
        key = f"{kind}:{row.number}:{row.version}"
        subject = (row.journal_kind, row.number)
        queue(message(kind, key=key, at=at, account_id=account, subject=subject, payload={"number": row.number}))
