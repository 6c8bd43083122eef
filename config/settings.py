"""Settings of 政通: everything a place may choose comes from ZHENGTONG_* variables (docs/settings.md lists them)."""

import os
import socket
from pathlib import Path

from csp.constants import NONE, SELF

from config.logs import logging_config
from config.secret import text_key
from zhengtong.base import database


def _env(name: str, default: str = "") -> str:
    return os.environ.get(f"ZHENGTONG_{name}", default)


def _env_list(name: str) -> list[str]:
    return [part.strip() for part in _env(name).split(",") if part.strip()]


def _env_flag(name: str) -> bool:
    return _env(name).lower() in {"1", "true", "yes", "on"}


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(_env("DATA_DIR", "var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o750)
KEYS_DIR = DATA_DIR / "keys"
FILES_DIR = DATA_DIR / "files"
SEAL_DIR = DATA_DIR / "seal"
LOG_DIR = DATA_DIR / "log"

DEBUG = _env_flag("DEBUG")
SECRET_KEY = _env("SECRET_KEY") or text_key(KEYS_DIR, "secret_key")
# Identity numbers and phones are encrypted under it; it is not the secret key, which may be changed at any time.
PERSONAL_DATA_KEY = _env("PERSONAL_DATA_KEY") or text_key(KEYS_DIR, "personal_data_key")
# Salts of the journal's entries come from it; without it a salted hash could be guessed back to its few likely facts.
JOURNAL_SALT_KEY = _env("JOURNAL_SALT_KEY") or text_key(KEYS_DIR, "journal_salt_key")

# Pages say so on every screen when what they show is invented. `zhengtong run` leaves the mark beside the data.
ZHENGTONG_DEMO = (DATA_DIR / "demo-city").exists()

# The address people reach us at: it stands in the QR codes of papers and in messages.
PUBLIC_URL = _env("PUBLIC_URL", "http://localhost:8000").rstrip("/")

# The name of the sealed log. It is fixed by the log's first key; changed later, it no longer changes anything.
SEAL_ORIGIN = _env("SEAL_ORIGIN") or PUBLIC_URL.split("://")[-1] + "/log"
SEAL_TSA_URL = _env("SEAL_TSA_URL")  # where checkpoints are time-stamped (RFC 3161); nowhere without it

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower(), *_env_list("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = _env_list("TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "zhengtong.web.accounts",  # before allauth: its pages are drawn by our templates
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "zhengtong.base",
    "zhengtong.domains.registry",
    "zhengtong.domains.catalogue",
    "zhengtong.domains.applications",
    "zhengtong.domains.messaging",
    "zhengtong.domains.hall",
    "zhengtong.domains.appointments",
    "zhengtong.domains.devices",
    "zhengtong.domains.letters",
    "zhengtong.domains.knowledge",
    "zhengtong.domains.open311",
    "zhengtong.domains.cases",
    "zhengtong.domains.ratings",
    "zhengtong.domains.rectifications",
    "zhengtong.domains.supervision",
    "zhengtong.domains.orders",
    "zhengtong.domains.authenticity",
    "zhengtong.domains.statistics",
    "zhengtong.domains.insight",
    "zhengtong.domains.forecast",
    "zhengtong.domains.performance",
    "zhengtong.domains.bulletins",
    "zhengtong.exchange",
    "zhengtong.city",
    "zhengtong.web.frame",
    "zhengtong.web.portal",
    "zhengtong.web.desk",
    "zhengtong.web.watch",
    "zhengtong.web.devices",
]

MIDDLEWARE = [
    "config.logs.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.sessions.SlidingSession",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Looks at the stated size before anything below reads the body.
    "zhengtong.web.frame.middleware.RequestSize",
    "zhengtong.web.frame.middleware.RequestText",
    "zhengtong.web.frame.middleware.KeptPosts",
    "allauth.account.middleware.AccountMiddleware",
    "zhengtong.web.frame.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhengtong.web.frame.context.page",
                "zhengtong.web.desk.rail.rail",
            ],
        },
    },
]

DATABASES = {"default": database.entry(_env("DATABASE_URL"), data_dir=DATA_DIR)}
# Rate limits are counted here. One process keeps them in memory; several must share them, or each would allow all.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who is at the door -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "registry.Account"
# One backend: two would hash a wrong password twice.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
_SIX_DIGITS = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_ADAPTER = "zhengtong.web.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"  # officers: their staff number
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]  # one box takes either: zhengtong.web.accounts.forms
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # nobody signs up with a staff number: officers are appointed
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = _SIX_DIGITS
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = _SIX_DIGITS
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_CODE_FORMAT = _SIX_DIGITS
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out: many of them stand in halls
# A whole hall goes out through one address; what protects an account is counted by account.
ACCOUNT_RATE_LIMITS = {"verify_phone": "1/30s/key,30/m/ip", "change_phone": "5/m/user"}
ACCOUNT_FORMS = {
    "login": "zhengtong.web.accounts.forms.SignIn",
    "signup": "zhengtong.web.accounts.forms.SignUp",
    "add_email": "zhengtong.web.accounts.forms.ChangeEmail",
    "change_phone": "zhengtong.web.accounts.forms.ChangePhone",
    "change_password": "zhengtong.web.accounts.forms.ChangePassword",
    "reset_password": "zhengtong.web.accounts.forms.ResetPassword",
    "reset_password_from_key": "zhengtong.web.accounts.forms.NewPassword",
    "confirm_email_verification_code": "zhengtong.web.accounts.forms.ConfirmEmailCode",
    "confirm_password_reset_code": "zhengtong.web.accounts.forms.ConfirmResetCode",
    "verify_phone": "zhengtong.web.accounts.forms.ConfirmPhoneCode",
    "reauthenticate": "zhengtong.web.accounts.forms.Reauthenticate",
}
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_NAME = "zhengtong_session"
SESSION_COOKIE_AGE = 8 * 60 * 60  # one working day of an officer; config.sessions renews it while in use
SESSION_RENEW_AFTER = 10 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "zhengtong.web.frame.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "zhengtong_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "zhengtong" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- pages and files ----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

REQUEST_MAX_BYTES = 100 * 1024 * 1024  # a form with all its files
FILE_UPLOAD_HANDLERS = [
    "zhengtong.web.frame.uploads.MeasuredUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # repeated form blocks, and the catalogue editor
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- words --------------------------------------------------------------------------------------------------------
REFUSAL_SENTENCE = "zhengtong.web.frame.sentences.sentence"  # for the doors that are no pages

# --- headers ------------------------------------------------------------------------------------------------------
BEHIND_TLS = _env_flag("BEHIND_TLS")
if BEHIND_TLS:
    # Only said where a proxy ends TLS and sets this header itself: anyone could send it to a bare port.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # attempts are counted by the client's address, not by the proxy's
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"  # the desk shows a paper beside its form

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- mail ---------------------------------------------------------------------------------------------------------
EMAIL_HOST = _env("SMTP_HOST")
EMAIL_PORT = int(_env("SMTP_PORT", "25"))
EMAIL_HOST_USER = _env("SMTP_USER")
EMAIL_HOST_PASSWORD = _env("SMTP_PASSWORD")
EMAIL_USE_TLS = _env_flag("SMTP_TLS")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"  # without a mail server letters are kept as files, so that none is lost unseen
OUTBOX_MAIL = bool(EMAIL_HOST)
DEFAULT_FROM_EMAIL = _env("MAIL_FROM", "noreply@localhost")

# --- messages (docs/operations.md) ----------------------------------------------------------------------------------
# Addresses of providers, the preferred one first; none: what is sent is kept and shown in the house only.
SMS_PROVIDERS = _env("SMS_PROVIDERS").split()
MAIL_PROVIDERS = _env("MAIL_PROVIDERS").split()  # beside the server of SMTP_HOST, which goes first
WEBHOOK_NETWORKS = _env_list("WEBHOOK_NETWORKS")  # inner networks webhooks may reach; without them public ones only
WEBHOOKS = not _env_flag("NO_WEBHOOKS")
OPEN311_JURISDICTION = _env("OPEN311_JURISDICTION", "")  # asked for by this name, if at all; empty: any name will do
MESSAGES_TRIAL = _env_flag("MESSAGES_TRIAL")  # only the guest list receives

# --- log ----------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = None
logging_config(LOG_DIR, debug=DEBUG)
