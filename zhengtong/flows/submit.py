from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from zhengtong.base import search
from zhengtong.base.law import current_law
from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Officer
from zhengtong.flows.notices import notice
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def submit(
    application: Application,
    *,
    seen: int,
    by: Acting,
    at: datetime,
    taker: Officer | None = None,
    tolerated: Collection[RefusalCode] = (),
) -> Case:
    """An application becomes a case. Sent twice (a double click, a lost answer), it is the same case.

    `taker` is the clerk at the counter, who then holds it.
    """
    if application.state == Application.SUBMITTED:
        return cases.case_of_application(application)
    _check_mandate(application, by, at)
    edition = catalogue.edition(application.item_version_id)
    catalogue.check_open(application.item, on=local_date(at))
    law = current_law()
    try:
        applications.freeze(application, seen=seen, at=at, tolerated=tolerated)
    except Refusal as refusal:
        if refusal.code is RefusalCode.APPLICATION_CLOSED and refusal.facts["case_no"]:  # the other click came first
            return cases.case_of_application(application)
        raise
    organ = application.item.organ
    section = cases.section_for(organ.pk, application.item_id)
    applied = actions.Applied(application, edition, organ, section, taker)
    case = actions.open_case(applied, law=law, by=by, at=at)
    applications.name_case(application, case.number)
    actions.issue_paper(case, contents.receipt(case, edition, by, at), by=by, at=at)
    search.index("case", case.pk, cases.search_texts(case))
    queue(*notice("case.submitted", case, at=at, reply_by=case.due_on))
    return case


def _check_mandate(application: Application, by: Acting, at: datetime) -> None:
    """Refusal(MANDATE_MISSING) for who no longer acts for the enterprise of the draft. At the counter the clerk has
    looked at the mandate, on paper or ours, when the draft was kept."""
    if by.kind is ActorKind.APPLICANT and application.enterprise_id is not None:
        registry.enterprise_for(by.id or 0, application.enterprise_id, local_date(at))
    elif by.kind is ActorKind.APPLICANT and application.mandate is not None:
        given_by = application.mandate.principal_id
        if registry.mandate_for(by.id or 0, principal_id=given_by, on=local_date(at)) is None:
            raise Refusal(RefusalCode.MANDATE_MISSING)
