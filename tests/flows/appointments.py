"""A hall that gives appointments, and people who make them."""

from datetime import date, datetime, time
from uuid import UUID

from tests.people import AT, Cast, hall_of
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.appointments.actions import Booking
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.appointments.models import Appointment, Schedule, Slot
from zhengtong.domains.registry.models import Hall
from zhengtong.flows.appointment_booked import book
from zhengtong.flows.appointment_schedules import open_schedule
from zhengtong.rules.clock import SHANGHAI
from zhengtong.rules.slots import WORKWEEK, Days, Pattern, Place, Service

QUEUE = "general"
LAST = date(2026, 12, 31)


def here(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def hall(people: Cast) -> Hall:
    return Hall.objects.filter(code="H01").first() or hall_of(people)[0].hall


def scheduled(
    people: Cast, number: int = 1, *, capacity: int = 2, place: Place = Place.HALL, at: datetime = AT
) -> Schedule:
    """Every working day from nine to ten, half an hour each."""
    return open_schedule(
        str(UUID(int=number)), hall(people), QUEUE, Pattern(WORKWEEK, Days.WORKING, at.date(), LAST),
        Session(time(9), time(10), 30, capacity, Service.NORMAL, place), by=people.acting("蒋华"), at=at,
    )  # fmt: skip


def slot_at(moment: datetime, place: Place = Place.HALL) -> Slot:
    return Slot.objects.get(starts=moment, place=place.value)


def guest(number: int = 0) -> Acting:
    return Acting(ActorKind.APPLICANT, None, f"客{number}")


def wanted(number: int, **changes: object) -> Booking:
    given = {
        "key": str(UUID(int=1000 + number)), "person_name": f"客人{number}", "phone": f"1380000{number:04d}",
        "channel": Appointment.WEB, "matter": "咨询", **changes,
    }  # fmt: skip
    return Booking(**given)  # type: ignore[arg-type]  # plain words for a test


def booked(number: int, slot: Slot, *, by: Acting | None = None, at: datetime = AT, **changes: object) -> Appointment:
    return book(slot.pk, wanted(number, **changes), by=by or guest(number), at=at)
