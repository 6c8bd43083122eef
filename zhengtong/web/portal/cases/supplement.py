"""补正: exactly the lines of the notice, a file for each, then one press."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.base.files.store import upload_limit
from zhengtong.domains.applications.queries import materials_of
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue.queries import edition
from zhengtong.flows.hand_in import hand_in_supplement, take_back_supplement
from zhengtong.flows.supplement import supplement as sent_in
from zhengtong.rules.file_kinds import ACCEPT
from zhengtong.rules.procedure import State, Step, check_step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.frame.whole import whole


@dataclass(frozen=True, slots=True)
class AskedLine:
    line: Any
    files: list[Any]
    error: Any = ""

    @property
    def takes_files(self) -> bool:
        return bool(self.line.material_code)

    @property
    def control(self) -> str:
        return f"line.{self.line.pk}"


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request: ActingRequest, number: str) -> HttpResponse:
    case = cases.case_for(request.acting, number)
    check_step(Step.SUPPLEMENT, State(case.state))
    errors: dict[str, Any] = {}
    if request.method == "POST":
        do, line = request.POST.get("do", ""), request.POST.get("line", "")
        try:
            if do == "upload":
                _take_in(request, case, line)
                return redirect(request.path)
            if do.startswith("remove.") and (chosen := whole(do.removeprefix("remove."))) is not None:
                take_back_supplement(number, chosen, by=request.acting, at=timezone.now())
                return redirect(request.path)
            answer = request.POST.get("answer", "")
            errors = {} if do == "send_these" else _without_file(case) | _without_word(case, answer)
            if not errors:
                seen = request.POST.get("seen", "")
                sent_in(
                    number,
                    answer=answer,
                    seen=whole(seen),
                    by=request.acting,
                    at=timezone.now(),
                )
                messages.success(request, _("补正材料已提交。窗口会在期限内答复是否受理。"))
                return redirect("portal:case", number)
        except Refusal as refusal:
            if refusal.code is RefusalCode.NOT_FOUND:
                raise
            errors = {f"line.{line}" if line else "": sentence_html(refusal)}
    brought = _brought(case)
    limit = upload_limit(timezone.now())
    context = {
        "case": case,
        "item": edition(case.item_version_id),
        "lines": [
            AskedLine(line, brought.get(line.material_code, []), errors.get(f"line.{line.pk}", ""))
            for line in cases.supplement_lines(case)
        ],
        "answer": request.POST.get("answer", ""),
        "answer_error": errors.get("answer", ""),
        "in_words": any(not line.material_code for line in cases.supplement_lines(case)),
        "term": cases.open_deadline(case, "supplement"),
        "errors": list(errors.items()),
        "incomplete": any(name for name in errors) and request.POST.get("do") == "send",
        "accepted": ACCEPT,
        "most_bytes": limit,
        "most_megabytes": limit // (1024 * 1024),
    }
    return render(request, "portal/cases/supplement.html", context, status=422 if errors else 200)


def _brought(case: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in materials_of(case.application):
        if row.round == case.supplements:
            found.setdefault(row.material_code, []).append(row)
    return found


def _without_file(case: Any) -> dict[str, Any]:
    brought = _brought(case)
    return {
        f"line.{line.pk}": sentence_html(Refusal(RefusalCode.MATERIAL_MISSING, name=line.material_name))
        for line in cases.supplement_lines(case)
        if line.material_code and line.material_code not in brought
    }


def _without_word(case: Any, answer: str) -> dict[str, Any]:
    """Lines that name no material are answered in words, all together."""
    if answer.strip() or all(line.material_code for line in cases.supplement_lines(case)):
        return {}
    return {"answer": sentence_html(Refusal(RefusalCode.TEXT_REQUIRED, field="answer"))}


def _take_in(request: ActingRequest, case: Any, line_id: str) -> None:
    line = next((one for one in cases.supplement_lines(case) if str(one.pk) == line_id), None)
    if line is None:
        raise Refusal(RefusalCode.APPLICATION_MATERIAL_UNKNOWN, code=line_id)
    sent = request.FILES.getlist("file")
    if not sent:
        raise Refusal(RefusalCode.FILE_NOT_CHOSEN)
    for file in sent:
        hand_in_supplement(case.number, line.material_code, file, file.name or "", by=request.acting, at=timezone.now())
