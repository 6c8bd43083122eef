"""One card as both sides see it: what was found, its evidence, the limit of its answer, the appeal, the order, every act."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.files.respond import respond
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting
from zhengtong.domains.supervision import queries as supervision
from zhengtong.flows import card_answered, card_appealed, card_escalated, card_issued
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Level, local_date
from zhengtong.rules.orders import OrderKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.findings import filled
from zhengtong.rules.supervision.procedure import CARD_MOVES, CardState, CardStep, answerable
from zhengtong.web.accounts.acting import ActingRequest
from zhengtong.web.desk import card_words as words
from zhengtong.web.desk import words as desk_words
from zhengtong.web.desk.act_form import ActForm, text_field
from zhengtong.web.desk.order_words import KINDS_OF_ORDER
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.frame.uploaded import stored_all


@dataclass(frozen=True, slots=True)
class Side:
    """Which door the card is seen through, and whether it answers or judges."""

    space: str  # desk, watch
    template: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A card in a list."""

    card: supervision.Card
    lamp: str
    level: Any
    state: Any
    rule: str
    message: str
    due: str


def rows(cards: Sequence[supervision.Card], at: datetime) -> list[Shown]:
    """The cards of a list; the calendar is read once."""
    known = calendar.current()
    return [shown(card, at, known) for card in cards]


def shown(card: supervision.Card, at: datetime, known: Calendar) -> Shown:
    english = in_english()
    return Shown(
        card=card,
        lamp=words.LAMPS[Level(card.level)],
        level=words.LEVELS[Level(card.level)],
        state=words.STATES[CardState(card.state)],
        rule=card.rule_version.name_en if english else card.rule_version.name,
        message=message(card, english=english),
        due=_due_words(card, at, known),
    )


def message(card: supervision.Card, *, english: bool) -> str:
    """The rule's sentence about this card, its dates as people read them."""
    template = card.rule_version.message_en if english else card.rule_version.message
    return filled(template, {"key": card.subject_key} | {name: _shown(value) for name, value in card.facts.items()})


def _shown(value: Any) -> Any:
    return value if isinstance(value, list) else acts.said(value)


def _due_words(card: supervision.Card, at: datetime, known: Calendar) -> str:
    """How long the answer still has, in words; "" when none is owed now."""
    if card.answer_due_on is None or card.state not in (CardState.ISSUED, CardState.UPHELD, CardState.ESCALATED):
        return ""
    today = local_date(at)
    if today > card.answer_due_on:
        return _("答复已逾期")
    left = known.working_days(today, card.answer_due_on)
    return ngettext("剩 %(n)d 日", "剩 %(n)d 日", left) % {"n": left} if left else _("今日到期")


# --- steps, each with its form ---


class CardForm(ActForm):
    """A step of a card."""

    step: ClassVar[CardStep]
    answers: ClassVar[bool] = False  # a step of the side that answers


class AnswerForm(CardForm):
    name, step, answers, uploads = "answer", CardStep.ANSWER, True, True
    title, button = gettext_lazy("答复监察牌"), gettext_lazy("提交答复")
    hint = gettext_lazy("写明原因和整改措施。逾期不答复会转为督办单。")
    done = gettext_lazy("答复已提交，监察人员会看到。")
    cause = text_field(gettext_lazy("原因"), 1000)
    measure = text_field(gettext_lazy("整改措施"), 1000)

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_answered.answer(
            number, cause=self.typed("cause"), measure=self.typed("measure"), files=stored_all(files, at),
            seen=self.cleaned_data["seen"], by=by, at=at,
        )  # fmt: skip


class AppealForm(CardForm):
    name, step, answers, uploads = "appeal", CardStep.APPEAL, True, True
    title, button = gettext_lazy("提出申诉"), gettext_lazy("提出申诉")
    hint = gettext_lazy(
        "发牌后三个工作日内可以申诉一次，由未参与的人在五个工作日内裁决；裁决前不计答复期限。理由在内部公开。"
    )
    done = gettext_lazy("申诉已提出，等待裁决。")
    reasons = text_field(gettext_lazy("申诉理由"), 2000, rows=5)

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_appealed.appeal(
            number,
            reasons=self.typed("reasons"),
            files=stored_all(files, at),
            seen=self.cleaned_data["seen"],
            by=by,
            at=at,
        )


class IssueForm(CardForm):
    name, step = "issue", CardStep.ISSUE
    title, button = gettext_lazy("确认发牌"), gettext_lazy("发出")
    hint = gettext_lazy("核对证据后发出。答复期限从今天起算，有关人员会收到消息；红牌同时开出督办单。")
    done = gettext_lazy("监察牌已发出。")

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_issued.issue(number, seen=self.cleaned_data["seen"], by=by, at=at)


class CloseForm(CardForm):
    name, step = "close", CardStep.CLOSE
    title, button = gettext_lazy("了结"), gettext_lazy("了结")
    hint = gettext_lazy("答复属实、整改到位的，了结此牌；分值保留。")
    done = gettext_lazy("已了结。")
    note = forms.CharField(label=gettext_lazy("说明（可不填）"), required=False, max_length=500)

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_answered.close(number, note=self.typed("note"), seen=self.cleaned_data["seen"], by=by, at=at)


class DecideForm(CardForm):
    name, step = "decide", CardStep.UPHOLD
    title, button = gettext_lazy("裁决申诉"), gettext_lazy("作出裁决")
    hint = gettext_lazy("发牌人、确认人和被发牌机关的人不能裁决。撤销的，分值退回、督办单一并撤销。理由在内部公开。")
    done = gettext_lazy("裁决已作出，当事人会收到消息。")
    verdict = forms.ChoiceField(
        label=gettext_lazy("裁决"),
        choices=[("uphold", gettext_lazy("维持")), ("revoke", gettext_lazy("撤销监察牌"))],
        widget=forms.RadioSelect,
    )
    reasons = text_field(gettext_lazy("裁决理由"), 2000, rows=4)

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_appealed.decide(
            number, revoke=self.typed("verdict") == "revoke", reasons=self.typed("reasons"),
            seen=self.cleaned_data["seen"], by=by, at=at,
        )  # fmt: skip


class EscalateForm(CardForm):
    name, step = "escalate", CardStep.ESCALATE
    title, button = gettext_lazy("转督办"), gettext_lazy("开出督办单")
    hint = gettext_lazy("答复不实、整改不力或情况严重的，转为督办单，由责任科室限期反馈。")
    done = gettext_lazy("督办单已开出。")
    order_kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=list(KINDS_OF_ORDER.items()),
        initial=OrderKind.NORMAL.value,
        widget=forms.RadioSelect,
    )
    reason = text_field(gettext_lazy("督办事由"), 500)

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_escalated.escalate_by_hand(
            number, reason=self.typed("reason"), order_kind=OrderKind(self.typed("order_kind")),
            seen=self.cleaned_data["seen"], by=by, at=at,
        )  # fmt: skip


class CancelForm(CardForm):
    name, step, stop = "cancel", CardStep.CANCEL, True
    title, button = gettext_lazy("取消监察牌"), gettext_lazy("取消此牌")
    hint = gettext_lazy("只用于数据有误的牌。取消后不计分、不计数，记录保留。")
    done = gettext_lazy("已取消。")
    reason = text_field(gettext_lazy("数据错在哪里"), 500)

    def run(self, number: str, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return card_appealed.cancel(number, reason=self.typed("reason"), seen=self.cleaned_data["seen"], by=by, at=at)


FORMS: tuple[type[CardForm], ...] = (
    AnswerForm, AppealForm, IssueForm, DecideForm, CloseForm, EscalateForm, CancelForm
)  # fmt: skip
BY_NAME = {form.name: form for form in FORMS}


def offered(card: supervision.Card, side: Side, by: Acting, at: datetime) -> list[type[CardForm]]:
    """The steps this person may take now; the actions ask the same once more."""
    state = CardState(card.state)
    asked = [form for form in FORMS if form.answers is side.answers and state in CARD_MOVES[form.step].start]
    if side.answers:
        if not supervision.answers_for(card, by) or not answerable(Level(card.level)):
            return []
        until = supervision.appeal_until(card, calendar.current())
        late = until is None or local_date(at) > until or getattr(card, "appeal", None) is not None
        return [form for form in asked if form is not AppealForm or not late]
    if not by.can(Ability.SUPERVISE):
        return [form for form in asked if form is DecideForm and by.can(Ability.PUBLISH_REPORTS)]
    order = card.order_no or card.subject_kind == "order"
    return [form for form in asked if form is not EscalateForm or not order]


# --- the page ---


@dataclass
class Refused:
    form: CardForm
    sentence: Any
    status: int = 422


def page(request: ActingRequest, number: str, side: Side, refused: Refused | None = None) -> HttpResponse:
    card, at = supervision.card_for(request.acting, number), timezone.now()
    asked = [form(version=card.version) for form in offered(card, side, request.acting, at)]
    if refused is not None:
        asked = [refused.form if type(form) is type(refused.form) else form for form in asked]
    limits = deadlines_of("card", card.number)
    known = calendar.current()
    files = supervision.files_of(card)
    context = {
        "one": shown(card, at, known),
        "card": card,
        "side": side,
        "step_route": f"{side.space}:card_step",
        "file_route": f"{side.space}:card_file",
        "forms": asked,
        "first": asked[0] if asked and not asked[0].stop else None,
        "refused": refused,
        "answer": getattr(card, "answer", None),
        "appeal": getattr(card, "appeal", None),
        "answer_files": [one for one in files if one.step == supervision.CardFile.ANSWER],
        "appeal_files": [one for one in files if one.step == supervision.CardFile.APPEAL],
        "evidence": [_evidence(one, request.acting) for one in card.evidence],
        "subject": words.SUBJECTS.get(card.subject_kind, card.subject_kind),
        "subject_url": address_of(card.subject_kind, card.subject_key, request.acting),
        "order_url": reverse(
            "watch:order" if request.acting.can(Ability.SUPERVISE) else "desk:order", args=[card.order_no]
        )
        if card.order_no
        else "",
        "clock": plan.explained(limits[-1], known) if limits else None,
        "term": limits[-1] if limits else None,
        "appeal_until": supervision.appeal_until(card, known) if answerable(Level(card.level)) else None,
        "today": timezone.localdate(at),
        "acts": [act_of(entry) for entry in reversed(list(entries_of("card", card.number)))],
    }
    return render(request, side.template, context, status=refused.status if refused else 200)


def address_of(kind: str, key: str, by: Acting) -> str:
    """Where the subject of a card is seen by this person; "" where there is no page for it."""
    if kind == "case":
        return reverse("watch:case" if by.can(Ability.SEE_ALL, Ability.READ_REPORTS) else "desk:case", args=[key])
    if kind == "lead" and by.can(Ability.SEE_ALL):
        return reverse("watch:lead", args=[key])
    if kind == "sample" and by.can(Ability.SEE_ALL):
        return reverse("watch:sample", args=[key])
    if kind == "letter":
        return reverse("desk:letter", args=[key])
    if kind == "order":
        return reverse("watch:order" if by.can(Ability.SUPERVISE) else "desk:order", args=[key])
    if kind == "rectification":
        return reverse("desk:rectification", args=[key])
    return ""


def _evidence(row: dict[str, Any], by: Acting) -> tuple[Any, str, int, str, str]:
    """(what, key, seq, facts in words, address)."""
    facts = "；".join(
        f"{words.EVIDENCE.get(name, name)} {_evidence_word(name, value)}"
        for name, value in row.get("facts", {}).items()
    )
    kind = words.SUBJECTS.get(row["kind"], row["kind"])
    return kind, row["key"], row["seq"], facts, address_of(row["kind"], row["key"], by)


def _evidence_word(name: str, value: Any) -> Any:
    known = {"limit": desk_words.LIMITS, "kind": desk_words.KINDS}.get(name, {})
    return known.get(value) or acts.said(value)


def act_of(entry: Any) -> Act:
    facts = json.loads(entry.facts)
    lines = acts.fact_lines(facts, words.FACTS, lambda value: acts.said(words.REASONS.get(str(value), value)))
    return Act(words.ACTS.get(entry.kind, entry.kind), entry.at, acts.who(entry), lines)


def step(request: ActingRequest, number: str, name: str, side: Side) -> HttpResponse:
    form_class = BY_NAME.get(name)
    card = supervision.card_for(request.acting, number)
    if form_class is None or form_class.answers is not side.answers:
        raise Http404
    form = form_class(request.POST, version=card.version)
    if not form.is_valid():
        return page(request, number, side, Refused(form, _("请改正下面标出的地方，内容没有丢失。")))
    try:
        form.run(number, files=request.FILES.getlist("files"), by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return page(request, number, side, Refused(form, sentence_html(refusal), status_of(refusal.code)))
    messages.success(request, str(form.done))
    return redirect(f"{side.space}:card", number=number)


def file(request: ActingRequest, number: str, file_id: int) -> HttpResponseBase:
    card = supervision.card_for(request.acting, number)
    found = supervision.file_for(card, file_id)
    return respond(found.file, found.name, inline=True)
