"""What applicant and agent of agency service are told."""

from datetime import datetime

from zhengtong.domains.appointments.models import AgencyRequest
from zhengtong.domains.registry.models import Officer
from zhengtong.flows.telling import Recipient, tell


def tell_applicant(kind: str, row: AgencyRequest, *, at: datetime, **facts: object) -> None:
    _tell(kind, row, Recipient(row.account_id), f"/agency/{row.key}/", at, facts)


def tell_agent(kind: str, row: AgencyRequest, agent: Officer, *, at: datetime) -> None:
    if agent.account_id is not None:
        _tell(kind, row, Recipient(agent.account_id), f"/desk/agency/{row.key}/", at, {})


def _tell(kind: str, row: AgencyRequest, to: Recipient, path: str, at: datetime, facts: dict[str, object]) -> None:
    tell(
        kind,
        key=f"{kind}:{row.key}:{row.version}",
        to=to,
        subject=("agency", row.key),
        facts={"project": row.project, "path": path, **facts},
        at=at,
    )
