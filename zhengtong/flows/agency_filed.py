"""村级代办: a village clerk files for a villager, under a mandate on paper whose scan is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications import queries as drafts
from zhengtong.domains.applications.models import Application
from zhengtong.domains.appointments import actions, agencies
from zhengtong.domains.appointments.actions.filing import Mandate
from zhengtong.domains.appointments.models import VillageFiling
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries import case_of_application
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.submit import submit
from zhengtong.flows.take_in import Comer, Laid, applicant_of, lay
from zhengtong.rules.agency import VILLAGE, may_be_filed
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


@dataclass(frozen=True, slots=True)
class Kept:
    filing: VillageFiling
    draft: Application


@transaction.atomic
def keep_filing(item: Item, uid: UUID, comer: Comer, laid: Laid, given: Mandate, *, by: Acting, at: datetime) -> Kept:
    """The mandate first, then the draft under `uid`; kept again, it is the same. Only items tagged for the village."""
    by.check(Ability.FILE_FOR_OTHERS)
    check_level(item)
    filing = agencies.own_filing(by, str(uid))
    draft = drafts.counter_draft(by, uid)
    if draft is not None and draft.state != Application.DRAFT:
        if filing is None:
            raise Refusal(RefusalCode.NOT_FOUND)
        return Kept(filing, draft)
    _enterprise, person = applicant_of(comer, by=by, at=at)
    if person is None:  # villagers are persons; an enterprise has its own mandates
        raise Refusal(RefusalCode.APPLICATION_WRONG_APPLICANT, name=item.name)
    officer = registry.officer_by_id(by.id)
    hall = officer.window.hall if officer.window else None
    filing = actions.mandate(str(uid), person, item, given, hall=hall, phone=comer.phone, by=by, at=at)
    if filing.person_id != person.pk:
        raise Refusal(RefusalCode.MANDATE_MISSING)  # the paper on file is another person's
    if draft is None:
        draft = _started(item, uid, filing, comer, by=by, at=at)
    applications.save(
        draft, seen=draft.draft_version, answers=laid.answers, situation=laid.situation, contact_phone=comer.phone,
        delivery=laid.delivery, at=at,
    )  # fmt: skip
    lay(draft, laid.materials, at=at)
    return Kept(filing, draft)


@transaction.atomic
def file_for(kept: Kept, *, by: Acting, at: datetime) -> Case:
    """代为申请: from here it goes the way of every application. Sent twice, it is the same case."""
    if kept.draft.state != Application.DRAFT:
        return case_of_application(kept.draft)
    case = submit(kept.draft, seen=kept.draft.draft_version, by=by, at=at)
    actions.file(kept.filing, case.number, by=by, at=at)
    return case


@transaction.atomic
def renew_mandate(filing: VillageFiling, given: Mandate, *, by: Acting, at: datetime) -> VillageFiling:
    """A new paper for a case that goes on longer than the first one lasted."""
    return actions.renew(filing, given, by=by, at=at)


def check_level(item: Item) -> None:
    """Refusal(FILING_LEVEL) for an item that is not tagged for the village."""
    document = catalogue.document(item.current_version_id or 0)
    if not may_be_filed(document["lowest_level"], "village"):
        raise Refusal(RefusalCode.FILING_LEVEL, name=item.name)


def in_their_name(filing: VillageFiling, by: Acting) -> Acting:
    """What the mandate lets the clerk do as the villager; the journal names both, the villager masked."""
    person = filing.person
    return Acting(
        kind=ActorKind.APPLICANT,
        id=person.account_id or 0,  # 0: no account of anybody's
        name=f"{mask_name(person.name)}（{by.name}代）",
        person_id=person.pk,
    )


def _started(item: Item, uid: UUID, filing: VillageFiling, comer: Comer, *, by: Acting, at: datetime) -> Application:
    try:
        with transaction.atomic():
            return applications.start(
                item, uid=uid, person=filing.person, enterprise=None, channel=VILLAGE,
                account_id=filing.person.account_id, agent_name=by.name, contact_phone=comer.phone, by=by, at=at,
            )  # fmt: skip
    except IntegrityError:  # a double click: the other one was first
        draft = drafts.counter_draft(by, uid)
        if draft is None:
            raise Refusal(RefusalCode.NOT_FOUND) from None
        return draft
