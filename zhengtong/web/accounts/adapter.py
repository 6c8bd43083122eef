"""Where allauth meets the house: phones encrypted and found by hash, codes through the outbox, words of our own."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengtong.base.outbox import actions as outbox
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.registry.queries import account_by_phone
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.masking import mask_mobile
from zhengtong.rules.refusal import Refusal
from zhengtong.web.accounts.letters import letter
from zhengtong.web.frame.sentences import sentence

OFFICER = "officer"

# Said on the next page; what allauth would say besides is already on the page it leads to.
SAID = {
    "account/messages/logged_out.txt": _("已退出登录。"),
    "account/messages/password_changed.txt": _("密码已更改。"),
    "account/messages/email_confirmed.txt": _("邮箱已验证。"),
    "account/messages/phone_verified.txt": _("手机号已验证。"),
    "account/messages/email_confirmation_failed.txt": _("这个邮箱已属于另一个账户，没有改动。"),
}


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("这个账户已停用。请拨打 12345 查询原因。"),
        "email_password_mismatch": _("账户或密码不对。请核对后再试，或用“找回密码”。"),
        "phone_password_mismatch": _("账户或密码不对。请核对后再试，或用“找回密码”。"),
        "username_password_mismatch": _("账户或密码不对。请核对后再试，或用“找回密码”。"),
        "invalid_login": _("账户或密码不对。请核对后再试，或用“找回密码”。"),
        "email_taken": _("这个邮箱已属于另一个账户。请换一个，或用它登录。"),
        "phone_taken": _("这个手机号已属于另一个账户。请换一个，或用它登录。"),
        "duplicate_email": _("这个邮箱已在您的账户里。"),
        "same_as_current": _("与现在的相同，不需要更改。"),
        "enter_current_password": _("现在的密码不对，请重新输入。"),
        "incorrect_password": _("密码不对，请重新输入。"),
        "incorrect_code": _("验证码不对。请核对最近一条短信或邮件里的 6 位数字。"),
        "too_many_login_attempts": _("尝试次数过多。请过几分钟再试，或用“找回密码”。"),
        "rate_limited": _("刚刚已经发送过。请等半分钟再试。"),
        "unverified_primary_email": _("请先验证邮箱。"),
    }

    # --- accounts ---------------------------------------------------------------------------------------------------
    def new_user(self, request: HttpRequest) -> Any:
        user = super().new_user(request)
        user.created_at = timezone.now()
        user.language = get_language() or settings.LANGUAGE_CODE
        return user

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        # Citizens sign in by phone or e-mail; this name only has to be unique and to say nothing about them.
        user.login = user.login or f"c-{uuid.uuid4().hex}"

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/desk/" if getattr(request.user, "kind", "") == OFFICER else resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("accounts:account")

    def set_password(self, user: Any, password: str) -> None:
        """By its owner: change and reset both pass here."""
        user.first_password = False
        super().set_password(user, password)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return resolve_url("accounts:account")

    def get_login_stages(self) -> list[str]:
        return [
            "zhengtong.web.accounts.stages.PhoneVerificationStage",
            "zhengtong.web.accounts.stages.EmailVerificationStage",
        ]

    # --- phones: kept encrypted; the hash that finds an account is set only once the number is verified, so that
    #     nobody can occupy a number that is not theirs.
    def phone_form_field(self, **kwargs: Any) -> Any:
        return PhoneField(**{"label": _("手机号"), "validators": [], **kwargs})

    def clean_phone(self, phone: str) -> str:
        try:
            return check_mobile(phone)
        except Refusal as refusal:
            raise ValidationError(sentence(refusal), code=refusal.code) from refusal

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.phone_hash = lookup_hash(phone) if verified else ""
        user.save(update_fields=["phone", "phone_hash", "phone_verified"])

    def set_phone_verified(self, user: Any, phone: str) -> None:
        self.set_phone(user, phone, verified=True)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def get_user_by_phone(self, phone: str) -> Any:
        try:
            return account_by_phone(check_mobile(phone))
        except Refusal:
            return None

    # --- what is sent -----------------------------------------------------------------------------------------------
    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        self._send("account/sms/code", phone, {"code": code})

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._send("account/sms/account_already_exists", phone, {})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self._send("account/sms/unknown_account", phone, {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """`email` may be a phone: the way to a new password is the same for both (forms.ResetPassword)."""
        self._send(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        verified = user.phone if user.phone_verified else ""
        if address := email or user.email or verified:
            self._send(template_prefix, address, context or {})

    def _send(self, name: str, address: str, facts: dict[str, Any]) -> None:
        title, text = letter(name, facts)
        channel = "mail" if "@" in address else "sms"
        outbox.queue(
            outbox.message(
                name.replace("/", "."),
                key=f"account:{uuid.uuid4().hex}",
                at=timezone.now(),
                channel=channel,
                address=address,
                payload={"title": title, "text": text},
                urgent=True,  # somebody sits and waits for it
            )
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if text := message or SAID.get(message_template or ""):
            messages.add_message(request, level, str(text), extra_tags=extra_tags)


def masked_address(address: str) -> str:
    """`138****5678`, `z***@example.cn`: enough for the owner to know it, too little for anybody else."""
    if "@" not in address:
        return mask_mobile(address)
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}"
