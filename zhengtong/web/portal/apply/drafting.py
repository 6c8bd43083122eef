"""What every page of a draft shares: fetching it, saving it, and saying "saved elsewhere" without losing a letter."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from zhengtong.domains.applications import actions, queries
from zhengtong.domains.cases.queries import case_of_application
from zhengtong.domains.catalogue.queries import edition
from zhengtong.rules.edition import Edition
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, act_for
from zhengtong.web.frame.kinds import AnswerKind, answer_kind

LAST_SAVER = "draft_savers"  # in the session: which open page saved a draft last, and as which version
MOST_REMEMBERED = 20


def opened(request: ActingRequest, uid: UUID, *, to_discard: bool = False) -> tuple[Any, Edition]:
    """The person's own draft with its edition. In an enterprise's name only while one may act for it: a mandate that
    ended leaves nothing but giving the draft up."""
    application = queries.application_for(request.acting, uid)
    if application.state == "discarded":
        raise Refusal(RefusalCode.NOT_FOUND)
    if application.enterprise_id is not None and not to_discard:
        act_for(request, application.enterprise_id)
    return application, edition(application.item_version_id)


def gone(application: Any) -> HttpResponse | None:
    """Where a page of an application that has become a case leads to."""
    if application.state != "submitted":
        return None
    return redirect("portal:case", case_of_application(application).number)


def seen_version(request: HttpRequest, application: Any) -> int:
    """The version this page last saw. A page whose own autosave moved the draft on has seen that version too."""
    given = request.POST.get("version", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else 0
    page, version = request.session.get(LAST_SAVER, {}).get(str(application.uid), ("", 0))
    if page and page == request.POST.get("page") and version == application.draft_version:
        return int(version)
    return seen


def save(request: HttpRequest, application: Any, **changes: Any) -> datetime:
    at = timezone.now()
    actions.save(application, seen=seen_version(request, application), at=at, **changes)
    savers = request.session.get(LAST_SAVER, {})
    savers.pop(str(application.uid), None)
    savers[str(application.uid)] = (request.POST.get("page", ""), application.draft_version)
    request.session[LAST_SAVER] = dict(list(savers.items())[-MOST_REMEMBERED:])
    return at


def page_key() -> str:
    return secrets.token_hex(6)


def is_autosave(request: HttpRequest) -> bool:
    return answer_kind(request) is AnswerKind.JSON


def saved(application: Any, at: datetime) -> JsonResponse:
    """What autosave.js wants to hear."""
    local = timezone.localtime(at)
    return JsonResponse({"saved_at": f"{local:%H:%M}", "version": application.draft_version})


def refresh(application: Any, request: ActingRequest) -> Any:
    """The draft as it is now, after somebody else saved it."""
    return queries.application_for(request.acting, application.uid)
