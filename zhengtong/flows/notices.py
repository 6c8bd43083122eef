"""The messages a case sends its applicant: in the portal where there is an account, by SMS where there is only a phone."""

from collections.abc import Mapping
from datetime import datetime

from zhengtong.base.outbox.models import Message
from zhengtong.domains.appointments import agencies
from zhengtong.domains.cases.models import Case
from zhengtong.flows.telling import Recipient, said
from zhengtong.rules.agency import VILLAGE


def notice(kind: str, case: Case, *, at: datetime, **payload: object) -> list[Message]:
    """The unsaved messages: none or one to the applicant, and perhaps one to a village clerk. A key holds the case's version, so that a step repeated sends nothing twice."""
    facts = {"case_no": case.number, "item": case.item_name, **{k: str(v) for k, v in payload.items() if v}}
    if case.enterprise_id is not None:
        facts["enterprise_id"] = str(case.enterprise_id)  # a message opens the case in the name it was filed in
    key = f"{kind}:{case.number}:{case.version}"
    to = Recipient(account_id=case.account_id, phone=case.contact_phone)
    to_applicant = said(kind, key=key, to=to, subject=("case", case.number), facts=facts, at=at)
    return to_applicant + _to_village_clerk(kind, case, facts, at)


# 村级代办: what asks something of the villager or ends the case comes to the clerk who filed it, too.
TO_CLERK = {
    "case.supplement_requested": "filing.supplement_requested",
    "case.acceptance_refused": "filing.ended",
    "case.decided": "filing.ended",
    "case.lapsed": "filing.ended",
}


def _to_village_clerk(kind: str, case: Case, facts: Mapping[str, str], at: datetime) -> list[Message]:
    filing = agencies.clerks_filing(case.number) if case.channel == VILLAGE and kind in TO_CLERK else None
    if filing is None or filing.clerk.account_id is None:
        return []
    return said(
        TO_CLERK[kind],
        key=f"{TO_CLERK[kind]}:{case.number}:{case.version}",
        to=Recipient(account_id=filing.clerk.account_id),
        subject=("filing", filing.key),
        facts={**facts, "path": f"/desk/village/filings/{filing.key}/"},
        at=at,
    )
