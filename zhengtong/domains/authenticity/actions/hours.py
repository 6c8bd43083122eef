"""延时服务 as registered: announced for a day, and withdrawn when it is not held after all."""

from datetime import date, datetime, time

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.rules.kinds import Kind
from zhengtong.rules.period import SHANGHAI
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_text


def extend_hours(
    on: date,
    opens: time,
    closes: time,
    *,
    organ_id: int | None,
    reason: str,
    source: str = "",
    by: Acting,
    at: datetime,
) -> ExtendedHours:
    """延时服务: announced by the centre for a day, for one organ or the whole hall. Registered twice, it is the same.

    Before they are over, or it is refused: what was entered before the registration stays after hours (D-03).
    `source` is the schedule that holds these hours: they are withdrawn with it, and with nothing else.
    """
    _check(by)
    if opens >= closes:
        raise Refusal(RefusalCode.HOURS_BACKWARD)
    if datetime.combine(on, closes, tzinfo=SHANGHAI) <= at:
        raise Refusal(RefusalCode.HOURS_PAST)
    key = f"{on:%Y%m%d}-{organ_id or 0}-{opens:%H%M}{closes:%H%M}{source and f'-{source}'}"
    known = ExtendedHours.objects.filter(key=key).first()
    if known is None:
        row = ExtendedHours(
            key=key, source=source, on=on, opens=opens, closes=closes, organ_id=organ_id,
            reason=require_text(reason, 200, "reason"), registered_by_id=by.id if by.is_officer else None,
            registered_at=at,
        )  # fmt: skip
        journal.insert(row, Event(Kind.HOURS_EXTENDED), by=by, at=at)
        return row
    if known.withdrawn_from is not None:
        journal.commit(known, Event(Kind.HOURS_EXTENDED), by=by, at=at, withdrawn_from=None)
    return known


def withdraw_hours(hours: ExtendedHours, since: datetime, *, by: Acting, at: datetime) -> None:
    """Not held from `since` on: what is entered then is after hours again, what was entered before stays lawful."""
    _check(by)
    journal.commit(hours, Event(Kind.HOURS_WITHDRAWN), by=by, at=at, withdrawn_from=since)


def _check(by: Acting) -> None:
    if by.kind is not ActorKind.SYSTEM:  # the worker follows the calendar
        by.check(Ability.KEEP_CALENDAR)
