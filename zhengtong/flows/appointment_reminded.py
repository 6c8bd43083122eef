from datetime import datetime, timedelta

from django.db import transaction

from zhengtong.base.permission import SYSTEM
from zhengtong.domains.appointments import actions, queries
from zhengtong.flows.appointment_notices import tell_person
from zhengtong.rules.clock import end_of, local_date, start_of
from zhengtong.rules.refusal import Refusal, RefusalCode

FROM = timedelta(hours=9)  # in the morning of the day before: early enough to give the place to another


def remind_due(*, at: datetime, limit: int = 200) -> int:
    """The day before, once. Who booked today was told today."""
    today = local_date(at)
    if at < start_of(today) + FROM:
        return 0
    found = queries.to_remind(end_of(today + timedelta(days=1)), start_of(today), at, limit=limit)
    done = 0
    for appointment in found:
        try:
            with transaction.atomic():
                actions.remind(appointment, by=SYSTEM, at=at)
                tell_person("appointment.reminder", appointment, at=at)
                done += 1
        except Refusal as refusal:
            if refusal.code is not RefusalCode.STALE:  # moved or cancelled this very moment
                raise
    return done
