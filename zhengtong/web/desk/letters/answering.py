"""Forms of the answer: drafted, approved, sent, called back about, reopened, closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.base.permission import Acting
from zhengtong.flows import letter_author, letter_closed, letter_replied
from zhengtong.rules.letters import JUDGED, ORAL, WRITTEN, LetterKind, Satisfaction
from zhengtong.web.desk.act_form import text_field
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.form import LetterForm
from zhengtong.web.frame.uploaded import stored_all


class ReplyForm(LetterForm):
    """Both ways to answer: at once, or to a leader first, as the letter's kind and box ask."""

    uploads = True
    main = True
    mode = forms.ChoiceField(label=_("答复方式"), widget=forms.RadioSelect, choices=[(WRITTEN, words.MODES[WRITTEN])])
    finding = forms.ChoiceField(
        label=_("核查结论"),
        widget=forms.RadioSelect,
        choices=list(words.FINDINGS.items()),
        error_messages={"required": _("请选核查结论。")},
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


class RecallForm(LetterForm):
    name, title, button = "recall", _("撤回送审"), _("撤回送审")
    hint = _("领导还没有审批，可以撤回修改；写好的答复还在，期限照常计算。")
    done = _("已撤回，改好后请重新送审。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_replied.recall_reply(self.letter.number, by=by, at=at, **self.step)


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
    name, title, button = "reopen", pgettext_lazy("letter step", "重新办理"), pgettext_lazy("letter step", "重新办理")
    hint = _("按来信人的要求重新办理：只有一次，交给没有参与的同事承办，答复须经批准。")
    done = _("已重新办理，新的期限自明天起算。")
    reason = text_field(_("来信人不满意的地方"), 1000)

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_author.reopen_letter(self.letter.number, reason=self.typed("reason"), by=by, at=at)


class CloseForm(LetterForm):
    name, title, button = "close", pgettext_lazy("letter step", "办结"), pgettext_lazy("letter step", "办结")
    hint = _("已答复并回访的来信，可以办结；不办理的，期满自动办结。")
    done = _("已办结。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_closed.close_letter(self.letter.number, by=by, at=at, **self.step)
