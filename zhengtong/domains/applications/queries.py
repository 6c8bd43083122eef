import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.catalogue.queries import edition
from zhengtong.rules.conditions import holds
from zhengtong.rules.edition import Edition, Material
from zhengtong.rules.forms import condition_answers, missing, read
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


def application_for(by: Acting, uid: UUID | str) -> Application:
    """The application, if it is this person's own or an officer's who takes in at a counter; else NOT_FOUND."""
    row = (
        Application.objects.select_related("item", "item__organ", "item__organ__region", "enterprise", "person")
        .filter(uid=uid)
        .first()
    )
    if row is None or not _may_see(by, row):
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def _may_see(by: Acting, row: Application) -> bool:
    if by.kind is ActorKind.APPLICANT:
        return row.account_id == by.id
    return by.is_officer and by.can(Ability.TAKE_IN) and row.taken_in_by_id == by.id


def drafts_of(account_id: int, limit: int = 20) -> list[Application]:
    return list(
        Application.objects.select_related("item")
        .filter(account_id=account_id, state=Application.DRAFT)
        .order_by("-saved_at")[:limit]
    )


def draft_for_item(account_id: int, item_id: int, enterprise_id: int | None) -> Application | None:
    """The draft one came away from, so that starting again goes on where one stopped."""
    return (
        Application.objects.filter(
            Q(enterprise_id=enterprise_id), account_id=account_id, item_id=item_id, state=Application.DRAFT
        )
        .order_by("-saved_at")
        .first()
    )


def stale_drafts(before: datetime, limit: int = 500) -> list[Application]:
    return list(Application.objects.filter(state=Application.DRAFT, saved_at__lt=before).order_by("saved_at")[:limit])


def materials_of(application: Application) -> list[SubmittedMaterial]:
    """What has been handed in and still counts, in the order received."""
    return list(
        SubmittedMaterial.objects.select_related("file")
        .filter(application=application, superseded_at__isnull=True)
        .order_by("id")
    )


def all_materials(application: Application) -> list[SubmittedMaterial]:
    """Also what a supplement replaced: the officer's history of the file."""
    return list(SubmittedMaterial.objects.select_related("file").filter(application=application).order_by("id"))


def material_for(application: Application, material_id: int) -> SubmittedMaterial:
    row = SubmittedMaterial.objects.select_related("file").filter(application=application, pk=material_id).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def asked_materials(application: Application, asked: Edition | None = None) -> list[Material]:
    """The materials this applicant must or may bring, given the situation and the answers so far."""
    item = asked or edition(application.item_version_id)
    known = condition_answers(application.answers, application.situation)
    return [m for m in item.materials if m.necessity != "conditional" or holds(m.condition, known)]


def wanting(application: Application, *, on: Any = None) -> dict[str, Refusal]:
    """Name of field, situation or material → what keeps the application from being submitted. Empty: it can go."""
    item = edition(application.item_version_id)
    found: dict[str, Refusal] = {
        f"situation.{s.code}": Refusal(RefusalCode.TEXT_REQUIRED, field=s.code)
        for s in item.situations
        if not application.situation.get(s.code)
    }
    reading = read(item.form, application.answers, application.situation, on=on)
    found.update(reading.refusals)
    for name, refusal in missing(item.form, reading.answers, application.situation).items():
        found.setdefault(name, refusal)
    brought = {m.material_code for m in materials_of(application)}
    for material in asked_materials(application, item):
        if must_upload(material, item) and material.code not in brought:
            found[f"material.{material.code}"] = Refusal(RefusalCode.MATERIAL_MISSING, name=material.name)
    return found


def need_not_bring(material: Material) -> bool:
    """免提交: the platform has it, by shared data or an electronic certificate (M-04: it may not be asked again)."""
    return bool(material.share_source or material.e_cert_type)


def must_upload(material: Material, item: Edition) -> bool:
    """Whether an online application cannot go without this file: the form itself is filled on the page."""
    filled_online = material.type == "form" and bool(item.form.sections)
    return material.necessity != "optional" and not filled_online and not need_not_bring(material)


def frozen_content(application: Application) -> dict[str, Any]:
    """The application as submitted, or as it is now while it is still a draft."""
    if application.frozen:
        content: dict[str, Any] = json.loads(application.frozen)
        return content
    return {}


def counter_drafts(officer_id: int, limit: int = 10) -> list[Application]:
    """What a clerk began to take in and has not sent yet, latest first."""
    return list(
        Application.objects.select_related("item")
        .filter(taken_in_by_id=officer_id, state=Application.DRAFT)
        .order_by("-saved_at")[:limit]
    )


def counter_draft(by: Acting, uid: UUID) -> Application | None:
    """The draft (or what became of it) this clerk began under this uid; None before it was first saved."""
    return (
        Application.objects.select_related("item", "item__organ", "item__organ__region", "enterprise", "person")
        .filter(uid=uid, taken_in_by_id=by.id)
        .first()
    )


def materials_asked(item: Edition, answers: dict[str, Any], situation: dict[str, str]) -> list[Material]:
    """As `asked_materials`, for answers that are not kept yet."""
    known = condition_answers(answers, situation)
    return [m for m in item.materials if m.necessity != "conditional" or holds(m.condition, known)]
