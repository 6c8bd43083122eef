"""Forms of a letter on its way to an answer: routed, taken, returned, extended, moderated, reclassified, merged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhengtong.base.permission import Acting
from zhengtong.flows import letter_extended, letter_routed, letter_unmerged
from zhengtong.rules.letters import LetterKind
from zhengtong.web.desk.act_form import text_field
from zhengtong.web.desk.house.choosing import NameSelect
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.form import LetterForm, category_choices, place_choices, place_key, place_of


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


class UnmergeForm(LetterForm):
    name, title, button = "unmerge", _("撤销并件"), _("撤销并件")
    hint = _("并错了，或者要单独答复：恢复为单独的来信，回到待转办，期限仍自收到次日起算。")
    done = _("已恢复为单独的来信，来信人已获告知。")

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_unmerged.unmerge_letter(self.letter.number, by=by, at=at, **self.step)
