"""The questions of a letter, one form to a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.codes import check_mobile
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.language import typed_in_chinese
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.portal.letters import drafting, words

MOST_TEXT, MOST_SUBJECT = 5_000, 100


class Kind(forms.Form):
    kind = forms.ChoiceField(
        label=_("这封信是"),
        choices=list(words.KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一种。"), "invalid_choice": _("请选一种。")},
    )


class NameSelect(forms.Select):
    """Names from the data, some of them Chinese in an English page: the option says its language."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if in_english() and typed_in_chinese(str(option["label"])):
            option["attrs"]["lang"] = "zh-Hans"
        return option


class About(forms.Form):
    category = forms.ChoiceField(label=_("关于什么"), required=False, widget=NameSelect)
    organ_code = forms.ChoiceField(label=_("关于哪个部门"), required=False, widget=NameSelect)
    case_no = forms.CharField(
        label=_("办件编号"),
        help_text=_("和某一件办件有关时填写，在收件凭证上"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    region = forms.ChoiceField(label=_("在哪个区县"), required=False, widget=NameSelect)
    address = forms.CharField(
        label=_("在哪里"), help_text=_("和某个地方有关时填写，写到门牌或店名"), max_length=200, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = [("", _("不清楚，由你们定"))]
        self._choices("category", unknown + [(c.code, _indented(c)) for c in letters.categories()])
        self._choices("organ_code", unknown + [(o.code, _named(o)) for o in registry.organs()])
        self._choices("region", [("", _("不清楚或不分地区")), *registry.places()])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _named(row: Any) -> str:
    return row.name_en if in_english() and row.name_en else row.name


def _indented(category: Any) -> str:
    return "\u3000" * (category.level - 1) + _named(category)


class Text(forms.Form):
    subject_line = forms.CharField(
        label=_("一句话说是什么事"),
        max_length=MOST_SUBJECT,
        error_messages={"required": _("请用一句话说是什么事。")},
    )
    text = forms.CharField(
        label=_("详细说说"),
        help_text=_("什么时候、在哪里、发生了什么、希望怎样解决。不用写身份证号。"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 9, "data-most": str(MOST_TEXT)}),
        error_messages={"required": _("请写下要说的事。")},
    )


class Contact(forms.Form):
    way = forms.ChoiceField(label=_("答复怎么给您"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("怎么称呼您"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("手机号"),
        help_text=_("用短信验证一次，答复时也告诉您"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "short"}),
    )
    confidential = forms.BooleanField(
        label=_("为我保密：办理的人看不到姓名和电话，只有来信专员回访时能看，每看一次都有记录"), required=False
    )
    may_publish = forms.BooleanField(
        label=_("同意去掉个人信息后，作为典型来信公开，帮到别人（可以随时要求撤下）"), required=False
    )

    def __init__(self, *args: Any, draft: drafting.Draft, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways: list[tuple[str, Any]] = []
        if signed_in:
            ways.append((drafting.BY_ACCOUNT, _("用我的账户：在“我的来信”里看，也收消息")))
        ways.append((drafting.BY_PHONE, _("留手机号：凭编号和查询码查看，短信告诉您")))
        if draft.may_be_nameless:
            ways.append((drafting.NAMELESS, _("不留姓名和电话：只凭编号和查询码查看")))
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = ways
        if len(ways) == 1:  # nothing to choose
            self.initial["way"] = ways[0][0]
            self.fields["phone"].required = True
            self.fields["phone"].error_messages["required"] = _("请填写手机号。")
        way.error_messages["required"] = _("请选答复怎么给您。")

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("way") == drafting.BY_PHONE:
            if not given.get("phone", "").strip():
                if "phone" not in self.errors:
                    self.add_error("phone", _("请填写手机号。"))
            else:
                with refused_on(self, field="phone"):
                    given["phone"] = check_mobile(given["phone"])
        elif "phone" in given:
            given["phone"] = ""
        if given.get("way") == drafting.NAMELESS:
            given["name"] = ""


class Code(forms.Form):
    code = forms.CharField(
        label=_("短信里的 6 位数字"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"}),
        error_messages={"required": _("请填写短信里的数字。")},
    )


class Slip(forms.Form):
    number = forms.CharField(
        label=_("来信编号"),
        help_text=_("LX 开头"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": _("请填写来信编号。")},
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "short"}
        ),
        error_messages={"required": _("请填写查询码。")},
    )


class Tip(forms.Form):
    subject_line = forms.CharField(
        label=_("反映谁、在哪个单位"),
        max_length=MOST_SUBJECT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写反映的是谁、在哪个单位。")},
    )
    text = forms.CharField(
        label=_("反映什么"),
        help_text=_("时间、地点、经过、数额，有什么可以证明。"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 9, "data-most": str(MOST_TEXT), "autocomplete": "off"}),
        error_messages={"required": _("请写反映的问题。")},
    )
    phone = forms.CharField(
        label=_("联系电话"),
        help_text=_("愿意的话留下，便于核实；不留也受理"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "class": "short"}),
    )
