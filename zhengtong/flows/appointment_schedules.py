"""Schedules opened and ended, days closed, slots laid out; what the calendar takes away is told to who had booked.

Hours beyond the usual are registered and taken back with them.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.appointments import actions, queries
from zhengtong.domains.appointments.actions.schedules import Session, refit
from zhengtong.domains.appointments.models import Closure, Schedule
from zhengtong.domains.authenticity import actions as authenticity
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.domains.authenticity.queries import service_of
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.hall.actions import set_special_day
from zhengtong.domains.registry.models import Hall
from zhengtong.flows.appointment_cancelled import cancel_by_house
from zhengtong.rules.clock import SHANGHAI, local_date
from zhengtong.rules.queue_hours import written
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Pattern, Place, Service, held_days, instant, less, merged, minute_of

CALENDAR_CHANGED = "放假安排调整，当天不办公"


@transaction.atomic
def open_schedule(
    key: str, hall: Hall, queue_code: str, pattern: Pattern, session: Session, *, reason: str = "", by: Acting,
    at: datetime,
) -> Schedule:  # fmt: skip
    """The schedule with its first slots. Hours beyond the usual are registered as lawful for every day they are held:
    what is entered then is no made-up entry (D-03); and the hall keeps its doors open."""
    schedule = actions.open_schedule(key, hall, queue_code, pattern, session, reason=reason, by=by, at=at)
    known = calendar.current()
    if not held_days(pattern, max(pattern.since, local_date(at)), pattern.until, known):  # the whole act is undone
        raise Refusal(RefusalCode.SCHEDULE_HOLDS_NEVER)
    keep_hours(schedule, by=by, at=at)
    actions.lay_out(schedule, _horizon(at), known, at=at)
    return schedule


@transaction.atomic
def end_schedule(schedule: Schedule, reason: str, *, by: Acting, at: datetime) -> int:
    """Returns how many people were told."""
    told = cancel_by_house(actions.end_schedule(schedule, by=by, at=at), reason, by=by, at=at)
    keep_hours(schedule, by=by, at=at)
    return told


@transaction.atomic
def close_day(
    key: str, hall: Hall, on: date, queue_code: str, reason: str, *, by: Acting, at: datetime
) -> tuple[Closure, int]:
    """停办. The closure, and how many people were told."""
    closure, slots = actions.close_day(key, hall, on, queue_code, reason, by=by, at=at)
    told = cancel_by_house(slots, closure.reason, by=by, at=at)
    _keep_hours_of(closure, by=by, at=at)
    return closure, told


@transaction.atomic
def lift_closure(closure: Closure, *, by: Acting, at: datetime) -> int:
    opened = actions.lift_closure(closure, by=by, at=at)
    _keep_hours_of(closure, by=by, at=at)
    return opened


def lay_out_due(*, at: datetime) -> int:
    """At night: every running schedule up to the horizon, and against the calendar as it stands now."""
    known, made = calendar.current(), 0
    for schedule in queries.running_schedules(local_date(at)):
        with transaction.atomic():
            lost = refit(schedule, known, at=at)
            cancel_by_house(lost, CALENDAR_CHANGED, by=SYSTEM, at=at)
            keep_hours(schedule, by=SYSTEM, at=at)
            made += actions.lay_out(schedule, _horizon(at), known, at=at) + len(lost)
    return made


# --- hours beyond the usual ---


def keep_hours(schedule: Schedule, *, by: Acting, at: datetime) -> None:
    """What is registered as lawful after-hours work, and the hall's doors, for the days the schedule still holds.

    Days that are over are left as they were, and so is what was done in a session before it was taken back.
    """
    if schedule.service == Service.NORMAL.value:
        return
    days = [] if schedule.ended_at else held_days(schedule.pattern, local_date(at), schedule.until, calendar.current())
    shut = queries.closed_on(schedule.hall_id, days)
    held = {on for on in days if not {(on, ""), (on, schedule.queue_code)} & shut}
    registered = {row.on: row for row in service_of([schedule.key], local_date(at), schedule.until)}
    for on in sorted(held ^ registered.keys()):
        if at >= instant(on, schedule.closes):
            continue
        if on in held:
            _extend(schedule, on, by=by, at=at)
        else:
            _shorten(schedule, registered[on], by=by, at=at)


def _keep_hours_of(closure: Closure, *, by: Acting, at: datetime) -> None:
    for schedule in queries.schedules(closure.hall_id).filter(since__lte=closure.on, until__gte=closure.on):
        keep_hours(schedule, by=by, at=at)


def _extend(schedule: Schedule, on: date, *, by: Acting, at: datetime) -> None:
    """One day of longer hours: lawful for the journal's eyes, and the hall's doors and machines are open.

    Of a session that runs already only what is left: nothing becomes lawful afterwards.
    """
    hall, opens = schedule.hall, max(instant(on, schedule.opens), at.astimezone(SHANGHAI)).time()
    reason = f"{hall.name}：{schedule.reason}"[:200]
    authenticity.extend_hours(
        on, opens.replace(second=0, microsecond=0), schedule.closes, organ_id=None, reason=reason, source=schedule.key,
        by=by, at=at,
    )  # fmt: skip
    if schedule.place == Place.HALL.value:
        day = halls.hours_of(hall.pk, on)
        longer = merged([*day.hall, (minute_of(opens), minute_of(schedule.closes))])
        note = day.note or schedule.reason[:100]
        set_special_day(hall.code, on, written(longer), note=note, note_en=day.note_en, by=by, at=at)


def _shorten(schedule: Schedule, row: ExtendedHours, *, by: Acting, at: datetime) -> None:
    """The day goes back to what else keeps it open: the week, other schedules, hours set by hand."""
    since = queries.runs_until(schedule, at) or at  # whoever is in a slot now is still served
    authenticity.withdraw_hours(row, since, by=by, at=at)
    if schedule.place == Place.HALL.value:
        hours = _hours_without(schedule, row, since)
        day = halls.hours_of(schedule.hall_id, row.on)
        set_special_day(schedule.hall.code, row.on, hours, note=day.note, note_en=day.note_en, by=by, at=at)


def _hours_without(schedule: Schedule, row: ExtendedHours, since: datetime) -> str | None:
    """The doors of the day when this session ends at `since`; None: as any other day."""
    day, usual = halls.hours_of(schedule.hall_id, row.on), halls.usual_hours(schedule.hall_id, row.on)
    longer = queries.longer_schedules(schedule.hall_id)
    others = service_of([one.key for one in longer], row.on, row.on)
    begun = since > instant(row.on, row.opens)
    if not others and not begun and day.note in {one.reason[:100] for one in longer}:
        return None  # nothing but such schedules had changed the day, whatever the calendar says of it by now
    kept = [*usual, *((minute_of(one.opens), minute_of(one.closes)) for one in others)]
    shut_from = since.astimezone(SHANGHAI).time() if begun else row.opens
    left = less(day.hall, less([(minute_of(shut_from), minute_of(row.closes))], kept))
    return None if left == list(usual) else written(left)


def _horizon(at: datetime) -> date:
    today = local_date(at)
    return today + timedelta(days=queries.horizon_days(today))
