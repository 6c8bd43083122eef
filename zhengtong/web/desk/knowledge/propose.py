"""From a reply to an article: who answered words it for everybody; numbers and the writer's name go by themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.domains.knowledge import actions, queries
from zhengtong.domains.letters import queries as letters
from zhengtong.flows.article_proposed import may_become_article, propose_from_reply
from zhengtong.rules.knowledge import Topic, without_personal_data
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.knowledge_words import TOPICS
from zhengtong.web.frame.refusals import refused_on


class Proposal(forms.Form):
    topic = forms.ChoiceField(label=gettext_lazy("主题"), choices=list(TOPICS.items()))
    question = forms.CharField(
        label=gettext_lazy("问题"),
        max_length=actions.QUESTION_LENGTH,
        help_text=gettext_lazy("换成别人也会问的话，不提来信人和具体的事。"),
    )
    answer = forms.CharField(
        label=gettext_lazy("回答"), max_length=actions.ANSWER_LENGTH, widget=forms.Textarea(attrs={"rows": 10})
    )


@desk(Ability.ANSWER_LETTERS, Ability.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: ActingRequest, number: str) -> HttpResponse:
    letter = letters.letter_for(request.acting, number)
    replies = letters.replies_sent(letter)
    if not may_become_article(letter) or not replies:
        raise Refusal(RefusalCode.NOT_FOUND)
    there = queries.article_of_letter(letter.number)
    names = letters.names_of(letter)
    initial: dict[str, Any] = {
        "topic": Topic.PROCEDURE.value,
        "question": without_personal_data(letter.subject_line, *names),
        "answer": without_personal_data(replies[-1].text, *names),
    }
    form = Proposal(request.POST if request.method == "POST" else None, initial=initial)
    form.use_required_attribute = False
    if form.is_valid():
        given = form.cleaned_data
        with refused_on(form, {RefusalCode.ARTICLE_PERSONAL_DATA: "answer"}):
            propose_from_reply(
                number, question=given["question"], answer=given["answer"], topic=Topic(given["topic"]),
                by=request.acting, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已提出，由知识库管理人员修改、另一人审核后发布。"))
            return redirect("desk:letter", number)
    context = {"form": form, "letter": letter, "there": there}
    return render(request, "desk/knowledge/propose.html", context, status=422 if form.errors else 200)
