"""One form for each step of a letter. A form asks what its flow takes, and `run` calls that flow; no rule here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhengtong.base.permission import Acting
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import (
    letter_author,
    letter_closed,
    letter_converted,
    letter_extended,
    letter_replied,
    letter_routed,
)
from zhengtong.rules.letters import (
    JUDGED,
    ORAL,
    WRITTEN,
    Destination,
    LetterKind,
    LetterState,
    LetterStep,
    Mailbox,
    Satisfaction,
    Side,
    letter_steps,
    needs_approval,
)
from zhengtong.rules.orders import OrderKind
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.act_form import ActForm, text_field
from zhengtong.web.desk.house.choosing import NameSelect, name_of
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.order_words import KINDS_OF_ORDER
from zhengtong.web.frame.uploaded import stored_all


def category_choices() -> list[tuple[str, str]]:
    """The tree as one list; the place shows in front of the name."""
    return [("", "—"), *((one.code, f"{'　' * (one.level - 1)}{name_of(one)}") for one in letters.categories())]


class LetterForm(ActForm):
    """A step of a letter."""

    main: ClassVar[bool] = False  # stands open on the page; the others unfold

    def __init__(self, data: Any = None, *, letter: letters.Letter, **kwargs: Any) -> None:
        super().__init__(data, version=letter.version, initial=kwargs.pop("initial", None))
        self.letter = letter

    @property
    def step(self) -> dict[str, Any]:
        return {"seen": self.cleaned_data["seen"]}


class RouteForm(LetterForm):
    main = True
    name, title, button = "route", _("转办"), _("转办")
    hint = _("转给承办单位，也可以直接转到科室。答复期限自收到次日起算，不因转办推迟。")
    done = _("已转办，承办单位和来信人都已告知。")
    place = forms.ChoiceField(label=_("承办单位"), widget=NameSelect)
    note = text_field(_("给承办单位的话"), 1000, required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["place"]
        places.choices = place_choices()
        if self.letter.organ_id is not None:
            self.initial["place"] = place_key(self.letter.organ_id, self.letter.section_id)
        elif self.letter.about_organ_id is not None:
            self.initial["place"] = place_key(self.letter.about_organ_id, None)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        organ_id, section_id = place_of(self.typed("place"))
        return letter_routed.route_letter(
            self.letter.number,
            organ_id=organ_id,
            section_id=section_id,
            note=self.typed("note"),
            by=by,
            at=at,
            **self.step,
        )


def place_choices() -> list[tuple[str, str]]:
    """Every organ, and each of its sections below it."""
    found: list[tuple[str, str]] = [("", "—")]
    sections: dict[int, list[Any]] = {}
    for section in registry.sections_of():
        sections.setdefault(section.organ_id, []).append(section)
    for organ in registry.organs():
        found.append((place_key(organ.pk, None), name_of(organ)))
        found += [(place_key(organ.pk, s.pk), f"　{name_of(organ)} · {name_of(s)}") for s in sections.get(organ.pk, [])]
    return found


def place_key(organ_id: int, section_id: int | None) -> str:
    return f"{organ_id}-{section_id or ''}"


def place_of(key: str) -> tuple[int, int | None]:
    organ, _dash, section = key.partition("-")
    return int(organ), int(section) if section else None


class TakeForm(LetterForm):
    main = True
    name, title, button = "take", _("接办这封来信"), _("接办")
    hint = _("接办后由您答复；期限自收到次日起算。")
    done = _("已接办，请在期限内答复。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_routed.take_letter(self.letter.number, by=by, at=at, **self.step)


class ReturnForm(LetterForm):
    name, title, button = "return", _("退回来信专员"), _("退回")
    hint = _("不属于本单位职责的，写明应由哪个单位办理。答复期限继续计算。")
    done = _("已退回来信专员。")
    stop = True
    reason = text_field(_("退回理由"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_routed.return_letter(self.letter.number, reason=self.typed("reason"), by=by, at=at, **self.step)


class ReplyForm(LetterForm):
    """Both ways to answer: at once, or to a leader first, as the letter's kind and box ask."""

    uploads = True
    main = True
    mode = forms.ChoiceField(label=_("答复方式"), widget=forms.RadioSelect, choices=[(WRITTEN, words.MODES[WRITTEN])])
    finding = forms.ChoiceField(
        label=_("核查结论"), widget=forms.RadioSelect, choices=list(words.FINDINGS.items()), required=False
    )
    reply = text_field(
        _("答复内容"), 10_000, rows=8, hint=_("逐项回答来信人的问题；口头答复的，写明告知了什么、告知了谁。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        draft = kwargs.pop("draft", None)
        template = kwargs.pop("template", "")
        start = {"mode": ORAL if kwargs["letter"].oral else WRITTEN, "reply": template}
        if draft is not None:
            start |= {"mode": draft.mode, "finding": draft.finding, "reply": draft.text}
        super().__init__(*args, initial=start, **kwargs)
        if self.letter.oral:
            modes: Any = self.fields["mode"]
            modes.choices = list(words.MODES.items())
        if LetterKind(self.letter.kind) not in JUDGED:
            del self.fields["finding"]

    def answer(self, files: Sequence[UploadedFile], at: datetime) -> dict[str, Any]:
        return {
            "text": self.typed("reply"),
            "mode": self.typed("mode"),
            "finding": self.typed("finding"),
            "files": stored_all(files, at),
        }


class DraftForm(ReplyForm):
    name, title, button = "draft", _("起草答复，送领导审批"), _("送审批")
    hint = _("投诉、举报、局长信箱和重新办理的来信，答复须经没有参与起草的领导批准。")
    done = _("答复已送审批。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_replied.draft_reply(self.letter.number, by=by, at=at, **self.answer(files, at), **self.step)


class SendForm(ReplyForm):
    name, title, button = "send", _("答复来信人"), _("发出答复")
    hint = _("发出后来信人立即收到通知，并可以评价。")
    done = _("答复已发出。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_replied.send_reply(self.letter.number, by=by, at=at, **self.answer(files, at), **self.step)


class ApproveForm(LetterForm):
    main = True
    name, title, button = "approve", _("批准并发出答复"), _("批准，发出")
    hint = _("批准后答复立即发给来信人。起草人不能批准自己的答复。")
    done = _("已批准，答复已发出。")
    judgement = text_field(_("审批意见"), 500, required=False, rows=2)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_replied.approve_reply(
            self.letter.number, judgement=self.typed("judgement"), by=by, at=at, **self.step
        )


class SendBackForm(LetterForm):
    name, title, button = "send-back", _("退回重写"), _("退回重写")
    done = _("已退回起草人。")
    stop = True
    judgement = text_field(_("要改什么"), 500)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_replied.send_back_reply(
            self.letter.number, judgement=self.typed("judgement"), by=by, at=at, **self.step
        )


class AskExtensionForm(LetterForm):
    name, title, button = "ask-extension", _("申请延期"), _("申请延期")
    hint = _("只能延期一次，须在期限届满前申请，由另一位有审批权的同事批准。")
    done = _("延期申请已提交，批准前原期限不变。")
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1)
    reason = text_field(_("理由"), 500)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_extended.ask_extension(
            self.letter.number, days=self.cleaned_data["days"], reason=self.typed("reason"), by=by, at=at, **self.step
        )


class ExtendForm(LetterForm):
    main = True
    name, title, button = "extend", _("批准延期"), _("批准延期")
    done = _("已批准延期，来信人已获告知。")
    answer = text_field(_("批准意见"), 500, required=False, rows=2)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_extended.extend_letter(self.letter.number, answer=self.typed("answer"), by=by, at=at, **self.step)


class DeclineExtensionForm(LetterForm):
    name, title, button = "decline-extension", _("不予延期"), _("不予延期")
    done = _("已答复不予延期。")
    stop = True
    answer = text_field(_("理由"), 500)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_extended.decline_extension(
            self.letter.number, answer=self.typed("answer"), by=by, at=at, **self.step
        )


class ModerateForm(LetterForm):
    name, title, button = "moderate", _("整理文字"), _("保存整理稿")
    hint = _("别人看到的是整理稿；原文一字不动，另行保存。身份保密的来信，请删去能认出来信人的内容。")
    done = _("整理稿已保存，原文未动。")
    moderated = text_field(_("整理稿"), 5000, rows=8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        letter = kwargs["letter"]
        super().__init__(*args, initial={"moderated": letter.moderated or letter.text}, **kwargs)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_routed.moderate_letter(
            self.letter.number, text=self.typed("moderated"), by=by, at=at, **self.step
        )


class ReclassifyForm(LetterForm):
    name, title, button = "reclassify", _("改类"), _("改类")
    hint = _("期限按新的类别、自同一天重新计算。改为问题线索的，立即只由廉政受理岗办理。")
    done = _("已改类，期限已重新计算。")
    kind = forms.ChoiceField(label=_("来信类别"), choices=list(words.KINDS.items()))
    category = forms.ChoiceField(label=_("内容分类"), required=False, widget=NameSelect)
    urgent = forms.BooleanField(label=_("紧急，一个工作日内答复"), required=False)
    confidential = forms.BooleanField(label=_("为来信人身份保密"), required=False)
    reason = text_field(_("理由"), 1000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        letter = kwargs["letter"]
        start = {
            "kind": letter.kind,
            "category": letter.category.code if letter.category else "",
            "urgent": letter.urgent,
            "confidential": letter.confidential,
        }
        super().__init__(*args, initial=start, **kwargs)
        field: Any = self.fields["category"]
        field.choices = category_choices()

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        asked = self.cleaned_data
        return letter_routed.reclassify_letter(
            self.letter.number, kind=LetterKind(asked["kind"]), category=asked["category"], urgent=asked["urgent"],
            confidential=asked["confidential"], reason=self.typed("reason"), by=by, at=at, **self.step,
        )  # fmt: skip


class MergeForm(LetterForm):
    name, title, button = "merge", _("并入另一封来信"), _("并件")
    hint = _("反映同一件事的来信并在一起办理，答复时一并告知。")
    done = _("已并件，来信人已获告知。")
    into = forms.CharField(label=_("另一封的编号"), max_length=20, widget=forms.TextInput({"class": "short no"}))

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_routed.merge_letter(self.letter.number, into=self.typed("into"), by=by, at=at, **self.step)


class TransferForm(LetterForm):
    name, title, button = "transfer", _("移交别的机关"), _("移交")
    hint = _("信访事项移交信访部门：收到之日起15日内告知是否受理，60日内办结，按自然日计算，与本处期限无关。")
    done = _("已移交，来信人已获告知。")
    stop = True
    destination = forms.ChoiceField(label=_("移交给"), choices=list(words.DESTINATIONS.items()))
    told = text_field(_("告知来信人的话"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_routed.transfer_letter(
            self.letter.number,
            destination=Destination(self.typed("destination")),
            told=self.typed("told"),
            by=by,
            at=at,
            **self.step,
        )


class RefuseForm(LetterForm):
    name, title, button = "refuse", _("告知不属受理范围"), _("告知")
    hint = _("首问负责：写明应当向哪个机关反映、地址和电话。")
    done = _("已告知来信人。")
    stop = True
    told = text_field(_("告知来信人的话"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_routed.refuse_letter(self.letter.number, told=self.typed("told"), by=by, at=at, **self.step)


class ConvertCaseForm(LetterForm):
    name, title, button = "convert-case", _("转为办件草稿"), _("转为办件")
    hint = _("在来信人的账户里建立草稿，由其补齐后提交。")
    done = _("已转为办件草稿，来信人已获告知。")
    item_code = forms.CharField(
        label=_("事项编码"),
        max_length=50,
        help_text=_("按来信标题列出了相近的事项，也可以直接填编码。"),
        widget=forms.TextInput({"class": "no", "list": "convert-items", "autocomplete": "off"}),
    )
    told = text_field(_("告知来信人的话"), 1000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["item_code"] = self.letter.item_code

    @property
    def suggested(self) -> Sequence[catalogue.Item]:
        """Items open to persons that the letter's title speaks of."""
        return catalogue.find(self.letter.subject_line[:60], open_only=True, applicant_type="1", limit=8).items

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_converted.convert_to_case(
            self.letter.number,
            item_code=self.typed("item_code").strip(),
            told=self.typed("told"),
            by=by,
            at=at,
            **self.step,
        )


class ConvertOrderForm(LetterForm):
    name, title, button = "convert-order", _("转为督办单"), _("下达督办单")
    hint = _("由监察人员下达；来信随督办办理。")
    done = _("督办单已下达，来信人已获告知。")
    place = forms.ChoiceField(label=_("责任部门"), widget=NameSelect)
    kind = forms.ChoiceField(label=_("督办类别"), choices=list(KINDS_OF_ORDER.items()))
    content = text_field(_("督办内容"), 1000)
    told = text_field(_("告知来信人的话"), 1000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["place"]
        places.choices = place_choices()
        if self.letter.organ_id is not None:
            self.initial["place"] = place_key(self.letter.organ_id, self.letter.section_id)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        organ_id, section_id = place_of(self.typed("place"))
        return letter_converted.convert_to_order(
            self.letter.number, organ_id=organ_id, section_id=section_id, title=f"来信 {self.letter.number} 的督办",
            content=self.typed("content"), order_kind=OrderKind(self.typed("kind")), told=self.typed("told"),
            by=by, at=at, **self.step,
        )  # fmt: skip


class ConvertDisclosureForm(LetterForm):
    name, title, button = "convert-disclosure", _("转为信息公开申请"), _("转为公开申请")
    hint = _("依申请公开另有期限和程序，这部分功能尚未开通。")
    done = ""

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_converted.convert_to_disclosure(self.letter.number, by=by, at=at, **self.step)


class RevisitForm(LetterForm):
    main = True
    name, title, button = "revisit", _("回访来信人"), _("保存回访")
    hint = _("由没有参与办理的同事回访。来信人满意即办结；不满意的，写下原话，可以重新办理一次。")
    done = _("回访已记录。")
    result = forms.ChoiceField(label=_("回访结果"), widget=forms.RadioSelect, choices=list(words.SATISFACTIONS.items()))
    said = text_field(_("来信人怎么说"), 1000, required=False)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_closed.revisit_letter(
            self.letter.number,
            result=Satisfaction(self.typed("result")),
            said=self.typed("said"),
            by=by,
            at=at,
            **self.step,
        )


class ReopenForm(LetterForm):
    name, title, button = "reopen", _("重新办理"), _("重新办理")
    hint = _("按来信人的要求重新办理：只有一次，交给没有参与的同事承办，答复须经批准。")
    done = _("已重新办理，新的期限自明天起算。")
    reason = text_field(_("来信人不满意的地方"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_author.reopen_letter(self.letter.number, reason=self.typed("reason"), by=by, at=at)


class CloseForm(LetterForm):
    name, title, button = "close", _("办结"), _("办结")
    hint = _("已答复并回访的来信，可以办结；不办理的，期满自动办结。")
    done = _("已办结。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_closed.close_letter(self.letter.number, by=by, at=at, **self.step)


FORMS: tuple[tuple[LetterStep, type[LetterForm]], ...] = (
    (LetterStep.TAKE, TakeForm),
    (LetterStep.APPROVE, ApproveForm),
    (LetterStep.SEND_BACK, SendBackForm),
    (LetterStep.SEND, SendForm),
    (LetterStep.DRAFT, DraftForm),
    (LetterStep.ROUTE, RouteForm),
    (LetterStep.EXTEND, ExtendForm),
    (LetterStep.DECLINE_EXTENSION, DeclineExtensionForm),
    (LetterStep.REVISIT, RevisitForm),
    (LetterStep.REOPEN, ReopenForm),
    (LetterStep.ASK_EXTENSION, AskExtensionForm),
    (LetterStep.MODERATE, ModerateForm),
    (LetterStep.RECLASSIFY, ReclassifyForm),
    (LetterStep.MERGE, MergeForm),
    (LetterStep.CONVERT, ConvertCaseForm),
    (LetterStep.CONVERT, ConvertOrderForm),
    (LetterStep.CONVERT, ConvertDisclosureForm),
    (LetterStep.RETURN, ReturnForm),
    (LetterStep.TRANSFER, TransferForm),
    (LetterStep.REFUSE, RefuseForm),
    (LetterStep.CLOSE, CloseForm),
)
BY_NAME: dict[str, type[LetterForm]] = {form.name: form for _step, form in FORMS}
_TIPS_ONLY = frozenset(
    {TakeForm, SendForm, ModerateForm, ReclassifyForm, TransferForm, CloseForm}
)  # a tip stays where it is


def offered(
    letter: letters.Letter, by: Acting, *, draft: Any, extension: Any, unhappy: bool, template: str, at: datetime
) -> list[LetterForm]:
    """What this person may do with this letter now, the likely step first. The flow asks the rule again."""
    found = letters.sides(by, letter)
    state = LetterState(letter.state)
    possible = {step for side in found for step in letter_steps(state, side)}
    if unhappy and Side.REVISITOR in found and letter.round == 1:
        possible.add(LetterStep.REOPEN)
    forms_: list[LetterForm] = []
    for step, form in FORMS:
        if form is ConvertOrderForm:
            allowed = by.can(Ability.SUPERVISE) and step in set(letter_steps(state, Side.KEEPER))
        else:
            allowed = step in possible
        if allowed and _fits(form, letter, by, draft=draft, extension=extension, at=at):
            back = draft if draft is not None and draft.state == "back" else None
            extra = {"draft": back, "template": template} if issubclass(form, ReplyForm) else {}
            forms_.append(form(letter=letter, **extra))
    return forms_


def _fits(
    form: type[LetterForm], letter: letters.Letter, by: Acting, *, draft: Any, extension: Any, at: datetime
) -> bool:
    tip = letter.kind == LetterKind.TIP.value
    in_hand = letter.handler_id is None or letter.handler_id in by.principals()
    approval = needs_approval(LetterKind(letter.kind), Mailbox(letter.mailbox), letter.round)
    waiting = extension is not None and extension.granted is None
    if tip and form not in _TIPS_ONLY:
        return False
    if form is SendForm:
        return in_hand and not approval
    if form is DraftForm:
        return in_hand and approval
    if form in (ApproveForm, SendBackForm):
        return draft is not None and draft.writer_id != by.id
    if form is AskExtensionForm:
        return in_hand and extension is None and letter.due_at is not None and at <= letter.due_at
    if form in (ExtendForm, DeclineExtensionForm):
        return waiting and extension.asked_by_id != by.id
    if form is ReopenForm:
        return letter.round == 1
    return not (form is ConvertCaseForm and letter.account_id is None)
