"""Schedules and the slots laid out from them; days on which a hall gives none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import F

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.models import Closure, Schedule, Slot
from zhengtong.domains.registry.models import Hall
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Pattern, Place, Service, check_schedule, cut, held_days, held_on, instant
from zhengtong.rules.text import clean_line, require_line


@dataclass(frozen=True, slots=True)
class Session:
    """The hours of a schedule, how they are cut, and for how many."""

    opens: time
    closes: time
    minutes: int
    capacity: int
    service: Service = Service.NORMAL
    place: Place = Place.HALL


def open_schedule(
    key: str, hall: Hall, queue_code: str, pattern: Pattern, session: Session, *, reason: str = "", by: Acting,
    at: datetime,
) -> Schedule:  # fmt: skip
    """A schedule from which `lay_out` makes slots. Sent twice under one key, it is the same."""
    by.check(Ability.KEEP_HALL)
    known = Schedule.objects.filter(key=key).first()
    if known is not None:
        return known
    check_schedule(pattern, session.opens, session.closes, session.minutes, session.capacity, session.service)
    if session.place is Place.HALL:
        queue_code = require_line(queue_code, 20, "queue")
    extra = session.service is not Service.NORMAL
    schedule = Schedule(
        key=key, hall=hall, queue_code=queue_code if session.place is Place.HALL else "", place=session.place.value,
        service=session.service.value, weekdays=sorted(pattern.weekdays), days=pattern.days.value,
        opens=session.opens, closes=session.closes, minutes=session.minutes, capacity=session.capacity,
        since=pattern.since, until=pattern.until,
        reason=require_line(reason, 200, "reason") if extra else clean_line(reason, 200, "reason"),
        made_at=at, made_by_id=by.id if by.is_officer else None,
    )  # fmt: skip
    hours = f"{session.opens:%H:%M}-{session.closes:%H:%M}"
    journal.insert(schedule, Event(Kind.SCHEDULE_OPENED, {"hours": hours}), by=by, at=at)
    return schedule


def lay_out(schedule: Schedule, until: date, calendar: Calendar, *, at: datetime) -> int:
    """Slots for every day the schedule holds from today to `until`; what stands already stays. Returns how many new.

    Slots of a day that the calendar has since taken away are not touched here: `queries` finds them, a flow tells
    who had booked.
    """
    since = max(local_date(at), schedule.since)
    if schedule.ended_at is not None or since > until:
        return 0
    days = held_days(schedule.pattern, since, until, calendar)
    closed = queries.closed_on(schedule.hall_id, days)
    slots = [
        Slot(
            schedule=schedule, hall_id=schedule.hall_id, queue_code=schedule.queue_code, place=schedule.place,
            service=schedule.service, on=on, starts=instant(on, opens), ends=instant(on, closes),
            capacity=schedule.capacity, closed=(on, "") in closed or (on, schedule.queue_code) in closed,
        )
        for on in days
        for opens, closes in cut(schedule.opens, schedule.closes, schedule.minutes)
    ]  # fmt: skip
    known = set(Slot.objects.filter(schedule=schedule, on__gte=since).values_list("starts", flat=True))
    fresh = [slot for slot in slots if slot.starts not in known]
    Slot.objects.bulk_create(fresh, ignore_conflicts=True)  # two workers: the second finds them laid
    Schedule.objects.filter(pk=schedule.pk).update(laid_until=until)
    return len(fresh)


def end_schedule(schedule: Schedule, *, by: Acting, at: datetime) -> list[int]:
    """No new slots, and those to come are closed. Returns the slots; who had booked in them is told by the flow."""
    by.check(Ability.KEEP_HALL)
    if schedule.ended_at is not None:
        raise Refusal(RefusalCode.SCHEDULE_ENDED)
    journal.commit(schedule, Event(Kind.SCHEDULE_ENDED), by=by, at=at, ended_at=at)
    return close_slots(list(Slot.objects.filter(schedule=schedule, starts__gt=at, closed=False)))


def close_day(
    key: str, hall: Hall, on: date, queue_code: str, reason: str, *, by: Acting, at: datetime
) -> tuple[Closure, list[int]]:
    """停办. Returns the closure and the slots closed by it."""
    by.check(Ability.KEEP_HALL)
    if on < local_date(at):
        raise Refusal(RefusalCode.CLOSURE_PAST, on=on)
    closure = Closure(
        key=key, hall=hall, on=on, queue_code=clean_line(queue_code, 20, "queue"),
        reason=require_line(reason, 200, "reason"), made_at=at, made_by_id=by.id if by.is_officer else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            journal.insert(closure, Event(Kind.CLOSURE_ANNOUNCED), by=by, at=at)
    except IntegrityError:
        raise Refusal(RefusalCode.CLOSURE_EXISTS, on=on) from None
    rows = Slot.objects.filter(hall=hall, on=on, ends__gt=at, closed=False)
    return closure, close_slots(list(rows.filter(queue_code=closure.queue_code) if closure.queue_code else rows))


def lift_closure(closure: Closure, *, by: Acting, at: datetime) -> int:
    """The day takes bookings again; appointments that were cancelled stay cancelled. Returns how many slots opened."""
    by.check(Ability.KEEP_HALL)
    journal.commit(closure, Event(Kind.CLOSURE_LIFTED), by=by, at=at, lifted_at=at)
    rows = Slot.objects.filter(hall_id=closure.hall_id, on=closure.on, starts__gt=at, schedule__ended_at__isnull=True)
    if closure.queue_code:
        rows = rows.filter(queue_code=closure.queue_code)
    return rows.filter(closed=True, taken__lte=F("capacity")).update(closed=False)


def close_slots(slots: Sequence[Slot]) -> list[int]:
    """From now on nobody books in them; `taken` counts on, until each booking is cancelled."""
    # In the order of rows, as a move takes them: else a closing and a move could wait for each other for ever.
    rows = Slot.objects.select_for_update().filter(pk__in=[slot.pk for slot in slots]).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    Slot.objects.filter(pk__in=ids).update(closed=True)
    return ids


def refit(schedule: Schedule, calendar: Calendar, *, at: datetime) -> list[int]:
    """The slots to come against the calendar as it stands now: those of a day it took away are closed and returned,
    those of a day it gave back are open again."""
    pattern = schedule.pattern
    coming = list(Slot.objects.filter(schedule=schedule, starts__gt=at))
    days = {slot.on: held_on(pattern, slot.on, calendar) for slot in coming}
    shut = queries.closed_on(schedule.hall_id, days)
    back = [
        slot.pk
        for slot in coming
        if slot.closed and days[slot.on] and not {(slot.on, ""), (slot.on, schedule.queue_code)} & shut
    ]
    Slot.objects.filter(pk__in=back).update(closed=False)
    return close_slots([slot for slot in coming if not slot.closed and not days[slot.on]])
