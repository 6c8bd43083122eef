"""Writing an article: one form, a preview of the public page before anything is kept."""

from secrets import token_hex
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
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.rules.knowledge import ArticleKind, Topic
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import ABILITIES, Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.knowledge_words import KINDS, TOPICS
from zhengtong.web.frame.refusals import refused_on

SPLIT = "｜"
WHERE = {RefusalCode.ARTICLE_ENGLISH_HALF: "answer_en", RefusalCode.ARTICLE_PERSONAL_DATA: "answer"}


def _lines(label: Any, hint: Any, rows: int = 2, most: int = 4_000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class Words(forms.Form):
    """An edition as it is typed; lists are one to a line."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=list(KINDS.items()))
    topic = forms.ChoiceField(label=gettext_lazy("主题"), choices=list(TOPICS.items()))
    question = forms.CharField(
        label=gettext_lazy("问题、术语或案例标题"),
        max_length=actions.QUESTION_LENGTH,
        help_text=gettext_lazy("用群众的话写，一条只答一件事。"),
        error_messages={"required": gettext_lazy("请写问题。")},
    )
    answer = forms.CharField(
        label=gettext_lazy("回答"),
        max_length=actions.ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "data-most": str(actions.ANSWER_LENGTH)}),
        help_text=gettext_lazy("先说结论，再说怎么办。空一行分段。不写姓名、电话和证件号。"),
        error_messages={"required": gettext_lazy("请写回答。")},
    )
    question_en = forms.CharField(label=gettext_lazy("问题（英文）"), max_length=300, required=False)
    answer_en = _lines(gettext_lazy("回答（英文）"), "", rows=6, most=actions.ANSWER_LENGTH)
    aliases = _lines(gettext_lazy("别的说法"), gettext_lazy("一行一个：俗称、简称、英文，搜索时一样找得到。"))
    sources = _lines(gettext_lazy("依据和出处"), gettext_lazy("一行一个，用“｜”隔开：名称｜条款｜网址。"))
    items = _lines(gettext_lazy("相关事项编码"), gettext_lazy("一行一个。"))
    category = forms.CharField(label=gettext_lazy("来信分类"), max_length=40, required=False)
    note = forms.CharField(label=gettext_lazy("修订说明"), max_length=actions.NOTE_LENGTH, required=False)

    def wording(self) -> Wording:
        given = self.cleaned_data
        split = [[part.strip() for part in line.split(SPLIT)] + ["", ""] for line in _rows(given["sources"])]
        return Wording(
            question=given["question"], answer=given["answer"], question_en=given["question_en"],
            answer_en=given["answer_en"], aliases=_rows(given["aliases"]), items=_rows(given["items"]),
            sources=[{"name": one[0], "article": one[1], "url": one[2]} for one in split],
            category=given["category"], note=given["note"],
        )  # fmt: skip


def _rows(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def initial_of(article: queries.Article, edition: queries.Edition) -> dict[str, Any]:
    sources = [SPLIT.join(part for part in (s["name"], s["article"], s["url"])).rstrip(SPLIT) for s in edition.sources]
    return {
        "kind": article.kind, "topic": article.topic, "question": edition.question, "answer": edition.answer,
        "question_en": edition.question_en, "answer_en": edition.answer_en, "aliases": "\n".join(edition.aliases),
        "sources": "\n".join(sources), "items": "\n".join(edition.items), "category": edition.category,
    }  # fmt: skip


def _own_post(request: ActingRequest) -> Any:
    return next(post for post in request.acting.posts if Ability.KEEP_KNOWLEDGE in ABILITIES[post.role])


def _shown(request: ActingRequest, form: Words, **context: Any) -> HttpResponse:
    preview = form.is_bound and form.is_valid() and request.POST.get("do") == "preview"
    given = {"form": form, "preview": form.wording() if preview else None, "kinds": KINDS, "topics": TOPICS} | context
    if preview:
        given["preview_kind"] = KINDS[ArticleKind(form.cleaned_data["kind"])]
    return render(request, "desk/knowledge/edit.html", given, status=422 if form.errors else 200)


@desk(Ability.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    form = Words(request.POST if request.method == "POST" else None)
    form.use_required_attribute = False
    if form.is_valid() and request.POST.get("do") != "preview":
        post = _own_post(request)
        with refused_on(form, WHERE):
            article = actions.draft(
                "a" + token_hex(5), ArticleKind(form.cleaned_data["kind"]), Topic(form.cleaned_data["topic"]),
                form.wording(), organ_id=post.organ_id, section_id=post.section_id, by=request.acting,
                at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("草稿已保存，送审后由另一个人审核发布。"))
            return redirect("desk:article", article.key)
    return _shown(request, form, article=None)


@desk(Ability.KEEP_KNOWLEDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActingRequest, key: str) -> HttpResponse:
    article = queries.article_for(request.acting, key)
    edition = queries.open_edition(article) or article.current
    if edition is None:
        return redirect("desk:article", key)
    form = Words(request.POST if request.method == "POST" else None, initial=initial_of(article, edition))
    form.fields["kind"].disabled = True
    form.use_required_attribute = False
    if form.is_valid() and request.POST.get("do") != "preview":
        with refused_on(form, WHERE):
            actions.edit(
                article, form.wording(), topic=Topic(form.cleaned_data["topic"]), by=request.acting, at=timezone.now()
            )
            messages.success(request, _("草稿已保存，送审后由另一个人审核发布。"))
            return redirect("desk:article", key)
    return _shown(request, form, article=article)
