"""What accounts tell their owners by SMS or mail: codes and notices. One short text each, in the reader's language.

Named as allauth names its mail templates, so that its flows need no change.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Promise | str

_SIGN = _("【云泽市政务服务】")

LETTERS: Mapping[str, tuple[Words, Words]] = {
    "account/sms/code": (
        _("手机验证码"),
        _("验证码 %(code)s，15 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。"),
    ),
    "account/sms/account_already_exists": (
        _("您已经有账户"),
        _("这个手机号已经注册过。请直接登录；忘记密码请在登录页选择“找回密码”。如果不是您本人操作，请忽略。"),
    ),
    "account/sms/unknown_account": (
        _("没有这个账户"),
        _("有人用这个手机号申请验证码，但它没有注册过账户。如果是您本人，请先注册；如果不是，请忽略。"),
    ),
    "account/email/email_confirmation": (
        _("邮箱验证码"),
        _("验证码 %(code)s，15 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。"),
    ),
    "account/email/email_confirmation_signup": (
        _("注册验证码"),
        _("验证码 %(code)s，15 分钟内有效。输入后即完成注册。如果不是您本人操作，请忽略。"),
    ),
    "account/email/password_reset_code": (
        _("找回密码的验证码"),
        _("验证码 %(code)s，15 分钟内有效。如果不是您本人操作，请忽略，您的密码不会改变。"),
    ),
    "account/email/account_already_exists": (
        _("您已经有账户"),
        _("这个邮箱已经注册过。请直接登录；忘记密码请在登录页选择“找回密码”。如果不是您本人操作，请忽略。"),
    ),
    "account/email/unknown_account": (
        _("没有这个账户"),
        _("有人用这个地址找回密码，但它没有注册过账户。如果是您本人，请先注册；如果不是，请忽略。"),
    ),
    "account/email/password_changed": (
        _("密码已更改"),
        _("您的账户密码刚刚更改。如果不是您本人操作，请立即用“找回密码”重设，并拨打 12345。"),
    ),
    "account/email/password_reset": (
        _("密码已重设"),
        _("您的账户密码刚刚通过验证码重设。如果不是您本人操作，请立即再次重设，并拨打 12345。"),
    ),
    "account/email/email_changed": (
        _("登录邮箱已更改"),
        _("您的登录邮箱已由 %(from_email)s 改为 %(to_email)s。如果不是您本人操作，请拨打 12345。"),
    ),
    "account/email/email_deleted": (
        _("登录邮箱已移除"),
        _("您的登录邮箱 %(deleted_email)s 已移除。如果不是您本人操作，请拨打 12345。"),
    ),
}


def letter(name: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Title and text. An unknown name fails loudly: it would otherwise be a letter nobody gets."""
    title, text = LETTERS[name]
    return str(title), f"{_SIGN}{str(text) % facts}"
