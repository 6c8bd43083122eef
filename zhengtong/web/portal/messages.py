"""消息: what the house told this account, one sentence per kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.base.outbox.actions import mark_read
from zhengtong.base.outbox.queries import messages_for
from zhengtong.domains.messaging import queries as templates
from zhengtong.rules.messaging import fact_words, placeholders
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, act_for, citizen_door
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.language import marked
from zhengtong.web.portal import keyset

PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    case_no: str
    path: str
    item: str
    about: str  # what it is about, where no item says so
    text: SafeString
    at: datetime
    unread: bool


@never_cache
@citizen_door
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: ActingRequest) -> HttpResponse:
    account_id = request.acting.id or 0
    before = keyset.before(request)
    found = messages_for(account_id, before=before, limit=PAGE + 1)
    if request.method == "POST":
        for row in found[:PAGE]:
            mark_read(account_id, row.pk, at=timezone.now())
        return redirect("portal:messages")
    names = templates.names_in_english(row.payload for row in found[:PAGE]) if in_english() else {}
    lines = [_line(row, names) for row in found[:PAGE]]
    context = {
        "lines": lines,
        "unread": any(line.unread for line in lines),
        "before": before or "",
        "next": found[PAGE - 1].pk if len(found) > PAGE else "",
    }
    return render(request, "portal/messages.html", context)


@citizen_door
@require_POST
def open_message(request: ActingRequest, message_id: int) -> HttpResponse:
    """Read, and on to the case it speaks of."""
    account_id = request.acting.id or 0
    found = [row for row in messages_for(account_id, before=message_id + 1, limit=1) if row.pk == message_id]
    if not found:
        raise Refusal(RefusalCode.NOT_FOUND)
    mark_read(account_id, message_id, at=timezone.now())
    if (enterprise := found[0].payload.get("enterprise_id")) is not None:
        act_for(request, int(enterprise))
    path = _path(found[0].payload)
    if path:
        return redirect(path)
    case_no = found[0].payload.get("case_no", "")
    return redirect("portal:case", case_no) if case_no else redirect("portal:messages")


def _path(payload: dict[str, Any]) -> str:
    """A page of this house, or nothing."""
    path = str(payload.get("path") or "")
    return path if path.startswith("/") and not path.startswith("//") else ""


def _line(row: Any, names: Mapping[str, str]) -> Line:
    facts = templates.with_names(row.payload, names)
    return Line(
        id=row.pk,
        case_no=row.payload.get("case_no", ""),
        path=_path(row.payload),
        item=str(facts.get("item", "")),
        about=templates.group_of(row.kind)[in_english()],
        text=said(row.kind, facts),
        at=row.created_at,
        unread=row.read_at is None,
    )


def said(kind: str, payload: dict[str, Any]) -> SafeString:
    """The sentence of a message; its facts escaped, dates in the reader's words, Chinese marked as Chinese."""
    english = in_english()
    words = templates.sentence_for(kind, payload, english=english)
    facts = {name: marked(fact_words(name, payload.get(name, ""), english=english)) for name in placeholders(words)}
    return mark_safe(escape(words).format_map(facts))  # noqa: S308  (all parts escaped)
