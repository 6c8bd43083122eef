"""How every step about a bad rating begins: the row with permission, as the page showed it."""

from uuid import UUID

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications import queries
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.rules.refusal import Refusal, RefusalCode


def opened(number: str, seen: int | None, by: Acting) -> Rectification:
    """Refuses what is not this person's (NOT_FOUND) and a page that has grown old (STALE)."""
    row = queries.rectification_for(by, number)
    queries.check_seen(row, seen)
    return row


def opened_by_rater(token: UUID, account_id: int | None) -> Rectification:
    """The rater's own: by the address sent to them; where an account is known, only signed in to it."""
    row = queries.rectification_by_token(token)
    if row.account_id is not None and row.account_id != account_id:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row
