from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.journal import Event
from zhengtong.base.keys import hidden_uuid
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.rectifications.actions.steps import dated, limit_of
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.rectifications import RectState, rectification_no

# Who rated is nobody's business but the caller's: the journal names the part they play, never the account.
RATER = Acting(kind=ActorKind.APPLICANT, id=None, name="评价人")


@transaction.atomic
def open_rectification(
    rating_number: str,
    *,
    organ_id: int,
    section_id: int | None,
    officer_id: int | None,
    real_name: bool,
    level: int,
    text: str,
    reasons: Sequence[str],
    account_id: int | None = None,
    phone: str = "",
    item_name: str = "",
    service: str = "",
    by: Acting,
    at: datetime,
) -> Rectification:
    """A bad rating starts the loop at once (第一时间启动程序): the dispatch is owed within its days.

    Called again for the same rating it returns what stands. `account_id`, `phone`: the rater's, to be called back; kept
    here, encrypted, and only where `real_name`. `by` is whoever entered the rating; the journal does not name a rater.
    """
    known = Rectification.objects.filter(rating_number=rating_number).first()
    if known is not None:
        return known
    on = local_date(at)
    number = rectification_no(on.year, next_serial(f"rectification:{on.year}"))
    row = Rectification(
        number=number,
        token=hidden_uuid("rectification", number, rating_number),
        rating_number=rating_number,
        organ_id=organ_id,
        section_id=section_id,
        officer_id=officer_id,
        item_name=item_name,
        service=service,
        level=level,
        text=text,
        reasons=list(reasons),
        real_name=real_name,
        account_id=account_id if real_name else None,
        phone=phone if real_name else "",
        opened_at=at,
        state_since=at,
    )
    term = limit_of(row, RectState.DISPATCH, at, ordinal=1)
    for name, value in dated(term).items():
        setattr(row, name, value)
    who = RATER if by.kind is ActorKind.APPLICANT else by
    try:
        with transaction.atomic():  # a savepoint: the constraint may say that another was quicker
            journal.insert(
                row,
                Event(Kind.RECTIFICATION_OPENED, {"rating": rating_number, "level": level, "due": term.due_on}),
                by=who,
                at=at,
            )
    except IntegrityError:
        known = Rectification.objects.filter(rating_number=rating_number).first()
        if known is None:
            raise
        return known
    deadlines.write([term])
    return row
