"""来信登记: by phone, at the counter, from paper, from the hotline: one page, by keyboard."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import REGISTERED, LetterKind, Mailbox
from zhengtong.rules.period import SHANGHAI
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.act_form import CHINESE, text_field
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house.choosing import NameSelect, name_of
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.form import category_choices
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.frame.uploaded import stored_all

SPOKEN = frozenset({Mailbox.PHONE, Mailbox.COUNTER})
_NAMED = {"lang": CHINESE, "autocomplete": "off"}


class RegisterForm(forms.Form):
    mailbox = forms.ChoiceField(
        label=gettext_lazy("怎样收到的"),
        widget=forms.RadioSelect,
        choices=[(box, words.MAILBOXES[box]) for box in REGISTERED],
        initial=Mailbox.PHONE.value,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("来信类别"), widget=forms.RadioSelect, choices=list(words.KINDS.items()),
        help_text=gettext_lazy("反映公职人员问题的选“问题线索”：登记后只有廉政受理岗看得到，您自己也看不到。"),
    )  # fmt: skip
    subject_line = forms.CharField(
        label=gettext_lazy("主题"), max_length=200, widget=forms.TextInput({"lang": CHINESE})
    )
    text = text_field(gettext_lazy("内容"), 5000, rows=6, hint=gettext_lazy("按来信人的原话记。"))
    name = forms.CharField(
        label=gettext_lazy("来信人姓名"), max_length=100, required=False, widget=forms.TextInput(_NAMED)
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"), max_length=30, required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip
    oral = forms.BooleanField(label=gettext_lazy("口头提出，可以口头答复"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("紧急，一个工作日内答复"), required=False)
    confidential = forms.BooleanField(label=gettext_lazy("为来信人身份保密"), required=False)
    may_publish = forms.BooleanField(label=gettext_lazy("来信人同意隐去姓名后公开"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("内容分类"), required=False, widget=NameSelect)
    organ_code = forms.ChoiceField(label=gettext_lazy("涉及的部门"), required=False, widget=NameSelect)
    case_no = forms.CharField(
        label=gettext_lazy("涉及的办件编号"), max_length=50, required=False, widget=forms.TextInput({"class": "no"})
    )
    region = forms.ChoiceField(label=gettext_lazy("涉及的地区"), required=False, widget=NameSelect)
    address = forms.CharField(
        label=gettext_lazy("涉及的地点"), max_length=200, required=False, widget=forms.TextInput({"lang": CHINESE})
    )
    external_key = forms.CharField(
        label=gettext_lazy("12345工单号"), max_length=60, required=False, widget=forms.TextInput({"class": "no"})
    )
    received_at = forms.DateTimeField(
        label=gettext_lazy("收到的时间"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=gettext_lazy("现在收到的不用填；纸质来信填收到的时间，期限从那天的次日起算。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        fields: Any = self.fields
        fields["category"].choices = category_choices()
        fields["region"].choices = [("", "—"), *registry.places()]
        fields["organ_code"].choices = [("", "—"), *((organ.code, name_of(organ)) for organ in registry.organs())]

    def came_at(self) -> datetime | None:
        written = self.cleaned_data["received_at"]
        return written if written is None or written.tzinfo else written.replace(tzinfo=SHANGHAI)


@desk(Ability.REGISTER_LETTERS)
@require_http_methods(["GET", "POST"])
def register(request: ActingRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        asked, at = form.cleaned_data, timezone.now()
        fields = {
            RefusalCode.ORDER_CASE_UNKNOWN: "case_no",
            RefusalCode.FORM_DATE_TOO_LATE: "received_at",
            RefusalCode.LETTER_CATEGORY_UNKNOWN: "category",
            RefusalCode.LETTER_TICKET_KNOWN: "external_key",
        }
        with refused_on(form, fields):
            files = stored_all(request.FILES.getlist("files"), at)
            letter = receive(
                kind=LetterKind(asked["kind"]), channel=Mailbox(asked["mailbox"]), subject_line=asked["subject_line"],
                text=asked["text"], category=asked["category"], region=asked["region"], organ_code=asked["organ_code"], case_no=asked["case_no"],
                name=asked["name"], phone=asked["phone"], confidential=asked["confidential"], urgent=asked["urgent"],
                oral=asked["oral"] and Mailbox(asked["mailbox"]) in SPOKEN, may_publish=asked["may_publish"],
                address=asked["address"], external_key=asked["external_key"], files=files, received_at=form.came_at(),
                by=request.acting, at=at,
            )  # fmt: skip
            messages.success(
                request,
                _("已登记：%(number)s，查询码 %(code)s。") % {"number": letter.number, "code": letters.code_of(letter)},
            )
            return _after(request, letter)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "desk/letters/register.html", {"form": form}, status=status)


def _after(request: ActingRequest, letter: letters.Letter) -> HttpResponse:
    """To the letter, where its clerk may still see it; a tip is seen by the integrity desk alone."""
    try:
        letters.letter_for(request.acting, letter.number)
    except Refusal:
        return redirect("desk:letter_new")
    return redirect("desk:letter", number=letter.number)
