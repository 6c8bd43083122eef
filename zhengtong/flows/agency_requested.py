from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.actions.agency import Asked
from zhengtong.domains.appointments.models import AgencyRequest


@transaction.atomic
def request_agency(asked: Asked, *, by: Acting, at: datetime) -> AgencyRequest:
    """申请帮办代办: it waits for the centre to name an agent."""
    return actions.request_agency(asked, by=by, at=at)
