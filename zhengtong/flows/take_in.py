"""窗口收件: the applicant stands at the counter. The draft is kept first; receiving it and what follows is one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from zhengtong.base.keys import hidden_uuid
from zhengtong.base.permission import Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications import queries
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases import actions as cases
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries import case_of_application
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry import queries as people
from zhengtong.domains.registry.models import Enterprise, Mandate, Person
from zhengtong.flows.accept import accept
from zhengtong.flows.handle_at_once import handle_at_once
from zhengtong.flows.request_supplement import request_supplement
from zhengtong.flows.submit import submit
from zhengtong.flows.supplement_at_counter import Brought
from zhengtong.rules.clock import local_date
from zhengtong.rules.codes import check_resident_id, check_uscc
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

WINDOW = "1"  # 办理形式 A.5: at the counter
# What an applicant may still bring: told by the notice of art. 32(1)(4), not refused at the counter.
LACKING = frozenset({RefusalCode.TEXT_REQUIRED, RefusalCode.MATERIAL_MISSING, RefusalCode.FORM_TOO_FEW_ROWS})
PAPER_MANDATE = "已核对纸质授权委托书，经办人：{agent}"


class Then(StrEnum):
    RECEIVE = "receive"
    ACCEPT = "accept"
    FINISH = "finish"  # immediate items
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Comer:
    """Who applies, as the clerk typed it. With `uscc` an enterprise, else a person."""

    uscc: str = ""
    enterprise_name: str = ""
    person_name: str = ""
    id_kind: str = "111"
    id_number: str = ""
    phone: str = ""
    agent_name: str = ""
    agent_id_number: str = ""
    paper_mandate: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies on the counter: answers, situations, materials."""

    answers: dict[str, Any]
    situation: dict[str, str]
    materials: Sequence[Brought]
    delivery: str = "pickup"


@transaction.atomic
def keep(item: Item, uid: UUID, comer: Comer, laid: Laid, *, by: Acting, at: datetime) -> Application:
    """Finds or registers the applicant and keeps the draft under `uid`; kept again, it is the same draft."""
    by.check(Ability.TAKE_IN)
    draft = queries.counter_draft(by, uid)
    if draft is not None and draft.state != Application.DRAFT:
        return draft
    enterprise, person = applicant_of(comer, by=by, at=at)
    mandate = _mandate(comer, enterprise, person, at)
    if draft is None:
        draft = _started(item, uid, comer, enterprise, person, mandate, by=by, at=at)
    elif (draft.enterprise_id, draft.person_id, draft.agent_name) != (
        enterprise.pk if enterprise else None,
        person.pk if person else None,
        comer.agent_name,
    ):
        applications.name_applicant(
            draft, seen=draft.draft_version, person=person, enterprise=enterprise, mandate=mandate,
            agent_name=comer.agent_name, at=at,
        )  # fmt: skip
    applications.save(
        draft, seen=draft.draft_version, answers=laid.answers, situation=laid.situation, contact_phone=comer.phone,
        delivery=laid.delivery, at=at,
    )  # fmt: skip
    lay(draft, laid.materials, at=at)
    return draft


@transaction.atomic
def take_in(
    draft: Application,
    then: Then,
    *,
    defects: Sequence[Defect] = (),
    opinion: str = "",
    paper_mandate: bool = False,
    by: Acting,
    at: datetime,
) -> Case:
    """收件, and in the same act acceptance, the whole handling of an immediate item, or the one notice of what lacks."""
    if draft.state != Application.DRAFT:
        return case_of_application(draft)
    taker = people.officer_by_id(by.id)
    tolerated = LACKING if then is Then.SUPPLEMENT else frozenset()
    case = submit(draft, seen=draft.draft_version, by=by, at=at, taker=taker, tolerated=tolerated)
    if paper_mandate:
        cases.note(case, text=PAPER_MANDATE.format(agent=case.agent_name), by=by, at=at)
    if then is Then.ACCEPT:
        return accept(case.number, seen=case.version, by=by, at=at)
    if then is Then.FINISH:
        return handle_at_once(case.number, opinion=opinion, seen=case.version, by=by, at=at)
    if then is Then.SUPPLEMENT:
        return request_supplement(case.number, defects, seen=case.version, by=by, at=at)
    return case


def applicant_of(comer: Comer, *, by: Acting, at: datetime) -> tuple[Enterprise | None, Person | None]:
    """The registered applicant, registered now where the house does not know them. Check digits are judged first."""
    if comer.uscc:
        code = check_uscc(comer.uscc)
        found = people.enterprise_by_code(code)
        if found is None:
            found = registry.register_enterprise(uscc=code, name=comer.enterprise_name, phone=comer.phone, by=by, at=at)
        return found, None
    return None, _person(comer.person_name, comer.id_kind, comer.id_number, comer.phone, by=by, at=at)


def _person(name: str, id_kind: str, id_number: str, phone: str, *, by: Acting, at: datetime) -> Person:
    number = check_resident_id(id_number) if id_kind == registry.RESIDENT_ID else id_number.strip()
    if not number:
        raise Refusal(RefusalCode.TEXT_REQUIRED, field="id_number")
    found = people.person_by_id_number(number)
    if found is not None:
        return found
    key = str(hidden_uuid("person", id_kind, number))
    return registry.register_person(key=key, name=name, id_kind=id_kind, id_number=number, phone=phone, by=by, at=at)


def _mandate(comer: Comer, enterprise: Enterprise | None, person: Person | None, at: datetime) -> Mandate | None:
    """An agent shows a mandate the house holds, or one on paper; the legal representative needs none."""
    if not comer.agent_name and not comer.agent_id_number:
        return None
    agent = people.person_by_id_number(check_resident_id(comer.agent_id_number)) if comer.agent_id_number else None
    if agent is not None and enterprise is not None and enterprise.legal_representative_id == agent.pk:
        return None
    mandate = None
    if agent is not None:
        mandate = people.mandate_between(
            agent.pk, enterprise_id=enterprise.pk if enterprise else None, principal_id=person.pk if person else None,
            on=local_date(at),
        )  # fmt: skip
    if mandate is None and not comer.paper_mandate:
        raise Refusal(RefusalCode.MANDATE_MISSING)
    return mandate


def _started(
    item: Item, uid: UUID, comer: Comer, enterprise: Enterprise | None, person: Person | None,
    mandate: Mandate | None, *, by: Acting, at: datetime,
) -> Application:  # fmt: skip
    try:
        with transaction.atomic():
            return applications.start(
                item, uid=uid, person=person, enterprise=enterprise, channel=WINDOW, mandate=mandate,
                account_id=person.account_id if person else None, agent_name=comer.agent_name,
                contact_phone=comer.phone, by=by, at=at,
            )  # fmt: skip
    except IntegrityError:  # a double click: the other one was first
        draft = queries.counter_draft(by, uid)
        if draft is None:
            raise Refusal(RefusalCode.NOT_FOUND) from None
        return draft


def lay(draft: Application, wanted: Sequence[Brought], *, at: datetime) -> None:
    """Brings the draft's materials in line with the ticks. A file once given stays until another replaces it."""
    lying: dict[str, Any] = {m.material_code: m for m in queries.materials_of(draft)}
    asked: Mapping[str, Brought] = {m.code: m for m in wanted}
    for code, row in lying.items():
        new = asked.get(code)
        if new is None or not _as_it_lies(row, new):
            applications.remove_material(draft, row.pk, at=at)
    for code, new in asked.items():
        if code in lying and _as_it_lies(lying[code], new):
            continue
        applications.add_material(
            draft, code=code, receive_mode=new.mode, copies=new.copies, file=new.file, file_name=new.file_name, at=at
        )


def _as_it_lies(row: Any, new: Brought) -> bool:
    return new.file is None and bool(row.file_id or (row.receive_mode, row.copies) == (new.mode, new.copies))
