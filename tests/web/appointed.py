"""A hall with slots, an appointment, a request for an agent and a village filing: what their routes need."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from tests.flows.appointments import QUEUE, hall, wanted
from tests.people import Cast
from zhengtong.base.files.store import store_own
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.actions.agency import Asked
from zhengtong.domains.appointments.actions.filing import Mandate
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.appointments.models import Slot
from zhengtong.domains.hall.models import Queue
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import appointment_schedules
from zhengtong.flows.agency_requested import request_agency
from zhengtong.flows.appointment_booked import book
from zhengtong.rules.slots import Days, Pattern


def appointed(people: Cast) -> dict[str, dict[str, Any]]:
    """The citizen's own appointment and request; the filing is 陶莲花's."""
    at, place = timezone.now(), hall(people)
    if not Queue.objects.filter(hall=place, code=QUEUE).exists():
        Queue.objects.create(hall=place, code=QUEUE, letter="Z", name="预约业务")
    manager, alone = people.acting("蒋华"), registry.applicant_acting(people.citizen)
    every_day = Pattern(frozenset(range(7)), Days.ANY, at.date(), at.date() + timedelta(days=300))
    schedule = appointment_schedules.open_schedule(
        str(UUID(int=71)), place, QUEUE, every_day, Session(time(0), time(23), 60, 3), by=manager, at=at
    )
    slot = Slot.objects.filter(schedule=schedule, starts__gt=at + timedelta(days=2)).earliest("starts")
    row = book(slot.pk, wanted(71, account_id=people.citizen.pk), by=alone, at=at)
    closure, _told = appointment_schedules.close_day(
        str(UUID(int=72)), place, at.date() + timedelta(days=20), "", "检修", by=manager, at=at
    )
    asked = Asked(str(UUID(int=73)), "项目", "备案", "林小雨", "13800000001")
    agency = request_agency(asked, by=alone, at=at)
    paper = Mandate(store_own(b"%PDF", "application/pdf", at=at), "委托书.pdf", date(2099, 1, 1), consent=True)
    filing = actions.mandate(
        str(UUID(int=74)), people.person, people.item(), paper, hall=place, phone="", by=people.acting("陶莲花"), at=at
    )
    own = ("appointment", "appointment_slip", "appointment_calendar", "move_appointment", "cancel_appointment")
    return {
        **{f"portal:{name}": {"key": row.key} for name in (*own, "object_appointment")},
        "portal:appointment_home": {"hall_code": place.code},
        "portal:appointment_times": {"hall_code": place.code, "queue_code": QUEUE},
        "portal:appointment_slot": {"slot_id": slot.pk},
        "portal:agency_request": {"key": agency.key},
        "portal:withdraw_agency": {"key": agency.key},
        "desk:booking": {"key": row.key},
        "desk:bookings_export": {"form": "csv"},
        "desk:booking_reveal": {"key": row.key},
        "desk:booking_step": {"key": row.key, "name": "move"},
        "desk:schedule_end": {"key": schedule.key},
        "desk:closure_lift": {"key": closure.key},
        "desk:agency_request": {"key": agency.key},
        "desk:agency_step": {"key": agency.key, "name": "assign"},
        **{
            f"desk:{name}": {"key": filing.key}
            for name in ("filing", "filing_supplement", "filing_renew", "filing_hand_over")
        },
        "desk:filing_mandate": {"key": filing.key},
    }
