"""Forms by which a letter leaves: to another organ or house, as a case, an order or a request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.base.permission import Acting
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.open311 import queries as open311
from zhengtong.flows import letter_converted, letter_passed_on, letter_routed
from zhengtong.rules.letters import Destination
from zhengtong.rules.orders import OrderKind
from zhengtong.web.desk.act_form import text_field
from zhengtong.web.desk.house.choosing import NameSelect
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.form import LetterForm, place_choices, place_key, place_of
from zhengtong.web.desk.order_words import KINDS_OF_ORDER


class TransferForm(LetterForm):
    name, title, button = "transfer", pgettext_lazy("letter step", "移交别的机关"), _("移交")
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


class PassOnForm(LetterForm):
    name, title, button = "pass-on", _("转送联网的平台"), _("转送")
    hint = _("对方按 Open311 接收，办结后结果回到这里；本处的期限照常计算，来信不因此办结。")
    done = _("已转送，对方收下后会显示在来信里。")
    partner = forms.ChoiceField(label=_("对方平台"), widget=NameSelect)
    service_code = forms.CharField(
        label=_("对方的服务代码"), max_length=100, widget=forms.TextInput({"class": "short no", "autocomplete": "off"}),
        help_text=_("由对方的服务目录（services）给出。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = open311.reachable(self.letter.number)
        self.fields["partner"].choices = [(one.code, one.name) for one in self.partners]  # type: ignore[attr-defined]

    def run(self, *, files: Sequence[UploadedFile], by: Acting, at: datetime) -> Any:
        return letter_passed_on.pass_on(
            self.letter.number, self.typed("partner"), service_code=self.typed("service_code"), by=by, at=at
        )


class RefuseForm(LetterForm):
    name, title, button = "refuse", pgettext_lazy("letter step", "告知不属受理范围"), _("告知")
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
