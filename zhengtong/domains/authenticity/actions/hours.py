from datetime import date, datetime, time

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_text


def extend_hours(
    on: date, opens: time, closes: time, *, organ_id: int | None, reason: str, by: Acting, at: datetime
) -> ExtendedHours:
    """延时服务: announced by the centre for a day, for one organ or the whole hall. Registered twice, it is the same."""
    by.check(Ability.KEEP_CALENDAR)
    if opens >= closes:
        raise Refusal(RefusalCode.HOURS_BACKWARD)
    key = f"{on:%Y%m%d}-{organ_id or 0}-{opens:%H%M}{closes:%H%M}"
    known = ExtendedHours.objects.filter(key=key).first()
    if known is not None:
        return known
    row = ExtendedHours(
        key=key, on=on, opens=opens, closes=closes, organ_id=organ_id, reason=require_text(reason, 200, "reason"),
        registered_by_id=by.officer_id, registered_at=at,
    )  # fmt: skip
    journal.insert(row, Event(Kind.HOURS_EXTENDED), by=by, at=at)
    return row
