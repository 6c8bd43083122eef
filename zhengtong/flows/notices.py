"""The messages a case sends its applicant: in the portal where there is an account, by SMS where there is only a phone."""

from datetime import datetime

from zhengtong.base.outbox.models import Message
from zhengtong.domains.cases.models import Case
from zhengtong.flows.telling import Recipient, said


def notice(kind: str, case: Case, *, at: datetime, **payload: object) -> list[Message]:
    """Zero or one unsaved message. Its key holds the case's version, so that a step repeated sends nothing twice."""
    facts = {"case_no": case.number, "item": case.item_name, **{k: str(v) for k, v in payload.items() if v}}
    if case.enterprise_id is not None:
        facts["enterprise_id"] = str(case.enterprise_id)  # a message opens the case in the name it was filed in
    key = f"{kind}:{case.number}:{case.version}"
    to = Recipient(account_id=case.account_id, phone=case.contact_phone)
    return said(kind, key=key, to=to, subject=("case", case.number), facts=facts, at=at)
