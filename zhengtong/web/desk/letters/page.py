"""One letter: what was written, what was answered, the clock, what looks the same, every act. Who wrote stays hidden
until somebody states a purpose."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.files.respond import respond
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import ActorKind
from zhengtong.domains.knowledge import queries as knowledge
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.open311 import queries as open311
from zhengtong.flows.article_proposed import may_become_article
from zhengtong.flows.letter_revealed import reveal_author
from zhengtong.rules.letters import ANSWERED, Conversion, LetterKind, LetterState, Mailbox, Side
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.answering import ReplyForm
from zhengtong.web.desk.letters.form import LetterForm
from zhengtong.web.desk.letters.lists import AT_LETTERS
from zhengtong.web.desk.letters.shown import author_of, lamp_of
from zhengtong.web.desk.letters.steps import BY_NAME, offered
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

OWN_DOORS = ("web:", "open311:")


@dataclass
class Refused:
    form: LetterForm | None
    sentence: Any
    status: int = 422


@desk(*AT_LETTERS)
@require_safe
def page(request: ActingRequest, number: str) -> HttpResponse:
    return show(request, number)


def show(request: ActingRequest, number: str, refused: Refused | None = None, **more: Any) -> HttpResponse:
    letter, at, by = letters.letter_for(request.acting, number), timezone.now(), request.acting
    known, sides = calendar.current(), letters.sides(request.acting, letter)
    replies, extension, said = letters.replies(letter), letters.extension_of(letter), letters.remarks(letter)
    revisits = letters.revisits(letter)
    draft = next((one for one in reversed(replies) if one.state != "sent" and one.round == letter.round), None)
    unhappy = any(one.result == "unsatisfied" for one in revisits)
    forms = offered(
        letter, by, draft=draft, extension=extension, unhappy=unhappy, template=_template(request, letter), at=at
    )
    if refused is not None and refused.form is not None:
        forms = [refused.form if type(form) is type(refused.form) else form for form in forms]
    limits = [row for row in deadlines_of(letters.KIND, letter.number) if row.kind == DeadlineKind.REPLY.value]
    whole, answering = letters.reads_original(by, letter), any(isinstance(form, ReplyForm) for form in forms)
    context = {
        "letter": letter,
        "lamp": lamp_of(letter, at, known),
        "kind": words.KINDS[LetterKind(letter.kind)],
        "mailbox": words.MAILBOXES[Mailbox(letter.mailbox)],
        "state": words.STATES[LetterState(letter.state)],
        "tip": letter.kind == LetterKind.TIP.value,
        "author": author_of(letter),
        "text": (letter.moderated or letter.text) if whole else letter.moderated,
        "original": letter.text if whole and letter.moderated and letter.moderated != letter.text else "",
        "whole": whole,
        "place": _place(letter) if whole else "",
        "files": letters.attachments(letter) if whole else [],
        # A ticket of another house; what our own doors write there only keeps a letter from being sent twice.
        "source": "" if letter.external_key.startswith(OWN_DOORS) else letter.external_key,
        "forms": forms,
        "first": forms[0] if forms and forms[0].main else None,
        "refused": refused,
        "extension": extension,
        "replies": [(one, words.MODES.get(one.mode, ""), words.FINDINGS.get(one.finding, "")) for one in replies],
        "finding": words.FINDINGS.get(letter.finding, ""),
        "revisits": [(one, words.SATISFACTIONS[one.result]) for one in revisits],
        "satisfaction": words.SATISFACTIONS.get(letter.satisfaction, ""),
        "destination": words.DESTINATIONS.get(letter.destination, ""),
        "converted": words.CONVERSIONS.get(letter.converted_to, ""),
        "passed": [(one, words.PASSED[one.state]) for one in open311.passed_of(letter.number)],
        "merged": letters.merged(letter),
        "alike": letters.duplicates(by, letter) if Side.KEEPER in sides and letter.state in _OPEN else [],
        "articles": knowledge.suggest(f"{letter.subject_line} {letter.text[:200]}") if answering and whole else [],
        "proposes": bool(letter.replied_at)
        and may_become_article(letter)
        and by.can(Ability.ANSWER_LETTERS, Ability.KEEP_KNOWLEDGE),
        "templates": letters.templates(letter.kind) if answering else [],
        "publication": letters.publication_of(letter),
        "publication_words": words.PUBLICATIONS,
        "may_publish": Side.KEEPER in sides and not letter.confidential and LetterState(letter.state) in ANSWERED,
        "may_judge": not sides.isdisjoint({Side.KEEPER, Side.APPROVER}),
        "may_reveal": letters.may_reveal(by, letter) and bool(letter.name or letter.phone or letter.email),
        "case_ways": by.can(Ability.SEE_ALL),
        "term": limits[-1] if limits else None,
        "clock": plan.explained(limits[-1], known) if limits else None,
        "today": timezone.localdate(at),
        # What a hidden author wrote afterwards may tell who they are, as the letter itself may.
        "acts": [
            _act(entry, said if whole or entry.actor_kind != "applicant" else {})
            for entry in reversed(list(entries_of(letters.KIND, letter.number)))
        ],
        **more,
    }
    return render(request, "desk/letters/page.html", context, status=refused.status if refused else 200)


_OPEN = frozenset({LetterState.RECEIVED.value, LetterState.ROUTED.value, LetterState.ANSWERING.value})


def _template(request: ActingRequest, letter: letters.Letter) -> str:
    """A reply template with what is known filled in; chosen by a plain link, so that it works without a script."""
    chosen = reading.number(request.GET.get("template"))
    if chosen is None:
        return ""
    try:
        text = letters.template_for(chosen).text
    except Refusal:
        return ""
    facts = {
        "number": letter.number,
        "received": f"{letter.received_on.year}年{letter.received_on.month}月{letter.received_on.day}日",
        "organ": letter.organ.name if letter.organ else "",
    }
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact)
    return text


def _place(letter: letters.Letter) -> str:
    """Where it is; of a hidden author it may be the own door."""
    found = f"{letter.latitude}, {letter.longitude}" if letter.latitude is not None else ""
    return " · ".join(part for part in (letter.address, found) if part)


def _act(entry: Any, said: dict[int, str]) -> Act:
    facts = json.loads(entry.facts)
    if facts.get("to") == Conversion.CASE.value:
        del facts["key"]  # an address of the author's own, of no use here
    for name, known in words.SAYS.items():
        if name in facts:
            facts[name] = str(known.get(facts[name], facts[name]))
    lines = acts.fact_lines(facts, words.FACTS)
    if entry.seq in said:
        lines.append((_("说明"), said[entry.seq]))
    title = next((said for fact, said in words.UNDONE.items() if fact in facts), None)
    return Act(title or words.ACTS.get(entry.kind, entry.kind), entry.at, _who(entry), lines)


def _who(entry: Any) -> str:
    """Whoever wrote by an account is not named among the acts, not even masked: that is asked for with a purpose."""
    by_account = entry.actor_kind == ActorKind.APPLICANT and entry.actor_id is not None
    return str(_("来信人")) if by_account else acts.who(entry)


@desk(*AT_LETTERS)
@require_POST
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    form_class = BY_NAME.get(name)
    if form_class is None:
        raise Http404
    letter = letters.letter_for(request.acting, number)
    form = form_class(request.POST, letter=letter)
    if not form.is_valid():
        return show(request, number, Refused(form, _("请改正下面标出的地方，内容没有丢失。")))
    try:
        form.run(files=request.FILES.getlist("files"), by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        return show(request, number, _refused_by(refusal, form, letter))
    messages.success(request, form.done)
    try:
        letters.letter_for(request.acting, number)
    except Refusal:  # the step took it out of this person's sight: a tip, another organ
        return redirect("desk:letters")
    return redirect("desk:letter", number=number)


def _refused_by(refusal: Refusal, form: LetterForm, letter: letters.Letter) -> Refused:
    """The sentence stands on top and the texts in their boxes; `seen` is the version shown now, for the next try."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, whatever the stubs say
    data["seen"] = str(letter.version)
    form.data = data
    return Refused(form, sentence_html(refusal), status_of(refusal.code))


@desk(*AT_LETTERS)
@require_POST
def reveal(request: ActingRequest, number: str) -> HttpResponse:
    """Who wrote, on this page once; the purpose stands in the journal."""
    try:
        told = reveal_author(number, purpose=request.POST.get("purpose", ""), by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        return show(request, number, Refused(None, sentence_html(refusal), status_of(refusal.code)))
    response = show(request, number, revealed=told)
    response["Cache-Control"] = "no-store"
    return response


@desk(*AT_LETTERS)
@require_GET
def attachment(request: ActingRequest, number: str, attachment_id: int) -> HttpResponseBase:
    letter = letters.letter_for(request.acting, number)
    found = letters.attachment_for(request.acting, letter, attachment_id)
    return respond(found.file, found.name, inline="download" not in request.GET)
