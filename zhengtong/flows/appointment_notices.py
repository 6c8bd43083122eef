"""What a person is told about an appointment; no name, no matter, no address travels in a message."""

from datetime import datetime

from zhengtong.domains.appointments.models import Appointment
from zhengtong.flows.telling import Recipient, tell


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
