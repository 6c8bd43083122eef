"""Where an application begins, where one comes back to it, and where it is given up."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.applications import actions, queries
from zhengtong.domains.catalogue.queries import edition, published_item
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.apply import drafting
from zhengtong.web.portal.apply.steps import steps

WEB = "2"  # 办理形式 A.5


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActingRequest, item_code: str) -> HttpResponse:
    """In whose name; then the draft one came away from, or a new one."""
    by, account = request.acting, cast("Any", request.user)
    item = published_item(item_code)
    version = edition(item.current_version_id or 0)
    enterprises = registry.enterprises_of(account.pk, timezone.localdate())
    chosen = str(request.POST.get("as", by.enterprise_id or ""))
    error = ""
    if request.method == "POST":
        enterprise = next((one for one in enterprises if str(one.pk) == chosen), None)
        if chosen and enterprise is None:
            raise Refusal(RefusalCode.MANDATE_MISSING)
        person = registry.person_of(account.pk)
        if person is None and enterprise is None:
            return redirect(f"/identity/?next={request.path}")
        draft = queries.draft_for_item(account.pk, item.pk, enterprise.pk if enterprise else None)
        if draft is not None and "anew" not in request.POST:
            return redirect("portal:draft", draft.uid)
        try:
            return redirect(_first_page(_new(item, person, enterprise, account, request), version))
        except Refusal as refusal:
            error = sentence_html(refusal)
    context = {
        "item": item,
        "edition": version,
        "document": version.document,
        "enterprises": enterprises,
        "chosen": chosen,
        "drafts": [draft for draft in queries.drafts_of(account.pk) if draft.item_id == item.pk],
        "has_identity": by.person_id is not None,
        "for_persons": "1" in version.document["applicant_types"],
        "for_organisations": bool(actions.ORGANISATIONS & set(version.document["applicant_types"])),
        "error": error,
    }
    return render(request, "portal/apply/start.html", context, status=422 if error else 200)


def _new(item: Any, person: Any, enterprise: Any, account: Any, request: ActingRequest) -> Any:
    mandate = None
    if enterprise is not None and (person is None or enterprise.legal_representative_id != person.pk):
        mandate = registry.mandate_for(account.pk, enterprise_id=enterprise.pk, on=timezone.localdate())
    return actions.start(
        item,
        uid=uuid4(),
        person=person,
        enterprise=enterprise,
        channel=WEB,
        account_id=account.pk,
        mandate=mandate,
        agent_name=account.name if mandate else "",
        contact_phone=account.phone if account.phone_verified else "",
        by=request.acting,
        at=timezone.now(),
    )


def _first_page(application: Any, version: Any) -> str:
    return steps(version, application)[0].url


@never_cache
@citizen_door
@require_safe
def overview(request: ActingRequest, uid: UUID) -> HttpResponse:
    """All pages of a draft, done and not done: where one goes on."""
    application, version = drafting.opened(request, uid)
    if (there := drafting.gone(application)) is not None:
        return there
    made = steps(version, application, queries.wanting(application, on=timezone.localdate()))
    open_ones = [step for step in made if step.lacking or not step.begun]
    context = {
        "application": application,
        "edition": version,
        "steps": made,
        "next": open_ones[0] if open_ones else made[-1],
        "left": sum(step.lacking for step in made),
    }
    return render(request, "portal/apply/overview.html", context)


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: ActingRequest, uid: UUID) -> HttpResponse:
    application, version = drafting.opened(request, uid, to_discard=True)
    if (there := drafting.gone(application)) is not None:
        return there
    if request.method == "POST":
        actions.discard(application, seen=drafting.seen_version(request, application), at=timezone.now())
        messages.success(request, _("草稿已删除。"))
        return redirect("portal:my_cases")
    return render(request, "portal/apply/discard.html", {"application": application, "edition": version})
