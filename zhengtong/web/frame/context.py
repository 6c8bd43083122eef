"""What every page knows without asking its view: language, elder mode, who is signed in, the way back here."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from zhengtong.web.frame.dates import in_english

ELDER_COOKIE = "zhengtong_elder"
ACTING_ENTERPRISE = "acting_enterprise"
ACTING_ENTERPRISE_NAME = "acting_enterprise_name"

SCRIPTS = (
    "frame/live.js",
    "frame/keys.js",
    "frame/once.js",
    "frame/ask.js",
    "frame/autosave.js",
    "frame/upload.js",
    "frame/install.js",
)


class Page:
    """Lazy throughout, so that a page which shows no name asks for none."""

    scripts = SCRIPTS

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def english(self) -> bool:
        return in_english()

    @property
    def html_lang(self) -> str:
        return "en" if self.english else "zh-Hans"

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def elder(self) -> bool:
        return self.request.COOKIES.get(ELDER_COOKIE) == "on"

    @property
    def demo(self) -> bool:
        return bool(settings.ZHENGTONG_DEMO)

    @cached_property
    def here(self) -> str:
        """This page again, for the switches; a page that was posted to is come back to by its address."""
        return self.request.get_full_path()

    @cached_property
    def return_to(self) -> str:
        """Where sign-in leads back to; empty where coming back makes no sense."""
        path = self.request.path
        return "" if path == "/" or path.startswith("/accounts/") or self.request.method != "GET" else self.here

    @cached_property
    def _account(self):  # type: ignore[no-untyped-def]  # AUTH_USER_MODEL or None; the frame knows no domain
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def account_key(self) -> str:
        """Names the account to scripts without telling who it is: local copies of a draft are kept under it."""
        if self._account is None:
            return ""
        return salted_hmac("zhengtong.frame.account", str(self._account.pk), algorithm="sha256").hexdigest()[:16]

    @property
    def who(self) -> str:
        return str(self._account) if self._account is not None else ""

    @property
    def officer(self) -> bool:
        return self._account is not None and self._account.kind == "officer"

    @property
    def acting_enterprise(self) -> str:
        if self._account is None:
            return ""
        return str(self.request.session.get(ACTING_ENTERPRISE_NAME, ""))


def page(request: HttpRequest) -> dict[str, Page]:
    return {"page": Page(request)}
