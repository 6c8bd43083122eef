"""上门服务: an officer is sent, the person knows who comes, and what came of it is recorded."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import Appointment
from zhengtong.flows.agency_assigned import officer_named
from zhengtong.flows.appointment_notices import tell_officer, tell_person
from zhengtong.rules.clock import local_date


@transaction.atomic
def assign_visit(visit: Appointment, staff_no: str, *, by: Acting, at: datetime) -> Appointment:
    before, officer = visit.officer, officer_named(staff_no, local_date(at))
    assigned = actions.assign_visit(visit, officer, by=by, at=at)
    tell_person("appointment.visit_assigned", assigned, at=at, officer=officer.name)
    tell_officer("appointment.visit_to_make", assigned, officer, at=at)
    if before is not None and before.pk != officer.pk:
        tell_officer("appointment.visit_off", assigned, before, at=at)
    return assigned


@transaction.atomic
def visit_ended(visit: Appointment, *, done: bool, outcome: str, by: Acting, at: datetime) -> Appointment:
    ended = actions.visited(visit, done=done, outcome=outcome, by=by, at=at)
    tell_person("appointment.visited" if done else "appointment.visit_failed", ended, at=at)
    return ended
