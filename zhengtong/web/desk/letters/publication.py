"""公开典型来信: the text for the public beside the original, and another's word on it."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.domains.letters import queries as letters
from zhengtong.flows import letter_published
from zhengtong.rules.knowledge import without_personal_data
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.act_form import CHINESE, text_field
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.letters.page import Refused, show
from zhengtong.web.frame.refusals import refused_on, status_of
from zhengtong.web.frame.sentences import sentence_html


class PublicationForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("公开标题"), max_length=200, widget=forms.TextInput({"lang": CHINESE}))
    question = text_field(gettext_lazy("来信摘要"), 5000, rows=6)
    answer = text_field(gettext_lazy("答复"), 10_000, rows=8)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)


@desk(Ability.KEEP_LETTERS)
@require_http_methods(["GET", "POST"])
def prepare(request: ActingRequest, number: str) -> HttpResponse:
    """The text begins as the letter and its reply with numbers and the name taken out; the clerk reads it through."""
    letter = letters.letter_for(request.acting, number)
    form = PublicationForm(request.POST or None, initial=_start(letter))
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.LETTER_PUBLISH_PERSONAL: "question"}):
            letter_published.propose_publication(
                number, title=asked["title"], question=asked["question"], answer=asked["answer"], seen=asked["seen"],
                by=request.acting, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("公开稿已提交，由另一位同事审核。"))
            return redirect("desk:letter", number=number)
    context = {"form": form, "letter": letter}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/letters/publication.html", context, status=status)


def _start(letter: letters.Letter) -> dict[str, Any]:
    known, names = letters.publication_of(letter), letters.names_of(letter)
    if known is not None:
        return {"title": known.title, "question": known.question, "answer": known.answer, "seen": letter.version}
    sent = letters.replies_sent(letter)
    return {
        "title": without_personal_data(letter.subject_line, *names),
        "question": without_personal_data(letter.moderated or letter.text, *names),
        "answer": without_personal_data(sent[-1].text, *names) if sent else "",
        "seen": letter.version,
    }


@desk(Ability.KEEP_LETTERS, Ability.APPROVE_REPLIES)
@require_POST
def judge(request: ActingRequest, number: str, verdict: str) -> HttpResponse:
    facts: dict[str, Any] = {"seen": reading.seen(request), "by": request.acting, "at": timezone.now()}
    reason = request.POST.get("reason", "")
    try:
        if verdict == "publish":
            letter_published.publish_letter(number, **facts)
            messages.success(request, _("已公开，门户上可以看到。"))
        elif verdict == "decline":
            letter_published.decline_publication(number, reason=reason, **facts)
            messages.success(request, _("公开稿已退回。"))
        elif verdict == "withdraw":
            letter_published.unpublish_letter(number, reason=reason, **facts)
            messages.success(request, _("已撤下，门户上不再显示。"))
        else:
            raise Http404
    except Refusal as refusal:
        if refusal.code in (RefusalCode.NOT_FOUND, RefusalCode.PERMISSION_MISSING):
            raise
        return show(request, number, Refused(None, sentence_html(refusal), status_of(refusal.code)))
    return redirect("desk:letter", number=number)
