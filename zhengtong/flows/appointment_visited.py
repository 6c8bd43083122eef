"""上门服务: an officer is sent, the person knows who comes, and what came of it is recorded."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import Appointment
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.appointment_notices import tell_person
from zhengtong.flows.telling import Recipient, tell


@transaction.atomic
def assign_visit(visit: Appointment, staff_no: str, *, by: Acting, at: datetime) -> Appointment:
    officer = registry.officer_for(staff_no)
    assigned = actions.assign_visit(visit, officer, by=by, at=at)
    tell_person("appointment.visit_assigned", assigned, at=at, officer=officer.name)
    if officer.account_id is not None:
        tell(
            "appointment.visit_to_make",
            key=f"appointment.visit_to_make:{visit.key}:{visit.version}",
            to=Recipient(officer.account_id),
            subject=("appointment", visit.key),
            facts={"starts": visit.starts, "path": f"/desk/bookings/{visit.key}/"},
            at=at,
        )
    return assigned


@transaction.atomic
def visit_ended(visit: Appointment, *, done: bool, outcome: str, by: Acting, at: datetime) -> Appointment:
    ended = actions.visited(visit, done=done, outcome=outcome, by=by, at=at)
    tell_person("appointment.visited" if done else "appointment.visit_failed", ended, at=at)
    return ended
