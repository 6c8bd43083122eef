"""One letter as its author follows it: by account, or by number and query code. Tips leave no trace in the session."""

import json
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.files.respond import respond
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.ratings import queries as ratings
from zhengtong.flows import letter_author
from zhengtong.rules.clock import Light, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import (
    ANSWERED,
    Conversion,
    LetterKind,
    LetterState,
    LetterStep,
    Mailbox,
    Side,
    letter_steps,
)
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.refusals import refused_on, status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.portal.cases.tracking import Act, Lamp
from zhengtong.web.portal.letters import forms, slips, slowly, words
from zhengtong.web.portal.letters.write import GUEST, acting
from zhengtong.web.portal.words import word

MOST_BY_NUMBER, MOST_BY_ADDRESS, MOST_ADDED, WINDOW = 10, 40, 5, 10 * 60
WAITING = frozenset({LetterState.RECEIVED, LetterState.ROUTED, LetterState.ANSWERING, LetterState.DRAFTED})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    form = forms.Slip(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("number", "")[:40]}
    )
    form.use_required_attribute = False
    if form.is_valid():
        number, code = (form.cleaned_data[name].strip().upper() for name in ("number", "code"))
        address = slowly.address_of(request)
        if slowly.spent("letter-number", number, MOST_BY_NUMBER) or slowly.spent(
            "letter-track", address, MOST_BY_ADDRESS
        ):
            form.add_error(None, _("试得太多了。请十分钟后再试。"))
            return render(request, "portal/letters/track.html", {"form": form}, status=429)
        with refused_on(form):
            try:
                letter = letters.by_code(number, code)
            except Refusal:
                slowly.count("letter-number", number, WINDOW)
                slowly.count("letter-track", address, WINDOW)
                raise
            if letter.kind == LetterKind.TIP.value:
                return _tip(request, letter)
            slips.remember(request, letter.number, code)
            return redirect("portal:letter", letter.number)
    return render(request, "portal/letters/track.html", {"form": form}, status=422 if form.errors else 200)


def _tip(request: HttpRequest, letter: letters.Letter) -> HttpResponse:
    """Answered at once, without an address of its own: nothing stays in the history or the session."""
    context = {"letter": letter, "state": words.TIP_STATES[letter.state], "replies": letters.replies_sent(letter)}
    return render(request, "portal/letters/tip_state.html", context)


def _opened(request: HttpRequest, number: str) -> tuple[letters.Letter, str, Acting]:
    """The letter, the query code it was opened by ("" for one's own account), and who acts."""
    by = acting(request)
    if by is not GUEST:
        try:
            return letters.letter_for(by, number), "", by
        except Refusal as refusal:
            if refusal.code is not RefusalCode.NOT_FOUND:
                raise
    code = slips.code_of(request, number)
    if not code:
        raise Refusal(RefusalCode.NOT_FOUND)
    letter = letters.by_code(number, code)
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.NOT_FOUND)
    return letter, code, GUEST


@never_cache
@require_safe
def letter(request: HttpRequest, number: str) -> HttpResponse:
    found, code, by = _opened(request, number)
    to_rate = ratings.nodes_about(by, (letters.KIND, found.number), at=timezone.now()) if not code else []
    return _page(request, found, code, to_rate=to_rate)


def _page(
    request: HttpRequest,
    found: letters.Letter,
    code: str,
    refused: Any = "",
    status: int = 200,
    typed: str = "",
    to_rate: Any = (),
) -> HttpResponse:
    at, known = timezone.now(), calendar.current()
    today, state = local_date(at), LetterState(found.state)
    limits = [row for row in deadlines_of(letters.KIND, found.number) if row.kind == DeadlineKind.REPLY.value]
    last = limits[-1] if limits else None
    until = letters.reopen_until(found)
    may = {step.value for step in letter_steps(state, Side.AUTHOR)}
    if until is None or today > until:
        may.discard(LetterStep.REOPEN.value)
    if found.urged_at is not None and local_date(found.urged_at) == today:
        may.discard(LetterStep.URGE.value)
    context = {
        "letter": found, "own": not code, "code": code or letters.code_of(found),
        "kind": word(words.KINDS, found.kind),
        "box": "" if found.mailbox == Mailbox.WEB.value else word(words.BOXES, found.mailbox),
        "state": words.STATES[state], "lamp": _lamp(found, state, at, known), "may": may,
        "clock": plan.explained(last, known, until=today) if last else None, "limit": last, "today": today,
        "replies": letters.replies_sent(found), "files": letters.attachments(found), "added": _added(found),
        "acts": _acts(found), "reopen_until": until, "refused": refused, "typed": typed, "to_rate": to_rate,
        "publication": letters.publication_of(found) if state in ANSWERED else None,
        "destination": words.DESTINATIONS.get(found.destination, ""),
        "draft": found.converted_key if not code and found.converted_to == Conversion.CASE.value else "",
    }  # fmt: skip
    return render(request, "portal/letters/letter.html", context, status=status)


def _added(found: letters.Letter) -> list[tuple[datetime, str]]:
    """What the author wrote afterwards, oldest first."""
    said = letters.remarks(found)
    entries = entries_of(letters.KIND, found.number) if said else []
    return [(e.at, said[e.seq]) for e in entries if e.kind == Kind.LETTER_ADDED.value and e.seq in said]


def _lamp(found: letters.Letter, state: LetterState, at: datetime, known: Any) -> Lamp:
    if state not in WAITING or found.due_on is None:
        return Lamp(Light.DONE if state not in WAITING else Light.WAIT, str(words.STATES[state]))
    today = local_date(at)
    if found.due_at is not None and found.due_at < at and not found.provisional:
        return Lamp(Light.LATE, _("已过答复期限"))
    left = known.working_days(today, found.due_on)
    said = _("还剩 %(n)s 个工作日") % {"n": left} if left else _("今天到期")
    return Lamp(Light.SOON if left <= 1 else Light.OK, said)


def _acts(found: letters.Letter) -> list[Act]:
    shown = []
    for entry in entries_of(letters.KIND, found.number):
        title = words.ACTS.get(Kind(entry.kind))
        if title is None:
            continue
        who = (
            _("来信人")
            if entry.actor_kind == "applicant"
            else entry.post
            if entry.actor_kind == "officer"
            else _("系统")
        )
        facts = json.loads(entry.facts) if entry.facts else {}
        due = facts.get("due")
        text = _("答复期限：%(day)s") % {"day": _day(due)} if due else ""
        if purpose := facts.get("purpose"):
            text = _("用途：%(purpose)s") % {"purpose": purpose}
        shown.append(Act(title, entry.at, who, text))
    return shown[::-1]


def _day(text: str) -> str:
    from zhengtong.web.frame.dates import day_words

    return day_words(date.fromisoformat(text))


@never_cache
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """The end of writing: number and code, what happens next, and by when."""
    found, code, _by = _opened(request, number)
    limit = letters.running_limit(found)
    context = {"letter": found, "code": code or letters.code_of(found), "limit": limit, "own": not code}
    return render(request, "portal/letters/sent.html", context)


DONE = {
    "add": gettext_lazy("已补充，办理的人看得到。"),
    "urge": gettext_lazy("已催办，办理的人和来信专员都看得到。"),
    "withdraw": gettext_lazy("来信已撤回。"),
    "confirm": gettext_lazy("谢谢。这封信办结了。"),
    "take-down": gettext_lazy("已撤下，门户上不再显示。"),
    "reopen": gettext_lazy("已要求重新办理，由上一级办理并再次答复。"),
}


@require_POST
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    found, code, by = _opened(request, number)
    at, text = timezone.now(), request.POST.get("reason", "").replace("\x00", "")
    steps = {
        "urge": letter_author.urge_letter,
        "withdraw": letter_author.withdraw_letter,
        "confirm": letter_author.confirm_letter,
        "take-down": letter_author.take_down_letter,
    }
    try:
        if name == "add":
            _not_too_often(number)
            letter_author.add_to_letter(number, text=text, code=code, by=by, at=at)
        elif name == "reopen":
            letter_author.reopen_letter(number, reason=text, code=code, by=by, at=at)
        elif name in steps:
            steps[name](number, code=code, by=by, at=at)
        else:
            raise Http404
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        fresh, code, _by = _opened(request, number)
        return _page(request, fresh, code, sentence_html(refusal), status_of(refusal.code), text)
    messages.success(request, DONE[name])
    return redirect("portal:letter", found.number)


def _not_too_often(number: str) -> None:
    if slowly.spent("letter-added", number, MOST_ADDED):
        raise Refusal(RefusalCode.LETTER_ADDED_OFTEN)
    slowly.count("letter-added", number, WINDOW * 6)


@never_cache
@require_safe
def file(request: HttpRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """A file the author sent, or one that came with a reply."""
    found, _code, _by = _opened(request, number)
    every = letters.attachments(found) + [a for r in letters.replies_sent(found) for a in r.attachments.all()]
    attachment = next((one for one in every if one.pk == attachment_id), None)
    if attachment is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return respond(attachment.file, attachment.name)
