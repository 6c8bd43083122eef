"""Forms of signing in, as people speak: one box for phone, mail address or staff number."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.internal.userkit import filter_users_by_email
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.refusal import Refusal
from zhengtong.rules.text import clean_line
from zhengtong.web.frame.sentences import sentence


def _plain(form: forms.Form, hints: dict[str, Any] | None = None) -> None:
    """Labels, not placeholders: a placeholder is gone as soon as one types. Hints are ours."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = (hints or {}).get(name, "")


def _phone_or_email(value: str) -> tuple[str, str]:
    """(phone, e-mail), one of them empty; raises ValidationError with what to do."""
    text = value.strip()
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError(_("邮箱地址不完整。请核对，例如 name@example.cn。")) from None
        return "", text.lower()
    return get_adapter().clean_phone(text), ""


CONTACT_LABEL = _("手机号或电子邮箱")
PASSWORD_HINT = _("至少 10 个字，不能全是数字，也不要用常见密码。几个词连起来又长又好记。")
CONTACT_WIDGET = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class SignIn(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("手机号、电子邮箱或工号")
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs.update(CONTACT_WIDGET)
        self.fields["password"].label = _("密码")
        _plain(self)


class SignUp(allauth_forms.SignupForm):
    name = forms.CharField(label=_("姓名"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    contact = forms.CharField(label=CONTACT_LABEL, max_length=254, widget=forms.TextInput(CONTACT_WIDGET))
    field_order = ["name", "contact", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # allauth asks for both; one box takes either.
        del self.fields["phone"], self.fields["email"]
        self.fields["password1"].label = _("设置密码")
        _plain(
            self,
            {
                "name": _("与身份证件一致，办事时会用到。"),
                "contact": _("用来登录和接收办理进度，接下来会发一个验证码。"),
                "password1": PASSWORD_HINT,
            },
        )

    def clean_name(self) -> str:
        try:
            return clean_line(self.cleaned_data["name"], 100, "name")
        except Refusal as refusal:
            raise ValidationError(sentence(refusal), code=refusal.code) from refusal

    def clean_contact(self) -> str:
        value: str = self.cleaned_data["contact"]
        phone, email = _phone_or_email(value)
        self.cleaned_data["phone"] = phone
        self.cleaned_data["email"] = self.validate_unique_email(email) if email else ""
        return value

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Nothing to add; allauth asks."""


class ResetPassword(allauth_forms.ResetPasswordForm):
    """The field is called `email` because allauth's flow is; it takes a phone as well."""

    email = forms.CharField(label=CONTACT_LABEL, max_length=254, widget=forms.TextInput(CONTACT_WIDGET))

    def clean_email(self) -> str:
        phone, email = _phone_or_email(self.cleaned_data["email"])
        if phone:
            owner = get_adapter().get_user_by_phone(phone)
            self.users = [owner] if owner is not None and owner.is_active else []
        else:
            self.users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        return phone or email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address: str = self.cleaned_data["email"]
        owner = self.users[0] if self.users else None
        PasswordResetVerificationProcess.initiate(request=request, user=owner, email=address)
        return address


class NewPassword(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("新密码")
        self.fields["password2"].label = _("再输入一次新密码")
        _plain(self, {"password1": PASSWORD_HINT})


class ChangePassword(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("现在的密码")
        self.fields["password1"].label = _("新密码")
        self.fields["password2"].label = _("再输入一次新密码")
        _plain(self, {"password1": PASSWORD_HINT})


class Reauthenticate(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        _plain(self)


class ChangePhone(allauth_forms.ChangePhoneForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("新手机号")
        _plain(self, {"phone": _("11 位手机号，接下来会发一个验证码。")})


class ChangeEmail(allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("新邮箱")
        _plain(self, {"email": _("接下来会发一个验证码。")})


class _Code:
    """Six digits, as they came."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("6 位验证码")
        code.widget.attrs.update({"inputmode": "numeric", "class": "code", "autocomplete": "one-time-code"})
        code.widget.attrs.pop("placeholder", None)


class ConfirmEmailCode(_Code, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPhoneCode(_Code, allauth_forms.VerifyPhoneForm):
    pass


class ConfirmResetCode(_Code, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class Profile(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("消息语言"),
        choices=[("zh-hans", "中文"), ("en", "English")],
        widget=forms.RadioSelect,
        help_text=_("短信和邮件用哪种语言。"),
    )

    def clean_name(self) -> str:
        try:
            return clean_line(self.cleaned_data["name"], 100, "name")
        except Refusal as refusal:
            raise ValidationError(sentence(refusal), code=refusal.code) from refusal
