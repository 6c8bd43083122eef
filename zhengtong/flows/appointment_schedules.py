"""Schedules opened and ended, days closed, slots laid out; what the calendar takes away is told to who had booked."""

from datetime import date, datetime, timedelta

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.appointments import actions, queries
from zhengtong.domains.appointments.actions.schedules import Session, refit
from zhengtong.domains.appointments.models import Closure, Schedule
from zhengtong.domains.authenticity import actions as authenticity
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.hall.actions import set_special_day
from zhengtong.domains.registry.models import Hall
from zhengtong.flows.appointment_cancelled import cancel_by_house
from zhengtong.rules.clock import local_date
from zhengtong.rules.queue_hours import written
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Pattern, Place, Service, held_days, merged, minute_of

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
    days = held_days(pattern, max(pattern.since, local_date(at)), pattern.until, known)
    if not days:  # the whole act is undone
        raise Refusal(RefusalCode.SCHEDULE_HOLDS_NEVER)
    if session.service is not Service.NORMAL:
        for on in days:
            _extend(schedule, session, on, by=by, at=at)
    actions.lay_out(schedule, _horizon(at), known, at=at)
    return schedule


def _extend(schedule: Schedule, session: Session, on: date, *, by: Acting, at: datetime) -> None:
    """One day of longer hours: lawful for the journal's eyes, and the hall's doors and machines are open."""
    hall = schedule.hall
    reason = f"{hall.name}：{schedule.reason}"[:200]
    authenticity.extend_hours(on, session.opens, session.closes, organ_id=None, reason=reason, by=by, at=at)
    if session.place is Place.HALL:
        usual = halls.hours_of(hall.pk, on).hall
        longer = merged([*usual, (minute_of(session.opens), minute_of(session.closes))])
        set_special_day(hall.code, on, written(longer), note=schedule.reason[:100], by=by, at=at)


@transaction.atomic
def end_schedule(schedule: Schedule, reason: str, *, by: Acting, at: datetime) -> int:
    """Returns how many people were told."""
    return cancel_by_house(actions.end_schedule(schedule, by=by, at=at), reason, by=by, at=at)


@transaction.atomic
def close_day(
    key: str, hall: Hall, on: date, queue_code: str, reason: str, *, by: Acting, at: datetime
) -> tuple[Closure, int]:
    """停办. The closure, and how many people were told."""
    closure, slots = actions.close_day(key, hall, on, queue_code, reason, by=by, at=at)
    return closure, cancel_by_house(slots, closure.reason, by=by, at=at)


@transaction.atomic
def lift_closure(closure: Closure, *, by: Acting, at: datetime) -> int:
    return actions.lift_closure(closure, by=by, at=at)


def lay_out_due(*, at: datetime) -> int:
    """At night: every running schedule up to the horizon, and against the calendar as it stands now."""
    known, made = calendar.current(), 0
    for schedule in queries.running_schedules(local_date(at)):
        with transaction.atomic():
            lost = refit(schedule, known, at=at)
            cancel_by_house(lost, CALENDAR_CHANGED, by=SYSTEM, at=at)
            made += actions.lay_out(schedule, _horizon(at), known, at=at) + len(lost)
    return made


def _horizon(at: datetime) -> date:
    today = local_date(at)
    return today + timedelta(days=queries.horizon_days(today))
