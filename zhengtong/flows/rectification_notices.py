"""Whom a bad rating tells: the unhappy person by the way they are known, and the officers who must act.

No message names the rater to an officer, and none names the officer to the rater: an organ answers for its people.
"""

from datetime import datetime

from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.clock import local_date

DESK = "/desk/rectifications/"


def to_rater(kind: str, row: Rectification, *, at: datetime, **facts: object) -> None:
    """Nothing for an anonymous rating. The link opens their own page."""
    if not row.real_name:
        return
    to = Recipient(account_id=row.account_id, phone="" if row.account_id else queries.rater_of(row).phone)
    told = {
        "number": row.number,
        "item": row.item_name,
        "organ": row.organ.name,
        "path": f"/rectifications/{row.token}/",
    }
    tell(kind, key=f"{kind}:{row.number}:{row.version}", to=to, subject=_subject(row), facts=told | facts, at=at)


def to_organ(kind: str, row: Rectification, *, at: datetime, **facts: object) -> None:
    """To the heads of the section; of a reopened matter to those above them; never to who was rated."""
    for account in queries.people_to_tell(row, local_date(at)):
        _to_account(kind, row, account, at=at, **facts)


def to_concerned(kind: str, row: Rectification, *, at: datetime, **facts: object) -> None:
    """To the officer who was rated, of what they may do about it."""
    if row.officer is not None and row.officer.account_id is not None:
        _to_account(kind, row, row.officer.account_id, at=at, **facts)


def _to_account(kind: str, row: Rectification, account: int, *, at: datetime, **facts: object) -> None:
    told = {"number": row.number, "item": row.item_name, "due": row.due_on, "path": f"{DESK}{row.number}/"}
    key = f"{kind}:{row.number}:{row.version}:{account}"
    tell(kind, key=key, to=Recipient(account_id=account), subject=_subject(row), facts=told | facts, at=at)


def _subject(row: Rectification) -> tuple[str, str]:
    return (row.journal_kind, row.number)
