"""What was done about one's own bad rating, with dates and who answers for it; one's word whether it is well now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.domains.rectifications import queries
from zhengtong.flows import rectification_revisited
from zhengtong.flows.rectification_opened import opened_by_rater
from zhengtong.rules.clock import end_of
from zhengtong.rules.rectifications import ROUNDS, RectState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal import keyset
from zhengtong.web.portal.rectifications import words

PAGE = 20
MOST = 1000


CONTENT = ("yes", gettext_lazy("满意，可以了"))
LAST = [CONTENT, ("no", gettext_lazy("还是不满意"))]


class Answer(forms.Form):
    satisfied = forms.ChoiceField(
        label=gettext_lazy("您现在满意吗？"),
        choices=[CONTENT, ("no", gettext_lazy("不满意，请上一级重新办理"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择满意或不满意。")},
    )
    text = forms.CharField(
        label=gettext_lazy("想说的话"),
        required=False,
        max_length=MOST,
        help_text=gettext_lazy("不满意的，请写哪里还没有做好。"),
        widget=forms.Textarea(attrs={"rows": 4, "data-most": MOST}),
    )

    def __init__(self, data: Any = None, *, last: bool) -> None:
        """`last`: this was the level above; nobody takes it up once more."""
        super().__init__(data, use_required_attribute=False)
        if last:
            self.fields["satisfied"].choices = LAST  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("satisfied") == "no" and not (cleaned.get("text") or "").strip():
            self.add_error("text", _("请写哪里还没有做好。"))
        return cleaned


class Reopen(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("为什么要重新办理"),
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4, "data-most": MOST}),
        error_messages={"required": gettext_lazy("请写为什么要重新办理。")},
    )


@dataclass(frozen=True, slots=True)
class Stage:
    label: Any
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    title: Any
    at: datetime
    who: str


@never_cache
@citizen_door
@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    before = keyset.before(request)
    found = queries.my_rectifications(request.acting, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    context = {
        "rows": [(row, words.STATES[RectState(row.state)], words.OUTCOMES.get(row.outcome, "")) for row in shown],
        "before": before or "",
        "next": shown[-1].pk if len(found) > PAGE else "",
    }
    return render(request, "portal/rectifications/mine.html", context)


def _account(request: HttpRequest) -> int | None:
    user: Any = request.user
    return int(user.pk) if user.is_authenticated else None


def _door(request: HttpRequest, token: UUID, inside: Callable[[Any], HttpResponseBase]) -> HttpResponseBase:
    """An address bound to an account asks for it; without a name there is nobody to show it to but its holder."""
    try:
        row = opened_by_rater(token, _account(request))
    except Refusal:
        if _account(request) is None:
            return redirect_to_login(request.get_full_path())
        raise
    return inside(row)


@never_cache
@require_safe
def page(request: HttpRequest, token: UUID) -> HttpResponseBase:
    return _door(request, token, lambda row: _page(request, row))


def _page(
    request: HttpRequest, row: Any, *, answer: Answer | None = None, reopen: Reopen | None = None, status: int = 200,
    refused: Any = "",
) -> HttpResponse:  # fmt: skip
    at = timezone.now()
    limits = deadlines_of(queries.Rectification.journal_kind, row.number)
    running = next((limit for limit in reversed(limits) if limit.outcome == plan.Deadline.OPEN), None)
    until = queries.reopen_until(row)
    state = RectState(row.state)
    context = {
        "row": row,
        "state": words.STATES[state],
        "outcome": words.OUTCOMES.get(row.outcome, ""),
        "level": words.LEVELS.get(str(row.level), ""),
        "stages": _stages(row, state),
        "notes": [(words.NOTES[note.step], note) for note in queries.notes(row, public=True)],
        "acts": _happenings(row),
        "said": [one for one in queries.revisits(row) if one.text and (one.reached or one.channel == "portal")],
        "answer": answer or (Answer(last=row.turn >= ROUNDS) if state is RectState.REVISIT else None),
        "reopen": reopen or (Reopen(use_required_attribute=False) if until and at <= end_of(until) else None),
        "reopen_until": until,
        "last": row.turn >= ROUNDS,
        "clock": plan.explained(running, calendar.current()) if running and not row.provisional else None,
        "limit": running,
        "today": timezone.localdate(at),
        "refused": refused,
    }
    return render(request, "portal/rectifications/page.html", context, status=status)


def _stages(row: Any, state: RectState) -> list[Stage]:
    now = next(n for n, (_label, states) in enumerate(words.STAGES) if state in states)
    closed = state is RectState.CLOSED
    return [
        Stage(label, "past" if n < now or closed else "now" if n == now else "todo")
        for n, (label, _states) in enumerate(words.STAGES)
    ]


def _happenings(row: Any) -> list[Happening]:
    """Newest first; whoever acts for an organ is named by it, who checks or calls by nothing: they serve the house."""
    shown = []
    for entry in entries_of(queries.Rectification.journal_kind, row.number):
        if entry.kind in words.ACTS:
            facts = facts_of(entry)
            who = f"{facts.get('organ', '')}{facts.get('section', '')}"
            shown.append(Happening(words.ACTS[entry.kind], entry.at, who))
    return shown[::-1]


@never_cache
@require_POST
def answer(request: HttpRequest, token: UUID) -> HttpResponseBase:
    return _door(request, token, lambda row: _answered(request, row))


def _answered(request: HttpRequest, row: Any) -> HttpResponse:
    form = Answer(request.POST, last=row.turn >= ROUNDS)
    if not form.is_valid():
        return _page(request, row, answer=form, status=422)
    content = form.cleaned_data["satisfied"] == "yes"
    try:
        rectification_revisited.answer_revisit(
            row.token, satisfied=content, text=form.cleaned_data["text"], account_id=_account(request),
            at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, row, refused=sentence_html(refusal), status=status_of(refusal.code))
    messages.success(request, _("谢谢您。办理到此结束。") if content else _("已经记下，接下来看下面的办理情况。"))
    return redirect("portal:rectification", row.token)


@never_cache
@require_POST
def reopen(request: HttpRequest, token: UUID) -> HttpResponseBase:
    return _door(request, token, lambda row: _reopened(request, row))


def _reopened(request: HttpRequest, row: Any) -> HttpResponse:
    form = Reopen(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return _page(request, row, reopen=form, status=422)
    try:
        rectification_revisited.reopen_rectification(
            row.token, text=form.cleaned_data["text"], account_id=_account(request), at=timezone.now()
        )
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, row, refused=sentence_html(refusal), status=status_of(refusal.code))
    messages.success(request, _("已经重新办理，由上一级负责。"))
    return redirect("portal:rectification", row.token)
