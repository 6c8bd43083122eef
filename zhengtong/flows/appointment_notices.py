"""What a person is told about an appointment; no name, no matter, no address travels in a message."""

from datetime import datetime

from zhengtong.domains.appointments.models import Appointment
from zhengtong.domains.registry.models import Officer
from zhengtong.flows.telling import Recipient, tell


def tell_officer(kind: str, visit: Appointment, officer: Officer | None, *, at: datetime) -> None:
    """The officer of a home visit, who must not stand before a closed door."""
    if officer is not None and officer.account_id is not None:
        tell(
            kind,
            key=f"{kind}:{visit.key}:{visit.version}:{officer.staff_no}",
            to=Recipient(officer.account_id),
            subject=("appointment", visit.key),
            facts={"starts": visit.starts, "path": f"/desk/bookings/{visit.key}/"},
            at=at,
        )


def tell_person(kind: str, appointment: Appointment, *, at: datetime, **facts: object) -> None:
    """Once for each state of the appointment: its version stands in the key."""
    to = Recipient(appointment.account_id, appointment.phone, language=appointment.language)
    path = f"/appointments/{appointment.key}/" if appointment.account_id else "/appointments/find/"
    said = {"hall": appointment.hall.name, "starts": appointment.starts, "code": appointment.code, "path": path}
    tell(
        kind,
        key=f"{kind}:{appointment.key}:{appointment.version}",
        to=to,
        subject=("appointment", appointment.key),
        facts={**said, **facts},
        at=at,
    )
