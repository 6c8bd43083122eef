"""开窗 and 关窗: who sits at a window, from when to when."""

from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.hall.models import Sitting, Visit
from zhengtong.domains.hall.queries import serving, sitting_of
from zhengtong.domains.registry.models import ServiceWindow
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


def seat(window: ServiceWindow, *, by: Acting, at: datetime) -> Sitting:
    """The officer's sitting at this window, opened if nobody sits there: whoever calls has opened the window."""
    sitting = sitting_of(window.pk)
    if sitting is None:
        return open_window(window, by=by, at=at)
    if sitting.officer_id != by.officer_id:
        raise Refusal(RefusalCode.WINDOW_TAKEN, who=sitting.officer.name)
    return sitting


@transaction.atomic
def open_window(window: ServiceWindow, *, by: Acting, at: datetime) -> Sitting:
    """Sits down. Another window of the same officer is closed first, if nobody is there any more."""
    by.check(Ability.CALL_TICKETS)
    _check_organ(window, by)
    for other in Sitting.objects.select_related("window").filter(officer_id=by.officer_id, closed_at=None):
        if other.window_id == window.pk:
            return other
        _check_empty(other.window_id)
        _close(other, by=by, at=at)
    on = local_date(at)
    sitting = Sitting(
        window=window,
        hall_id=window.hall_id,
        officer_id=by.officer_id,
        on=on,
        serial=Sitting.objects.filter(window=window, on=on).count() + 1,
        opened_at=at,
    )
    try:
        with transaction.atomic():
            journal.insert(sitting, Event(Kind.SITTING_OPENED, {"window": window.number}, _post(by)), by=by, at=at)
            return sitting
    except IntegrityError:
        taken = sitting_of(window.pk)
        if taken is not None and taken.officer_id == by.officer_id:
            return taken  # the same button, pressed twice at once
        raise Refusal(RefusalCode.WINDOW_TAKEN, who=taken.officer.name if taken else "") from None


@transaction.atomic
def close_window(window: ServiceWindow, *, back_at: datetime | None = None, by: Acting, at: datetime) -> None:
    """Gets up: for good today, or until `back_at`. Its own clerk does, or whoever keeps the hall."""
    sitting = sitting_of(window.pk)
    if sitting is None:
        raise Refusal(RefusalCode.WINDOW_SHUT)
    if sitting.officer_id not in by.principals():
        by.check(Ability.KEEP_HALL)
    _check_empty(window.pk)
    _close(sitting, back_at=back_at, by=by, at=at)


def close_left_open(sitting: Sitting, *, by: Acting, at: datetime) -> None:
    """Of a day that has ended, and nobody closed it. It was open as long as somebody was called there: a night does not
    count as work."""
    last = (
        Visit.objects.filter(hall_id=sitting.hall_id, on=sitting.on, window_id=sitting.window_id)
        .order_by("-id")
        .first()
    )
    end = max(last.ended_at, sitting.opened_at) if last else sitting.opened_at
    _close(sitting, closed_at=min(end, at), by=by, at=at)


def _close(
    sitting: Sitting, *, closed_at: datetime | None = None, back_at: datetime | None = None, by: Acting, at: datetime
) -> None:
    event = Event(Kind.SITTING_CLOSED, {"window": sitting.window.number}, _post(by))
    journal.commit(sitting, event, by=by, at=at, closed_at=closed_at or at, back_at=back_at)


def _post(by: Acting) -> str:
    return by.posts[0].label if by.posts else ""


def _check_empty(window_id: int) -> None:
    ticket = serving(window_id)
    if ticket is not None:
        raise Refusal(RefusalCode.WINDOW_BUSY, label=ticket.label)


def _check_organ(window: ServiceWindow, by: Acting) -> None:
    """A window of one organ is kept by its people; a general one, and a clerk of the centre, know no such bounds."""
    if window.organ_id is None or by.everywhere(Ability.CALL_TICKETS):
        return
    if window.organ_id not in by.organs(Ability.CALL_TICKETS):
        raise Refusal(RefusalCode.WINDOW_OF_OTHER_ORGAN)
