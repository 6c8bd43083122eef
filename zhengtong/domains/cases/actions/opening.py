from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zhengtong.base import journal
from zhengtong.base.deadlines.actions import write
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.journal import Event
from zhengtong.base.keys import query_code
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.rules.clock import local_date
from zhengtong.rules.edition import Edition
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.numbers import case_no
from zhengtong.rules.procedure import Stage, State

# 来源 of the case number, domain-rules §12.2: 1 portal, 2 centre, 9 other
SOURCE = {"1": "2", "2": "1", "3": "1"}

_NEXT = """
INSERT INTO cases_counter (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = cases_counter.last + 1
RETURNING last
"""


def next_serial(series: str) -> int:
    """The next number of a series. Its row stays locked to the end of the transaction: no gap and no repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        serial: int = cursor.fetchone()[0]
    return serial


@dataclass(frozen=True, slots=True)
class Applied:
    """What a new case takes over from its application; the organ and section the item's rule sends it to."""

    application: Application
    edition: Edition
    organ: Organ
    section_id: int | None
    taker: Officer | None  # the clerk at the counter; nobody for an online application


def _identified(application: Application) -> dict[str, str]:
    """The applicant's code as papers will print it."""
    if application.enterprise is not None:
        return {"applicant_id_kind": "001", "applicant_id": application.enterprise.uscc}
    if application.person is not None:
        return {"applicant_id_kind": application.person.id_kind, "applicant_id": application.person.id_number}
    return {}


def open_case(applied: Applied, *, law: Law, by: Acting, at: datetime) -> Case:
    """收件: the case exists, not yet accepted. The five days of art. 32(1)(4) begin."""
    application, organ = applied.application, applied.organ
    received_on = local_date(at)
    region = organ.region.code[:6]
    source = SOURCE.get(application.channel, "9")
    number = case_no(region, received_on, source, next_serial(f"case:{region}:{received_on:%Y%m%d}:{source}"))
    notice = planned(
        ("case", number),
        DeadlineKind.NOTICE,
        received_on,
        law.days("notice.days", received_on),
        law.calendar,
        organ_id=organ.pk,
    )
    case = Case(
        number=number,
        query_code=query_code(number),
        application=application,
        item_id=application.item_id,
        item_version_id=application.item_version_id,
        item_name=applied.edition.name,
        organ=organ,
        section_id=applied.section_id,
        region_code=organ.region.code,
        account_id=application.account_id,
        person_id=application.person_id,
        enterprise_id=application.enterprise_id,
        applicant_name=application.applicant_name,
        **_identified(application),
        agent_name=application.agent_name,
        contact_phone=application.contact_phone,
        channel=application.channel,
        is_agent=bool(application.agent_name),
        case_kind=applied.edition.case_kind,
        state=State.SUBMITTED.value,
        stage=Stage.ACCEPT.value,
        stage_since=at,
        holder=applied.taker,
        received_at=at,
        received_on=received_on,
        due_on=notice.due_on,
        due_at=notice.due_at,
    )
    facts = {
        "item": applied.edition.item_code,
        "item_version": applied.edition.number,
        "organ": organ.code,
        "channel": application.channel,
        "application": application.frozen_hash,
        "notice_due": notice.due_on,
    }
    journal.insert(case, Event(Kind.CASE_SUBMITTED, facts), by=by, at=at)
    write([notice])
    return case
