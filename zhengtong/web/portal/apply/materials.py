"""The files of an application: what is to be uploaded, and what the house already has (免提交)."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.files.respond import respond
from zhengtong.base.files.store import upload_limit
from zhengtong.domains.applications import queries
from zhengtong.flows.hand_in import hand_in, take_back
from zhengtong.rules.edition import Edition, Material
from zhengtong.rules.file_kinds import ACCEPT
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal import words
from zhengtong.web.portal.apply import drafting
from zhengtong.web.portal.apply.steps import MATERIALS, after, before, place, steps


@dataclass(frozen=True, slots=True)
class AskedMaterial:
    material: Material
    files: list[Any]
    shared: bool  # 免提交
    filled_online: bool
    needed: bool
    necessity: Any
    kind: Any
    error: Any = ""

    @property
    def control(self) -> str:
        return f"material.{self.material.code}"

    @property
    def lacking(self) -> bool:
        return self.needed and not self.files


def asked(application: Any, edition: Edition, errors: dict[str, Any]) -> list[AskedMaterial]:
    brought = queries.materials_of(application)
    return [
        AskedMaterial(
            material=material,
            files=[row for row in brought if row.material_code == material.code],
            shared=queries.need_not_bring(material),
            filled_online=material.type == "form" and bool(edition.form.sections),
            needed=queries.must_upload(material, edition),
            necessity=words.word(words.NECESSITY, material.necessity),
            kind=words.word(words.MATERIAL_TYPES, material.type),
            error=errors.get(f"material.{material.code}", ""),
        )
        for material in queries.asked_materials(application, edition)
    ]


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def materials(request: ActingRequest, uid: UUID) -> HttpResponse:
    application, edition = drafting.opened(request, uid)
    if (there := drafting.gone(application)) is not None:
        return there
    errors: dict[str, Any] = {}
    if request.method == "POST":
        code, do = request.POST.get("material", ""), request.POST.get("do", "")
        try:
            if do.startswith("remove."):
                take_back(application, _number(do), seen=drafting.seen_version(request, application), at=timezone.now())
                return redirect(f"{request.path}#{_anchor(code)}")
            if do == "upload":
                _take_in(request, application, code)
                return redirect(f"{request.path}#{_anchor(code)}")
        except Refusal as refusal:
            errors = {f"material.{code}": sentence_html(refusal)}
            application = drafting.refresh(application, request)
        else:
            made = steps(edition, application)
            lacking = [one for one in asked(application, edition, {}) if one.lacking]
            if not lacking or do in ("later", "leave"):
                return redirect("portal:my_cases") if do == "leave" else redirect(after(made, MATERIALS).url)
            errors = {
                one.control: sentence_html(Refusal(RefusalCode.MATERIAL_MISSING, name=one.material.name))
                for one in lacking
            }
    made = steps(edition, application)
    number, total = place(made, MATERIALS)
    rows = asked(application, edition, errors)
    limit = upload_limit(timezone.now())
    context = {
        "application": application,
        "edition": edition,
        "rows": rows,
        "shared": sum(one.shared for one in rows),
        "errors": list(errors.items()),
        "previous": before(made, MATERIALS),
        "number": number,
        "total": total,
        "accepted": ACCEPT,
        "most_bytes": limit,
        "most_megabytes": limit // (1024 * 1024),
    }
    return render(request, "portal/apply/materials.html", context, status=422 if errors else 200)


def _take_in(request: ActingRequest, application: Any, code: str) -> None:
    """Every chosen file, each checked by its content; the first that is refused stops the rest and says why."""
    sent = request.FILES.getlist("file")
    if not sent:
        raise Refusal(RefusalCode.FILE_NOT_CHOSEN)
    seen = drafting.seen_version(request, application)
    for file in sent:
        hand_in(application, code, file, file.name or "", seen=seen, at=timezone.now())
        seen = application.draft_version


def _number(do: str) -> int:
    number = do.removeprefix("remove.")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        raise Refusal(RefusalCode.NOT_FOUND)
    return int(number)


def _anchor(code: str) -> str:
    return f"material-{code}" if code.replace("_", "").replace("-", "").isalnum() else ""


@citizen_door
@require_safe
def file(request: ActingRequest, uid: UUID, material_id: int) -> HttpResponse:
    application = drafting.opened(request, uid)[0]
    material = queries.material_for(application, material_id)
    if material.file is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return cast("HttpResponse", respond(material.file, material.file_name, inline=True))
