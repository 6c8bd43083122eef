import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from zhengtong.base.files.models import StoredFile
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.applications.queries import asked_materials, materials_of, need_not_bring, wanting
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.catalogue.queries import check_open, edition
from zhengtong.domains.registry.models import Enterprise, Mandate, Person
from zhengtong.rules.canonical import canonical, plain
from zhengtong.rules.clock import local_date
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.forms import read
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_line

# 服务对象 A.4: 1 natural person; 2–4 and 6 organisations
ORGANISATIONS = frozenset({"2", "3", "4", "6"})


def start(
    item: Item,
    *,
    uid: UUID,
    person: Person | None,
    enterprise: Enterprise | None,
    channel: str,
    by: Acting,
    at: datetime,
    account_id: int | None = None,
    mandate: Mandate | None = None,
    agent_name: str = "",
    contact_phone: str = "",
) -> Application:
    """A draft under the item's published version, to which it stays pinned. Refuses an applicant the item is not for."""
    check_open(item, on=local_date(at))
    if item.current_version_id is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    kinds = set(edition(item.current_version_id).document["applicant_types"])
    if kinds and not (kinds & ORGANISATIONS if enterprise else "1" in kinds):
        raise Refusal(RefusalCode.APPLICATION_WRONG_APPLICANT, name=item.name)
    return Application.objects.create(
        uid=uid,
        item=item,
        item_version_id=item.current_version_id,
        account_id=account_id,
        taken_in_by_id=by.id if by.kind is ActorKind.OFFICER else None,
        channel=channel,
        applicant_kind=Application.ENTERPRISE if enterprise else Application.PERSON,
        person=person,
        enterprise=enterprise,
        applicant_name=(enterprise or person).name if (enterprise or person) else "",  # type: ignore[union-attr]  # one of the two is there
        mandate=mandate,
        agent_name=clean_line(agent_name, 100, "agent_name") if agent_name else "",
        contact_phone=check_mobile(contact_phone) if contact_phone else "",
        created_at=at,
        saved_at=at,
    )


def save(
    application: Application,
    *,
    seen: int,
    at: datetime,
    answers: dict[str, Any] | None = None,
    situation: dict[str, str] | None = None,
    contact_phone: str | None = None,
    delivery: str | None = None,
    delivery_address: str | None = None,
) -> None:
    """Keeps what was typed, judged or not: a draft may be wrong, but it may never be lost.

    `seen` is the draft version on the applicant's screen; Refusal(APPLICATION_STALE) when it was saved elsewhere since.
    """
    changes: dict[str, Any] = {"draft_version": F("draft_version") + 1, "saved_at": at}
    given = {
        "answers": answers,
        "situation": situation,
        "contact_phone": contact_phone,
        "delivery": delivery,
        "delivery_address": delivery_address,
    }
    changes.update({name: value for name, value in given.items() if value is not None})
    rows = Application.objects.filter(pk=application.pk, state=Application.DRAFT, draft_version=seen)
    if not rows.update(**changes):
        _refuse_stale(application)
    for name, value in given.items():
        if value is not None:
            setattr(application, name, value)
    application.draft_version, application.saved_at = seen + 1, at


def _refuse_stale(application: Application) -> None:
    now = Application.objects.get(pk=application.pk)
    if now.state != Application.DRAFT:
        raise Refusal(RefusalCode.APPLICATION_CLOSED, case_no=now.case_no)
    raise Refusal(RefusalCode.APPLICATION_STALE, saved_at=now.saved_at)


def add_material(
    application: Application,
    *,
    code: str,
    at: datetime,
    file: StoredFile | None = None,
    file_name: str = "",
    receive_mode: str = "2",
    copies: int = 1,
    note: str = "",
    supplement_round: int = 0,
) -> SubmittedMaterial:
    """Takes a material in. Only what the item asks for: a file for anything else is refused (M-03)."""
    if code not in {m.code for m in edition(application.item_version_id).materials}:
        raise Refusal(RefusalCode.APPLICATION_MATERIAL_UNKNOWN, code=code)
    return SubmittedMaterial.objects.create(
        application=application,
        material_code=code,
        receive_mode=receive_mode,
        file=file,
        file_name=file_name,
        copies=copies,
        note=note,
        received_at=at,
        round=supplement_round,
    )


def remove_material(application: Application, material_id: int, *, at: datetime) -> None:
    """Takes a wrong file out of a draft. After submission nothing can be taken out, only replaced by a supplement."""
    if application.state != Application.DRAFT:
        raise Refusal(RefusalCode.APPLICATION_CLOSED, case_no=application.case_no)
    SubmittedMaterial.objects.filter(application=application, pk=material_id).update(superseded_at=at)


def supersede(application: Application, codes: list[str], *, before_round: int, at: datetime) -> None:
    """A supplement replaces what was handed in for these materials before."""
    SubmittedMaterial.objects.filter(
        application=application, material_code__in=codes, round__lt=before_round, superseded_at__isnull=True
    ).update(superseded_at=at)


@transaction.atomic
def freeze(application: Application, *, seen: int, at: datetime, tolerated: Collection[RefusalCode] = ()) -> None:
    """Freezes the application: from here on officers decide on exactly this text, and its hash is in the journal.

    Refuses an incomplete one with everything that is missing at once; what is `tolerated` is told by a notice instead
    (art. 32(1)(4)). Guarded: of two submissions one wins.
    """
    found = wanting(application, on=local_date(at))
    lacking = {name: refusal for name, refusal in found.items() if refusal.code not in tolerated}
    if lacking:
        raise Refusal(RefusalCode.APPLICATION_INCOMPLETE, count=len(lacking), missing=sorted(lacking))
    text = _frozen_text(application)
    digest = hashlib.sha256(text.encode()).hexdigest()
    rows = Application.objects.filter(pk=application.pk, state=Application.DRAFT, draft_version=seen)
    if not rows.update(
        state=Application.SUBMITTED, submitted_at=at, frozen=text, frozen_hash=digest, draft_version=seen + 1
    ):
        _refuse_stale(application)
    application.state, application.submitted_at = Application.SUBMITTED, at
    application.frozen, application.frozen_hash, application.draft_version = text, digest, seen + 1


def freeze_again(application: Application, *, at: datetime) -> str:
    """After a supplement: the text now includes what came in. Returns the new hash, which the journal records."""
    text = _frozen_text(application)
    digest = hashlib.sha256(text.encode()).hexdigest()
    Application.objects.filter(pk=application.pk).update(frozen=text, frozen_hash=digest, saved_at=at)
    application.frozen, application.frozen_hash = text, digest
    return digest


def _frozen_text(application: Application) -> str:
    item = edition(application.item_version_id)
    reading = read(item.form, application.answers, application.situation)
    brought = materials_of(application)
    shared = [m.code for m in asked_materials(application, item) if need_not_bring(m)]
    return canonical(
        {
            "item": item.item_code,
            "item_version": item.number,
            "applicant": application.applicant_name,
            "applicant_kind": application.applicant_kind,
            "agent": application.agent_name,
            "situation": application.situation,
            "answers": plain(reading.answers),
            "delivery": application.delivery,
            "materials": [
                {
                    "code": m.material_code,
                    "mode": m.receive_mode,
                    "file": m.file.sha256 if m.file else "",
                    "name": m.file_name,
                    "copies": m.copies,
                    "round": m.round,
                }
                for m in brought
            ],
            "shared": [code for code in shared if code not in {m.material_code for m in brought}],
        }
    )


def name_case(application: Application, case_no: str) -> None:
    Application.objects.filter(pk=application.pk).update(case_no=case_no)
    application.case_no = case_no


def discard(application: Application, *, seen: int, at: datetime) -> None:
    """The applicant gives the draft up."""
    rows = Application.objects.filter(pk=application.pk, state=Application.DRAFT, draft_version=seen)
    if not rows.update(state=Application.DISCARDED, saved_at=at):
        _refuse_stale(application)
    application.state = Application.DISCARDED


def supersede_one(application: Application, material_id: int, *, at: datetime) -> None:
    """Sets a file of a running supplement aside; the row stays, so that the file's history is whole."""
    SubmittedMaterial.objects.filter(
        application=application, pk=material_id, round__gt=0, superseded_at__isnull=True
    ).update(superseded_at=at)


def name_applicant(
    application: Application,
    *,
    seen: int,
    person: Person | None,
    enterprise: Enterprise | None,
    mandate: Mandate | None,
    agent_name: str,
    at: datetime,
) -> None:
    """Puts another applicant on a draft taken in at the counter, where a code was mistyped first."""
    rows = Application.objects.filter(pk=application.pk, state=Application.DRAFT, draft_version=seen)
    changes: dict[str, Any] = {
        "person": person,
        "enterprise": enterprise,
        "applicant_kind": Application.ENTERPRISE if enterprise else Application.PERSON,
        "applicant_name": enterprise.name if enterprise else person.name if person else "",
        "mandate": mandate,
        "agent_name": clean_line(agent_name, 100, "agent_name") if agent_name else "",
    }
    if not rows.update(draft_version=F("draft_version") + 1, saved_at=at, **changes):
        _refuse_stale(application)
    for name, value in changes.items():
        setattr(application, name, value)
    application.draft_version, application.saved_at = seen + 1, at
